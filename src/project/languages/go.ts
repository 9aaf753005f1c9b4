import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, systemCode, UserError } from '../../support/errors.ts';
import { hasGuideFiles, type Language } from './language.ts';

const MANIFEST = 'go.mod';
/** In the folder that git and the watcher ignore, under a name that says what may be deleted. */
const PROGRAM = join('.mirastack', 'dev', 'bin', process.platform === 'win32' ? 'agent.exe' : 'agent');
/** Go may fetch the version that go.mod asks for before it says which one that is. */
const VERSION_TIMEOUT_MS = 120_000;

interface Manifest {
  readonly modulePath: string | undefined;
  /** As in the `go` line, e.g. `1.25.0`. */
  readonly goVersion: string | undefined;
  readonly hasRequirements: boolean;
}

/** A module path stands bare or as a Go string. */
const unquote = (word: string) => word.replace(/^(["`])(.*)\1$/, '$2');

/** The directives of a go.mod, one word list each; those in a block carry the block's name. */
function readDirectives(text: string): string[][] {
  const directives: string[][] = [];
  let block: string | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const words = line
      .replace(/\/\/.*$/, '')
      .trim()
      .split(/\s+/);
    if (words[0] === '') continue;
    if (block !== undefined && words[0] === ')') block = undefined;
    else if (block !== undefined) directives.push([block, ...words]);
    else if (words.at(-1) === '(') block = words[0];
    else directives.push(words);
  }
  return directives;
}

function readManifest(directory: string): Manifest {
  const file = join(directory, MANIFEST);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'bad-manifest',
      message: `${file} cannot be read: ${messageOf(error)}.`,
      cause: error,
    });
  }
  const directives = readDirectives(text);
  const argumentOf = (name: string) => directives.find(([first]) => first === name)?.[1];
  const modulePath = argumentOf('module');
  return {
    modulePath: modulePath === undefined ? undefined : unquote(modulePath),
    goVersion: argumentOf('go'),
    hasRequirements: directives.some(([first]) => first === 'require'),
  };
}

/** The last element of a module path, without the major version that may stand behind it. */
function nameOf(modulePath: string): string | undefined {
  const elements = modulePath
    .replace(/\.v\d+$/, '')
    .split('/')
    .filter((element) => element !== '');
  if (elements.length > 1 && /^v\d+$/.test(elements.at(-1) ?? '')) elements.pop();
  return elements.at(-1);
}

/** Major and minor, which decide what compiles; a release is never older than its own candidates. */
function readVersion(text: string): readonly [major: number, minor: number] | undefined {
  const [, major, minor] = /^(?:go)?(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

function toolMissing(message: string, hint: string): UserError {
  return new UserError({ kind: 'tool-missing', code: 'tool-missing', message, hint });
}

/** Go picks, and where it may fetches, the toolchain that go.mod asks for: what counts is what it then says. */
function checkGoVersion(directory: string, wanted: string): void {
  const mend = `Install Go ${wanted} or newer from https://go.dev/dl.`;
  const { error, status, stdout, stderr } = spawnSync('go', ['env', 'GOVERSION'], {
    cwd: directory,
    encoding: 'utf8',
    timeout: VERSION_TIMEOUT_MS,
  });
  if (systemCode(error) === 'ENOENT') throw toolMissing('The program go is not on the PATH.', mend);
  if (error !== undefined) throw toolMissing(`Go cannot be used in ${directory}: ${messageOf(error)}.`, mend);
  const said = stderr.trim().split('\n', 1)[0] ?? '';
  if (status !== 0)
    throw toolMissing(`Go cannot be used in ${directory}: ${said || `exit ${status}`}.`, mend);
  const found = readVersion(stdout);
  const needed = readVersion(wanted);
  if (found === undefined || needed === undefined) return;
  if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1]))
    throw toolMissing(`${stdout.trim()} is installed, ${directory} needs Go ${wanted}.`, mend);
}

const hasSums = (directory: string) =>
  ['go.sum', 'go.work.sum', join('vendor', 'modules.txt')].some((name) => existsSync(join(directory, name)));

/** The guide puts the program at the root; some put it into `src`. */
const mainPackage = (directory: string) =>
  !existsSync(join(directory, 'main.go')) && existsSync(join(directory, 'src', 'main.go')) ? './src' : '.';

/** Go agents: one program, built into the project's own folder. */
export const go: Language = {
  id: 'go',
  label: 'Go',
  hasManifest: (directory) => existsSync(join(directory, MANIFEST)),
  hasLayout: (directory) => existsSync(join(directory, MANIFEST)) && hasGuideFiles(directory, 'go'),
  readName(directory) {
    const { modulePath } = readManifest(directory);
    return modulePath === undefined ? undefined : nameOf(modulePath);
  },
  checkTools(directory) {
    const { goVersion, hasRequirements } = readManifest(directory);
    checkGoVersion(directory, goVersion ?? '1.25');
    if (hasRequirements && !hasSums(directory))
      throw new UserError({
        kind: 'tool-missing',
        code: 'dependencies-missing',
        message: `The dependencies are not resolved in ${directory}: it has no go.sum.`,
        hint: 'Run `go mod tidy` there.',
      });
  },
  // Linking takes most of the time: without debug information it is a third shorter. Panics keep their traces.
  buildArgv: (directory) => [
    'go',
    'build',
    '-ldflags=-s -w',
    '-buildvcs=false',
    '-o',
    PROGRAM,
    mainPackage(directory),
  ],
  // Agents that need cgo are built with CGO_ENABLED=1 in the developer's environment, which comes first.
  buildEnv: { CGO_ENABLED: '0' },
  runArgv: (directory) => [join(directory, PROGRAM)],
  ignoredNames: ['vendor', '*_test.go', 'testdata', 'bin/*'],
};
