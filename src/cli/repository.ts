import { existsSync } from 'node:fs';
import path from 'node:path';
import { createLauncher } from '../launch/index.ts';
import { throwIfCancelled } from '../support/cancelled.ts';
import { messageOf } from '../support/errors.ts';
import { withAbsolutePath } from './project-install.ts';

/** What became of the repository of a new project. */
export type RepositoryOutcome =
  | { readonly type: 'made' }
  /** The project lies in one already. */
  | { readonly type: 'existing'; readonly directory: string }
  | { readonly type: 'failed'; readonly reason: string };

/** What marks the root of a repository of Git, Mercurial, Jujutsu and Sapling. */
const MARKS = ['.git', '.hg', '.jj', '.sl'];
const TIMEOUT_MS = 10_000;

/** The nearest folder at or above this one that is the root of a repository. */
export function findRepository(directory: string): string | undefined {
  let folder = path.resolve(directory);
  for (;;) {
    if (MARKS.some((mark) => existsSync(path.join(folder, mark)))) return folder;
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Git's own variables point to another repository, as in a hook that starts us. */
function withoutGitVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isPointer = (name: string) =>
    /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE)$/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isPointer(name)));
}

/**
 * Makes the project's folder a Git repository unless it lies in one. Nothing is committed, so neither an
 * identity nor a signature nor a hook is asked for; whatever goes wrong is told, not thrown.
 * @throws the reason of `signal` only
 */
export async function initRepository(
  directory: string,
  signal: AbortSignal | undefined,
): Promise<RepositoryOutcome> {
  const existing = findRepository(directory);
  if (existing !== undefined) return { type: 'existing', directory: existing };
  const launcher = await createLauncher();
  try {
    const { exitCode, stderr } = await launcher.runTool({
      argv: ['git', 'init', '--quiet'],
      cwd: directory,
      env: withoutGitVariables(withAbsolutePath(process.env, directory)),
      timeoutMs: TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    if (exitCode === 0) return { type: 'made' };
    return { type: 'failed', reason: stderr.trim().split('\n').at(-1) || `git init ended with ${exitCode}` };
  } catch (error) {
    throwIfCancelled(signal);
    return { type: 'failed', reason: messageOf(error) };
  } finally {
    await launcher.close();
  }
}
