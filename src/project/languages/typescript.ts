import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../support/errors.ts';
import { type Argv, hasGuideFiles, type Language, selfAndAncestors } from './language.ts';

const MANIFEST = 'package.json';

interface Manifest {
  readonly name: string | undefined;
  readonly buildScript: string | undefined;
  readonly hasDependencies: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readManifest(directory: string): Manifest {
  const file = join(directory, MANIFEST);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'bad-manifest',
      message: `${file} cannot be read: ${messageOf(error)}.`,
      cause: error,
    });
  }
  const manifest = isRecord(parsed) ? parsed : {};
  const scripts = isRecord(manifest.scripts) ? manifest.scripts : {};
  const count = (field: unknown) => (isRecord(field) ? Object.keys(field).length : 0);
  return {
    name: typeof manifest.name === 'string' ? manifest.name : undefined,
    buildScript: typeof scripts.build === 'string' ? scripts.build.trim() : undefined,
    hasDependencies: count(manifest.dependencies) + count(manifest.devDependencies) > 0,
  };
}

/** The path of a tool that npm installed for this project or for a workspace around it. */
function findLocalTool(directory: string, name: string): string | undefined {
  return selfAndAncestors(directory)
    .map((folder) => join(folder, 'node_modules', '.bin', name))
    .find((path) => existsSync(path));
}

function missingDependencies(directory: string, what: string): UserError {
  return new UserError({
    kind: 'tool-missing',
    code: 'dependencies-missing',
    message: `${what} in ${directory}.`,
    hint: 'Run `npm install` there.',
  });
}

/** A script that is one command with plain words, which needs neither a shell nor npm to mean the same. */
const PLAIN_COMMAND = /^[\w@./:=,+-]+( +[\w@./:=,+-]+)*$/;
const DEFAULT_BUILD = 'rolldown -c';

/**
 * The project's own `build` script decides, so that `npm run build` and `dev` never build two different
 * things. When it is one plain command it is started directly: npm alone costs more than the bundler does.
 */
function buildArgv(directory: string): Argv {
  const script = readManifest(directory).buildScript ?? DEFAULT_BUILD;
  const [tool = '', ...args] = PLAIN_COMMAND.test(script) ? script.split(/ +/) : [];
  if (tool === 'node') return [process.execPath, ...args];
  const path = tool === '' || tool.includes('=') ? undefined : findLocalTool(directory, tool);
  if (path !== undefined) return [path, ...args];
  if (script === DEFAULT_BUILD) throw missingDependencies(directory, 'rolldown is not installed');
  return ['npm', 'run', '--silent', 'build'];
}

/** TypeScript agents on Node: built by the script of their package.json, run from `dist/main.js`. */
export const typescript: Language = {
  id: 'typescript',
  label: 'TypeScript',
  hasManifest: (directory) => existsSync(join(directory, MANIFEST)),
  hasLayout: (directory) => existsSync(join(directory, MANIFEST)) && hasGuideFiles(directory, 'ts'),
  // The scope says who publishes a package, not what it is.
  readName: (directory) => readManifest(directory).name?.replace(/^@[^/]*\//, '') || undefined,
  checkTools(directory) {
    const installed = selfAndAncestors(directory).some((folder) => existsSync(join(folder, 'node_modules')));
    if (!installed && readManifest(directory).hasDependencies)
      throw missingDependencies(directory, 'The dependencies are not installed');
    buildArgv(directory);
  },
  buildArgv,
  runArgv: () => [process.execPath, '--enable-source-maps', join('dist', 'main.js')],
  ignoredNames: ['node_modules', 'dist', 'coverage', '*.tsbuildinfo'],
};
