import path from 'node:path';
import { createLauncher } from '../launch/index.ts';
import type { Argv } from '../scaffold/index.ts';

/** Of what a failed tool said, this many lines are shown. */
const SHOWN_LINES = 5;

/**
 * The environment without places on PATH that depend on the folder a tool is started in: a file of the
 * project must not pass for a tool (faults.md, threat 20).
 */
export function withAbsolutePath(env: NodeJS.ProcessEnv, directory: string): NodeJS.ProcessEnv {
  const isOutside = (entry: string) =>
    path.isAbsolute(entry) &&
    !`${path.resolve(entry)}${path.sep}`.startsWith(`${path.resolve(directory)}${path.sep}`);
  // Windows spells the name as it likes.
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const entries = (env[name] ?? '').split(path.delimiter).filter(isOutside);
  return { ...env, [name]: entries.join(path.delimiter) };
}

/**
 * Installs a project's dependencies with the user's own tools, one step after the other; nothing they start
 * outlives us.
 * @param steps programs with their arguments, run in the project's folder
 * @throws UserError `tool-missing`; Error with the last lines the failing tool said
 */
export async function installProject(
  directory: string,
  steps: readonly Argv[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const launcher = await createLauncher();
  try {
    for (const argv of steps) {
      const result = await launcher.runTool({
        argv,
        cwd: directory,
        env: withAbsolutePath(process.env, directory),
        ...(signal === undefined ? {} : { signal }),
      });
      if (result.exitCode === 0) continue;
      const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-SHOWN_LINES).join('\n');
      const words = argv.filter((word) => !word.startsWith('--no-')).join(' ');
      throw new Error(`${words} ended with ${result.exitCode}:\n${said}`);
    }
  } finally {
    await launcher.close();
  }
}
