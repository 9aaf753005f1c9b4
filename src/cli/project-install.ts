import path from 'node:path';
import { createLauncher, type Launcher } from '../launch/index.ts';
import { type Argv, OLDEST_PYTHON, PYTHON_CHECK, PYTHONS } from '../scaffold/index.ts';
import { UserError } from '../support/errors.ts';

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

type RunStep = (argv: Argv) => ReturnType<Launcher['runTool']>;

/**
 * The first Python on PATH that agents run on.
 * @throws UserError `python-missing` (tool-missing)
 */
async function findPython(run: RunStep): Promise<string> {
  for (const python of PYTHONS) {
    const isFitting = await run([python, '-c', PYTHON_CHECK]).then(
      ({ exitCode }) => exitCode === 0,
      (error: unknown) => {
        if (error instanceof UserError && error.kind === 'tool-missing') return false;
        throw error;
      },
    );
    if (isFitting) return python;
  }
  throw new UserError({
    kind: 'tool-missing',
    code: 'python-missing',
    message: `Python ${OLDEST_PYTHON} or newer is needed, and neither ${PYTHONS.join(' nor ')} is one.`,
    hint: `Install Python ${OLDEST_PYTHON} or newer.`,
  });
}

/**
 * Installs a project's dependencies with the user's own tools, one step after the other; nothing they start
 * outlives us. A step of Python is run by the first one that is new enough.
 * @param steps programs with their arguments, run in the project's folder
 * @throws UserError `tool-missing`, `python-missing`; Error with the last lines the failing tool said
 */
export async function installProject(
  directory: string,
  steps: readonly Argv[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const launcher = await createLauncher();
  const run: RunStep = (argv) =>
    launcher.runTool({
      argv,
      cwd: directory,
      env: withAbsolutePath(process.env, directory),
      ...(signal === undefined ? {} : { signal }),
    });
  try {
    for (const [program, ...args] of steps) {
      const argv: Argv = [program === PYTHONS[0] ? await findPython(run) : program, ...args];
      const result = await run(argv);
      if (result.exitCode === 0) continue;
      const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-SHOWN_LINES).join('\n');
      const words = argv.filter((word) => !word.startsWith('--no-')).join(' ');
      throw new Error(`${words} ended with ${result.exitCode}:\n${said}`);
    }
  } finally {
    await launcher.close();
  }
}
