import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { messageOf, UserError } from '../../support/errors.ts';
import { type Argv, hasGuideFiles, type Language } from './language.ts';

const MANIFEST = 'pyproject.toml';
/** Where a virtual environment has its interpreter. */
const INTERPRETER = process.platform === 'win32' ? join('Scripts', 'python.exe') : join('bin', 'python');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name in the manifest: the standard's place, else the one of projects that Poetry manages. */
function readName(directory: string): string | undefined {
  const file = join(directory, MANIFEST);
  let manifest: Record<string, unknown>;
  try {
    manifest = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'bad-manifest',
      // What the parser says goes on with an excerpt of the file.
      message: `${file} cannot be read: ${messageOf(error).split('\n', 1)[0]}.`,
      cause: error,
    });
  }
  const tool = isRecord(manifest.tool) ? manifest.tool : {};
  const names = [manifest.project, tool.poetry].map((table) => (isRecord(table) ? table.name : undefined));
  return names.find((name): name is string => typeof name === 'string' && name !== '');
}

/** The interpreter of the project's own environment, else of the one that this shell has activated. */
function findInterpreter(directory: string): string | undefined {
  const activated = process.env.VIRTUAL_ENV;
  const environments = [
    ...['.venv', 'venv'].map((name) => join(directory, name)),
    ...(activated ? [activated] : []),
  ];
  return environments.map((folder) => join(folder, INTERPRETER)).find((path) => existsSync(path));
}

/** The command that makes the environment, as this project does it. */
function installCommand(directory: string): string {
  const has = (name: string) => existsSync(join(directory, name));
  if (has('Makefile') && /^install:/m.test(readFileSync(join(directory, 'Makefile'), 'utf8')))
    return 'make install';
  if (has('uv.lock')) return 'uv sync';
  return `python3 -m venv .venv && ${join('.venv', INTERPRETER)} -m pip install --editable .`;
}

function requireInterpreter(directory: string): string {
  const interpreter = findInterpreter(directory);
  if (interpreter !== undefined) return interpreter;
  throw new UserError({
    kind: 'tool-missing',
    code: 'dependencies-missing',
    message: `There is no virtual environment in ${directory}: it has neither .venv nor venv, and none is activated.`,
    hint: `Run \`${installCommand(directory)}\` there.`,
  });
}

/**
 * Files that the agent does not run: what is installed, what a tool keeps in a hidden folder, and tests, whose
 * change means nothing to the agent. Python searches this in the path below the project, as `./plugin.py`.
 */
const NOT_COMPILED = String.raw`(^|[/\\])((\.[^/\\.][^/\\]*|venv|node_modules)[/\\]|(test_[^/\\]*|conftest)\.py$)`;

/** Compiles every source, so that a save that cannot be one leaves the agent running that works. */
const buildArgv = (directory: string): Argv => [
  requireInterpreter(directory),
  '-m',
  'compileall',
  '-q',
  '-x',
  NOT_COMPILED,
  '.',
];

function runArgv(directory: string): Argv {
  const main = existsSync(join(directory, 'main.py')) ? 'main.py' : join('src', 'main.py');
  // Unbuffered: what the agent prints would else be seen only when it ends.
  return [requireInterpreter(directory), '-u', main];
}

/** Python agents: checked and run from their source by the interpreter of their virtual environment. */
export const python: Language = {
  id: 'python',
  label: 'Python',
  hasManifest: (directory) => existsSync(join(directory, MANIFEST)),
  hasLayout: (directory) => existsSync(join(directory, MANIFEST)) && hasGuideFiles(directory, 'py'),
  readName,
  checkTools: (directory) => void requireInterpreter(directory),
  buildArgv,
  runArgv,
  ignoredNames: [
    '.venv',
    'venv',
    '__pycache__',
    '*.pyc',
    '*.egg-info',
    '.mypy_cache',
    '.pytest_cache',
    '.ruff_cache',
    'test_*.py',
    'conftest.py',
  ],
};
