import type { PackageManager } from './choices.ts';
import type { Answers } from './question.ts';

/** How a project is worked with, as people type it. None of them takes a package of another's by our name. */
export interface ProjectCommands {
  readonly install: string;
  readonly dev: string;
  readonly test: string;
  readonly check: string;
  /** Our program from the project's own dependencies; for Go and Python, whose make targets fetch it, `make`. */
  readonly localToolkit: string;
  /** What stands before the name of one of the project's scripts. */
  readonly runScript: string;
}

/** One program to run, without a shell; the first word is the program. */
export type Argv = readonly [program: string, ...args: string[]];

function scripts(install: string, runScript: string, localToolkit: string): ProjectCommands {
  const script = (name: string) => `${runScript} ${name}`;
  return {
    install,
    dev: script('dev'),
    test: script('test'),
    check: script('check'),
    localToolkit,
    runScript,
  };
}

const makeTargets = (install: string): ProjectCommands => scripts(install, 'make', 'make');

const COMMANDS: Readonly<Record<PackageManager, ProjectCommands>> = {
  npm: { ...scripts('npm install', 'npm run', 'npx --no-install mirastack-agent'), test: 'npm test' },
  pnpm: scripts('pnpm install', 'pnpm run', 'pnpm exec mirastack-agent'),
  yarn: scripts('yarn install', 'yarn run', 'yarn run mirastack-agent'),
  bun: scripts('bun install', 'bun run', 'bunx --no-install mirastack-agent'),
  go: makeTargets('go mod tidy'),
  uv: makeTargets('uv sync --extra dev'),
  pip: makeTargets('make install'),
};

/** Every command that is printed after `create` or stands in a generated README. */
export function commandsOf({ packageManager }: Pick<Answers, 'packageManager'>): ProjectCommands {
  return COMMANDS[packageManager];
}

/** A virtual environment's Python, relative to the project. */
const VENV_PYTHON = process.platform === 'win32' ? '.venv\\Scripts\\python.exe' : '.venv/bin/python';

/** Where a Python may be that is new enough; the first one that is, makes the virtual environment. */
export const PYTHONS: readonly [string, ...string[]] = ['python3', 'python3.14', 'python3.13', 'python3.12'];
/** What a Python runs to say by its exit code whether it is new enough. */
export const PYTHON_CHECK = 'import sys; sys.exit(sys.version_info < (3, 12))';
/** The oldest Python that agents run on. */
export const OLDEST_PYTHON = '3.12';

const INSTALL_STEPS: Readonly<Record<PackageManager, readonly Argv[]>> = {
  npm: [['npm', 'install', '--no-fund', '--no-audit']],
  pnpm: [['pnpm', 'install']],
  yarn: [['yarn', 'install']],
  bun: [['bun', 'install']],
  go: [['go', 'mod', 'tidy']],
  uv: [['uv', 'sync', '--extra', 'dev']],
  pip: [
    [PYTHONS[0], '-m', 'venv', '.venv'],
    [VENV_PYTHON, '-m', 'pip', 'install', '--quiet', '--editable', '.[dev]'],
  ],
};

/** What `create` runs in the project's folder to install its dependencies, in order. */
export function installSteps({ packageManager }: Pick<Answers, 'packageManager'>): readonly Argv[] {
  return INSTALL_STEPS[packageManager];
}

/** The package managers that a person likely uses: the one that started us, and those that are installed. */
export function likelyPackageManagers(
  userAgent: string | undefined,
  isInstalled: (program: string) => boolean,
): PackageManager[] {
  const name = userAgent?.split('/', 1)[0];
  const starter = (['npm', 'pnpm', 'yarn', 'bun'] as const).filter((manager) => manager === name);
  return [...starter, ...(isInstalled('uv') ? (['uv'] as const) : [])];
}
