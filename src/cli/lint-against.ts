import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLauncher, type Launcher } from '../launch/index.ts';
import type { Comparison } from '../lint/index.ts';
import { findProject, type Project } from '../project/index.ts';
import { UserError } from '../support/errors.ts';
import { askProject, type LiveOptions } from './lint-live.ts';

/** What a checkout lacks and its build needs: taken from the project as it is. */
const DEPENDENCIES = ['node_modules', '.venv', 'venv', 'vendor'];
const GIT_TIMEOUT_MS = 60_000;

async function git(
  launcher: Launcher,
  cwd: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const result = await launcher.runTool({
    argv: ['git', ...args],
    cwd,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    timeoutMs: GIT_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.exitCode === 0) return result.stdout.trim();
  throw new UserError({
    kind: 'usage',
    code: 'git-failed',
    message: `git ${args[0]} failed: ${result.stderr.trim().split('\n').at(-1) ?? ''}.`,
    hint: 'Name a branch, a tag or a commit of the repository that the project lies in.',
  });
}

async function linkDependencies(from: Project, to: string): Promise<void> {
  for (const name of DEPENDENCIES) {
    const source = path.join(from.directory, name);
    const target = path.join(to, name);
    if (existsSync(source) && !existsSync(target)) await symlink(source, target, 'dir');
  }
}

/**
 * Builds the project as it was at a revision in a temporary worktree, asks it who it was, and takes the worktree away.
 * @throws UserError `git-failed`, `bad-ref` (usage)
 */
export async function askRevision(
  ref: string,
  { project, ...options }: Omit<LiveOptions, 'testsHealth'>,
  allowsWider: boolean,
): Promise<Comparison> {
  if (ref.startsWith('-'))
    throw new UserError({ kind: 'usage', code: 'bad-ref', message: `${ref} is no revision of git.` });
  const launcher = await createLauncher();
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'mirastack-lint-'));
  const worktree = path.join(folder, 'worktree');
  let isAdded = false;
  try {
    const prefix = await git(launcher, project.directory, ['rev-parse', '--show-prefix'], options.signal);
    await git(
      launcher,
      project.directory,
      ['worktree', 'add', '--detach', '--quiet', worktree, ref],
      options.signal,
    );
    isAdded = true;
    const directory = path.join(worktree, prefix);
    await linkDependencies(project, directory);
    const live = await askProject({ ...options, project: findProject(directory), testsHealth: false });
    if (live.info !== undefined) return { ref, info: live.info, allowsWider };
    return { ref, reason: live.startFailure?.message ?? 'it gave no answer', allowsWider };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!isAdded || !(error instanceof UserError)) throw error;
    return { ref, reason: error.message, allowsWider };
  } finally {
    if (isAdded) await git(launcher, project.directory, ['worktree', 'remove', '--force', worktree]);
    await rm(folder, { recursive: true, force: true });
    await launcher.close();
  }
}
