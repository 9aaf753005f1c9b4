import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type SharedPackage, sharePackage } from '../support/package.ts';
import {
  type PackageManifest,
  prepareRegistry,
  type Registry,
  type RegistryProgram,
  startRegistry,
} from '../support/registry.ts';
import { createWorkplace, type Outcome, type Workplace } from '../support/workplace.ts';

const verdaccio = prepareRegistry();
const suite = describe.skipIf(verdaccio === undefined || process.platform === 'win32');

/** Not ours, and never to be: what somebody else may publish under the name of our program, and near it. */
const STRANGERS = [
  'mirastack-agent',
  'mirastack-agents',
  'mirastack',
  'create-mirastack',
  'create-mirastack-agents',
  'mirastack-plugin-my-agent',
];

/** Programs that the packages of a TypeScript project bring; here they do nothing. */
const FOREIGN_PROGRAMS: Readonly<Record<string, string>> = {
  typescript: 'tsc',
  rolldown: 'rolldown',
  '@biomejs/biome': 'biome',
  '@grpc/proto-loader': 'proto-loader-gen-types',
};

/** Commands of other people that projects use; what they would do is not looked at here. */
const FOREIGN_TOOLS = ['go', 'gofmt', 'python3', 'pip', 'uv', 'docker'];

/** A tool that does nothing, but starts the toolkit as the tests of a project do when they are told how. */
const STUB = `#!/bin/sh
if [ -n "$MIRASTACK_TOOLKIT" ]; then sh -c "$MIRASTACK_TOOLKIT --version"; fi
`;

/** Notes every Node program that is started: its process and its script. */
const RECORDER = `
const { appendFileSync, realpathSync } = require('node:fs');
try {
  const script = realpathSync(process.argv[1]);
  appendFileSync(process.env.RUNS_FILE, JSON.stringify({ pid: process.pid, script }) + '\\n');
} catch {}
`;

interface Run {
  readonly pid: number;
  readonly script: string;
}

/** A registry that holds our package beside those of strangers, and an environment that knows no other. */
interface Trap {
  readonly registry: Registry;
  /** Written by any program of a stranger. */
  readonly stolen: () => string;
  /** The Node programs started so far, oldest first. */
  readonly runs: () => readonly Run[];
  /** With an npm cache of its own, which is empty. */
  makeEnv(): Record<string, string>;
}

let work: Workplace;
let shared: SharedPackage;
const registries: Registry[] = [];

beforeAll(async () => {
  work = createWorkplace();
  shared = await sharePackage();
}, 180_000);
afterAll(async () => {
  await Promise.all(registries.map((registry) => registry.stop()));
  await work?.close();
});

const readManifest = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;

function writeProgram(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

async function setTrap(): Promise<Trap> {
  const registry = await startRegistry(verdaccio as RegistryProgram);
  registries.push(registry);
  const folder = work.makeFolder();
  const [marker, runsFile] = [join(folder, 'stolen'), join(folder, 'runs')];
  const [recorder, tools] = [join(folder, 'recorder.cjs'), join(folder, 'tools')];
  writeFileSync(marker, '');
  writeFileSync(runsFile, '');
  writeFileSync(recorder, RECORDER);
  for (const tool of FOREIGN_TOOLS) writeProgram(join(tools, tool), STUB);
  await registry.publishTarball(shared.tarball);
  for (const name of STRANGERS) {
    const text = `#!/usr/bin/env node\nrequire('node:fs').appendFileSync(${JSON.stringify(marker)}, ${JSON.stringify(`${name}\n`)});\n`;
    const scripts = Object.fromEntries(
      ['preinstall', 'install', 'postinstall'].map((step) => [step, 'node run.js']),
    );
    const bin = Object.fromEntries(
      ['mirastack-agent', 'create-mirastack-agent', name].map((program) => [program, 'run.js']),
    );
    await registry.publish(
      { name, version: '99.0.0', scripts, bin },
      { 'run.js': { text, executable: true } },
    );
  }
  let caches = 0;
  return {
    registry,
    stolen: () => readFileSync(marker, 'utf8'),
    runs: () =>
      readFileSync(runsFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Run),
    makeEnv: () => ({
      PATH: [tools, process.env.PATH].join(delimiter),
      HOME: folder,
      npm_config_registry: registry.url,
      npm_config_cache: join(folder, `cache-${caches++}`),
      npm_config_userconfig: join(folder, 'no-npmrc'),
      npm_config_update_notifier: 'false',
      // A stranger's package may do what it likes, so that a theft is seen.
      npm_config_ignore_scripts: 'false',
      NODE_OPTIONS: `--require ${recorder}`,
      RUNS_FILE: runsFile,
    }),
  };
}

const OUR_PROGRAM = /\/create-mirastack-agent\/bin\/(create-)?mirastack-agent\.js$/;

/** Runs a line as a person types it. `dev` goes on for ever, and is ended as soon as it is ours that has started. */
async function type(line: string, cwd: string, trap: Trap, env: Record<string, string>): Promise<Outcome> {
  const before = trap.runs().length;
  const child = work.spawn('sh', ['-c', line], { cwd, env });
  child.process.stdin?.end();
  const ours = () =>
    trap
      .runs()
      .slice(before)
      .find(({ script }) => OUR_PROGRAM.test(script));
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  if (line.endsWith(' dev')) {
    await expect.poll(() => ended || ours() !== undefined, { timeout: 60_000 }).toBe(true);
    const run = ours();
    if (run !== undefined && !ended) process.kill(run.pid, 'SIGINT');
  }
  const code = await child.exited;
  return { code, stdout: child.stdout.join('\n'), stderr: child.stderr.join('\n') };
}

/** Lines of a document's shell blocks, and commands in the middle of its sentences. */
function documentCommands(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap((match) => (match[1] ?? '').split('\n'));
  const prose = text.replace(/^```.*?^```$/gms, '');
  const inline = [...prose.matchAll(/`((?:make|npm|npx --\S+) [^`\n]+)`/g)].map((match) => match[1] ?? '');
  return [...blocks, ...inline].filter((line) => line.trim() !== '');
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

/** Every command that stands in a project, once, without the comment after it. */
function generatedCommands(folder: string): string[] {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const scripts = existsSync(join(folder, 'package.json'))
    ? Object.keys(readManifest(folder).scripts as object).map((name) => `npm run ${name}`)
    : [];
  const targets = existsSync(join(folder, 'Makefile'))
    ? [...read('Makefile').matchAll(/^([a-z]+):/gm)].map((match) => `make ${match[1]}`)
    : [];
  const { jobs } = parse(read('.github/workflows/ci.yml')) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps.flatMap(({ run = '' }) => run.split('\n')));
  const documents = ['README.md', 'AGENTS.md'].flatMap((file) => documentCommands(read(file)));
  const all = [...scripts, ...targets, ...steps, ...documents].map((line) => line.replace(/\s+#.*$/, ''));
  return [...new Set(all.filter((line) => line !== ''))];
}

/** Does this line start our program? Everything else of a project is done by tools of other people. */
const isOurs = (line: string) =>
  /\b(dev|lint|integration)\b/.test(line) || /(^|\s)mirastack-agent\b/.test(line);

const PROJECTS = [
  ['typescript', 'npm'],
  ['go', 'go'],
  ['python', 'pip'],
] as const;
/** Fewer of ours would mean that commands are not found any more. */
const MIN_OURS = 6;

suite('in a registry where a stranger has the name of our program (needs Verdaccio)', () => {
  let trap: Trap;
  beforeAll(async () => {
    trap = await setTrap();
  }, 60_000);

  /** Makes a project from the registry, as our README says. */
  async function createFrom(name: string, flags: string, env: Record<string, string>): Promise<string[]> {
    const parent = work.makeFolder();
    const line = `npx --yes create-mirastack-agent ${name} --yes --no-git --no-install --json ${flags}`;
    const { code, stdout, stderr } = await type(line, parent, trap, env);
    expect(code, stderr).toBe(0);
    return [parent, ...(JSON.parse(stdout) as { next: string[] }).next];
  }

  /** Publishes what a TypeScript project installs beside our package: names and versions, and programs that do nothing. */
  async function publishDependencies(folder: string): Promise<void> {
    const { dependencies, devDependencies } = readManifest(folder) as unknown as Record<
      string,
      Record<string, string>
    >;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (name === 'create-mirastack-agent') continue;
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
      const program = FOREIGN_PROGRAMS[name];
      const bin = program === undefined ? {} : { bin: { [program]: 'run.js' } };
      await trap.registry.publish(
        { name, version, ...bin },
        { 'run.js': { text: '#!/usr/bin/env node\n', executable: true } },
      );
    }
  }

  test.each(PROJECTS)(
    '%s: every printed and generated command is ours or asks no registry',
    async (language, manager) => {
      const env = trap.makeEnv();
      const flags = `--language ${language} --package-manager ${manager}`;
      const [parent = '', ...next] = await createFrom('my-agent', flags, env);
      const folder = join(parent, 'my-agent');
      if (language === 'typescript') await publishDependencies(folder);
      if (language === 'python') writeProgram(join(folder, '.venv/bin/python'), STUB);
      if (language === 'go') writeFileSync(join(folder, 'go.sum'), '');
      const printed = next.join('\n');
      expect(printed).toMatch(/^cd my-agent && .+\n(npm run|make) dev$/);
      const commands = generatedCommands(folder);
      expect(commands.filter(isOurs).length).toBeGreaterThanOrEqual(MIN_OURS);
      const places = [[printed, parent] as const, ...commands.map((line) => [line, folder] as const)];
      for (const [line, cwd] of places) {
        const before = trap.runs().length;
        const { stderr } = await type(line, cwd, trap, env);
        expect([line, hasRun(before)], stderr).toEqual([line, isOurs(line)]);
        expect([line, trap.stolen()]).toEqual([line, '']);
      }
      await expectNothingOfStrangers();
    },
    240_000,
  );

  /** Whether a program of ours was started after so many. */
  const hasRun = (before: number) =>
    trap
      .runs()
      .slice(before)
      .some(({ script }) => OUR_PROGRAM.test(script));

  /** Neither their tarballs nor what they are was asked for, and nothing of theirs ran. */
  async function expectNothingOfStrangers(): Promise<void> {
    const asked = (await trap.registry.requests()).map(({ path }) => decodeURIComponent(path).split('/')[1]);
    expect(asked).toContain('create-mirastack-agent');
    expect(asked.filter((name) => STRANGERS.includes(name ?? ''))).toEqual([]);
    expect(trap.runs().filter(({ script }) => /node_modules\/mirastack/.test(script))).toEqual([]);
    expect(trap.stolen()).toBe('');
  }

  test('where ours is not installed, a TypeScript project’s commands fail and fetch nothing', async () => {
    const env = trap.makeEnv();
    const [parent = ''] = await createFrom('my-agent', '--language typescript', env);
    const folder = join(parent, 'my-agent');
    const lines = generatedCommands(folder).filter(isOurs);
    expect(lines.filter((line) => line.startsWith('npx --no-install '))).not.toEqual([]);
    const before = await trap.registry.requestedTarballs();
    for (const line of lines) {
      const started = trap.runs().length;
      const { code } = await type(line, folder, trap, env);
      expect([line, code]).not.toEqual([line, 0]);
      const ran = trap.runs().slice(started);
      expect(ran.filter(({ script }) => /mirastack-agent/.test(script))).toEqual([]);
    }
    expect(await trap.registry.requestedTarballs()).toEqual(before);
    expect(trap.stolen()).toBe('');
  }, 120_000);

  test('in a folder with nothing, the commands of Go and Python projects take ours', async () => {
    const env = trap.makeEnv();
    const [parent = ''] = await createFrom('my-agent', '--language go', env);
    const lines = generatedCommands(join(parent, 'my-agent')).filter((line) => line.startsWith('npx '));
    expect(lines.length).toBeGreaterThan(2);
    const empty = work.makeFolder();
    for (const line of lines) {
      const started = trap.runs().length;
      const { code } = await type(line, empty, trap, trap.makeEnv());
      // No engine runs for this folder: our program says so.
      expect([line, code, hasRun(started)]).toEqual([line, 3, true]);
    }
    expect(readdirSync(empty)).toEqual([]);
    expect(await trap.registry.requestedTarballs()).not.toContain('mirastack-agent-99.0.0.tgz');
    expect(trap.stolen()).toBe('');
  }, 120_000);

  test('the trap works: without the name of our package, npx runs the stranger’s', async () => {
    const other = await setTrap();
    await type('npx --yes mirastack-agent list', work.makeFolder(), other, other.makeEnv());
    expect(await other.registry.requestedTarballs()).toEqual(['mirastack-agent-99.0.0.tgz']);
    expect(other.stolen()).toContain('mirastack-agent\n');
  }, 60_000);
});
