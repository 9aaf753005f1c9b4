import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngineProgram } from '../support/dev-engine.ts';
import { readLoading, recordLoading } from '../support/loaded-scripts.ts';
import { binsOf, type SharedPackage, sharePackage } from '../support/package.ts';
import { callRaw } from '../support/raw-grpc.ts';
import { ROOT } from '../support/tools.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

/** Everything that may be in the tarball. */
const ALLOWED = [
  /^dist\/cli\/grammars\/tree-sitter(-(go|python|tsx|typescript))?\.wasm$/,
  /^(LICENSE|README\.md|package\.json)$/,
  /^bin\/((create-mirastack-agent|mirastack-agent)\.js|package\.json)$/,
  /^dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^dist\/cli\/(create\.cjs|toolkit\.js)$/,
  /^dist\/cli\/create\/[\w.-]+\.cjs$/,
  /^dist\/(cli|runtime)\/chunks\/[\w-]+\.js$/,
  /^dist\/(contract|gotemplate|runtime|support|wire)\/([a-z]+\/)*[a-z-]+\.(js|d\.ts)$/,
  /^proto\/(mirastack\/plugin|grpc\/health|grpc\/reflection)\/v1(alpha)?\/[a-z]+\.proto$/,
];
/** What must be there: npm leaves out a file that is missing, and says nothing. */
const NEEDED = [
  'LICENSE',
  'README.md',
  'bin/create-mirastack-agent.js',
  'bin/mirastack-agent.js',
  'dist/THIRD-PARTY-NOTICES.txt',
  'dist/runtime/index.js',
  'dist/runtime/index.d.ts',
  'dist/cli/grammars/tree-sitter.wasm',
  'proto/mirastack/plugin/v1/plugin.proto',
];
/** Stands in the code of gRPC and nowhere else, where it runs as soon as gRPC is loaded. */
const GRPC_MARK = 'exports.CompressionFilterFactory =';
/** The same in protobufjs. */
const PROTOBUF_MARK = 'module.exports = Reader;';
const HEARTBEAT = '/mirastack.plugin.v1.EngineService/Heartbeat';

let shared: SharedPackage;
let work: Workplace;
let bins: ReturnType<typeof binsOf>;
let project: string;

beforeAll(async () => {
  shared = await sharePackage();
  work = createWorkplace();
  bins = binsOf(shared.installed);
  project = work.makeFolder();
});
afterAll(() => work?.close());

const manifest = () =>
  JSON.parse(readFileSync(join(shared.installed, 'package.json'), 'utf8')) as Record<string, unknown>;

describe('what is in the tarball', () => {
  test('only files that belong there, and all of those that must', () => {
    expect(shared.files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(shared.files).toEqual(expect.arrayContaining(NEEDED));
  });

  test('nothing that tells where it was built', () => {
    const holds = (file: string) => readFileSync(join(shared.installed, file), 'utf8').includes(ROOT);
    expect(shared.files.filter(holds)).toEqual([]);
  });

  test('the licence of every package that the programs are bundled from', () => {
    const notices = readFileSync(join(shared.installed, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    const named = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(/gm)].map((match) => match[1]);
    const direct = [
      '@grpc/grpc-js',
      '@grpc/proto-loader',
      '@inquirer/prompts',
      '@vscode/tree-sitter-wasm',
      'chalk',
      'chokidar',
      'commander',
    ];
    expect(named).toEqual(expect.arrayContaining([...direct, 'execa', 'protobufjs']));
  });

  test('a manifest that makes npm fetch nothing and run nothing', () => {
    const { dependencies, optionalDependencies, bundleDependencies, scripts } = manifest();
    expect({ dependencies, optionalDependencies, bundleDependencies }).toEqual({});
    const hooks = /^(pre|post)?(install|prepare|publish)$|^(pre|post)?prepublish/;
    expect(Object.keys(scripts as object).filter((name) => hooks.test(name))).toEqual([]);
  });
});

describe('installed alone', () => {
  test('it is all that npm installs', () => {
    const folder = join(shared.installed, '..');
    expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['create-mirastack-agent']);
    expect(readdirSync(join(folder, '.bin')).sort()).toEqual(['create-mirastack-agent', 'mirastack-agent']);
  });

  test.each(['create', 'toolkit'] as const)('%s answers --version and --help', async (name) => {
    const version = await work.run(bins[name], ['--version']);
    expect(version).toEqual({ code: 0, stdout: `${manifest().version}\n`, stderr: '' });
    const help = await work.run(bins[name], ['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/^Usage: /);
  });

  test('create makes a project', async () => {
    const folder = join(work.folder, 'my-agent');
    const outcome = await work.run(bins.create, ['my-agent', '--yes', '--no-install', '--json']);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const { project: made } = JSON.parse(outcome.stdout) as { project: { files: string[] } };
    expect(made.files).toEqual(expect.arrayContaining(['main.ts', 'plugin.ts', 'package.json']));
    expect(made.files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });

  test('the engine answers JSON and protobuf on one port and ends on SIGTERM, with nothing left', async () => {
    const engine = await startEngineProgram(work, bins.toolkit, { project });
    const request = { name: 'stranger', instance_id: 'i-1' };
    const call = (contentType: string, body: Buffer | string) =>
      callRaw({ port: engine.grpcPort, path: HEARTBEAT, contentType, body });
    const json = await call('application/grpc+json', JSON.stringify(request));
    expect(json).toMatchObject({ status: 0, headers: { 'content-type': 'application/grpc+json' } });
    expect(JSON.parse(String(json.body))).toMatchObject({ re_register_required: true });

    const heartbeat = loadSync('mirastack/plugin/v1/engine.proto', {
      includeDirs: [join(ROOT, 'proto')],
      keepCase: true,
    })['mirastack.plugin.v1.EngineService'] as { readonly Heartbeat?: MethodDefinition<object, object> };
    if (heartbeat.Heartbeat === undefined) throw new Error('engine.proto has no Heartbeat');
    const { requestSerialize, responseDeserialize } = heartbeat.Heartbeat;
    const proto = await call('application/grpc+proto', requestSerialize(request));
    expect(proto).toMatchObject({ status: 0, headers: { 'content-type': 'application/grpc+proto' } });
    expect(responseDeserialize(proto.body ?? Buffer.alloc(0))).toMatchObject({ re_register_required: true });

    expect(statSync(engine.sessionFile).mode & 0o777).toBe(0o600);
    expect(await engine.child.stop('SIGTERM')).toBe(143);
    expect(existsSync(engine.sessionFile)).toBe(false);
    await expect(call('application/grpc+json', '{}')).rejects.toThrow(/ECONNREFUSED/);
    await expect(fetch(engine.controlUrl)).rejects.toThrow();
  });
});

describe('what a program loads', () => {
  test.each([
    ['create', ['--help']],
    ['toolkit', ['--help']],
    ['toolkit', ['dev', '--help']],
    ['toolkit', ['engine', '--help']],
    ['toolkit', ['list', '--project', '.']],
  ] as const)('%s %j loads neither gRPC nor protobuf', async (name, args) => {
    const folder = work.makeFolder();
    await work.run(bins[name], args, { env: recordLoading(folder) });
    const loading = readLoading(folder);
    expect(loading.files).toContain(
      join(shared.installed, `dist/cli/${name === 'create' ? 'create.cjs' : 'toolkit.js'}`),
    );
    expect(loading.holding(GRPC_MARK)).toEqual([]);
    expect(loading.holding(PROTOBUF_MARK)).toEqual([]);
  });

  // gRPC names protobuf in a part that we never run, so a bundle holds it; what costs is to run it.
  test('the engine runs gRPC, and protobuf only when such a message comes', async () => {
    const record = async (body: Buffer | string, contentType: string) => {
      const folder = work.makeFolder();
      const engine = await startEngineProgram(work, bins.toolkit, { project, env: recordLoading(folder) });
      await callRaw({ port: engine.grpcPort, path: HEARTBEAT, contentType, body });
      await engine.child.stop();
      return readLoading(folder);
    };
    const json = await record('{}', 'application/grpc+json');
    expect(json.running(GRPC_MARK)).toHaveLength(1);
    expect(json.running(PROTOBUF_MARK)).toEqual([]);
    const proto = await record(Buffer.alloc(0), 'application/grpc+proto');
    expect(proto.running(PROTOBUF_MARK)).toHaveLength(1);
  });
});
