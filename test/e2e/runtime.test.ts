import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Child, portLine } from '../support/child.ts';
import { type EngineProgram, startEngineProgram } from '../support/dev-engine.ts';
import { readLoading, recordLoading } from '../support/loaded-scripts.ts';
import { binsOf, installPackage, type SharedPackage, sharePackage } from '../support/package.ts';
import { callRaw } from '../support/raw-grpc.ts';
import { ROOT } from '../support/tools.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

const PEERS = ['@grpc/grpc-js@1.14.7', '@grpc/proto-loader@0.8.1'];

const AGENT = `import { type Plugin, type PluginInfo, respond, serve } from 'create-mirastack-agent';

const info: PluginInfo = {
  name: 'consumer',
  version: '3.2.1',
  description: 'Says hello',
  permission: 'READ',
  devopsStages: ['observe'],
  actions: [
    {
      id: 'greet',
      description: 'Greet somebody. Use this when a greeting is wanted.',
      permission: 'READ',
      stages: ['observe'],
      inputParams: [{ name: 'who', type: 'string', required: true, description: 'Whom' }],
    },
  ],
};
const plugin: Plugin = {
  info: () => info,
  schema: () => ({ actions: info.actions }),
  execute: (request) => respond({ greeting: \`hello \${request.params.who}\` }),
  healthCheck: () => undefined,
  configUpdated: () => undefined,
};
await serve(plugin);
`;

/** Breaks every gate that an agent without actions can, and then those of its actions. */
const BROKEN_AGENT = `import { serve } from 'create-mirastack-agent';

const actions = [
  { id: '', description: 'x', permission: 'READ', stages: ['observe'] },
  { id: 'get_item', description: ' ', permission: undefined, stages: [] },
  { id: 'get_item', description: 'Get it', permission: 'READ', stages: ['observe'], routing: { schemaVersion: ' ' } },
];
const info = {
  name: '', version: '', description: ' \\n', permission: undefined, devopsStages: [], actions,
  configParams: [{ key: '', description: 'x' }, { key: 'url', description: ' ' }],
};
await serve({
  info: () => info,
  schema: () => ({ actions }),
  execute: () => ({ output: null }),
  healthCheck: () => undefined,
  configUpdated: () => undefined,
});
`;

const BROKEN_TEXT = `FATAL: plugin quality gate failed:
  - name must not be empty
  - version must not be empty
  - description must not be empty (whitespace-only is not allowed)
  - permission must be explicitly set (READ, MODIFY or ADMIN)
  - at least one DevOps stage must be declared
  - action[0]: id must not be empty
  - action[1] (get_item): description must not be empty (whitespace-only is not allowed)
  - action[1] (get_item): permission must be explicitly set (READ, MODIFY or ADMIN)
  - action[1] (get_item): at least one DevOps stage must be declared
  - action[2] (get_item): id must be unique, action[1] has it already
  - action[2] (get_item): invalid routing semantics: routing schema_version is required
  - config_param[0]: key must not be empty
  - config_param[1] (url): description must not be empty
`;

/** As strict as a project can be: the types of the package itself are checked too. */
const STRICT = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
  },
  files: ['agent.ts'],
};

let shared: SharedPackage;
let work: Workplace;
let engine: EngineProgram;
let consumer: string;
const agents: Child[] = [];

/** Type-checks and compiles the agent in a folder, and gives what the compiler complained about. */
function compile(folder: string): string {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  writeFileSync(join(folder, 'agent.ts'), AGENT);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(STRICT));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout;
}

beforeAll(async () => {
  shared = await sharePackage();
  work = createWorkplace();
  consumer = work.makeFolder('consumer');
  installPackage(consumer, shared.tarball, PEERS);
  expect(compile(consumer)).toBe('');
  engine = await startEngineProgram(work, binsOf(shared.installed).toolkit, { project: consumer });
}, 180_000);
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.stop('SIGKILL')));
});
afterAll(() => work?.close());

function startAgent(env: Record<string, string> = {}): Child {
  const agent = work.start(join(consumer, 'agent.js'), [], { env: { ...engine.agentEnv, ...env } });
  agents.push(agent);
  return agent;
}

const toolkit = (...args: string[]) =>
  work.run(binsOf(shared.installed).toolkit, [...args, '--project', consumer]);
const untilListed = (line: string) =>
  expect.poll(async () => (await toolkit('list')).stdout, { timeout: 15_000 }).toBe(line);

test('the types need no package but the types of Node', () => {
  const folder = work.makeFolder();
  // The package alone: neither gRPC nor its types are anywhere above it.
  symlinkSync(dirname(shared.installed), join(folder, 'node_modules'));
  expect(compile(folder)).toBe('');
});

test('an agent says its port and nothing else on stdout, registers, works, and ends with 0 on SIGTERM', async () => {
  const agent = startAgent();
  const port = await agent.line(portLine);
  await untilListed('consumer 3.2.1 READ healthy\n');
  expect(await toolkit('invoke', 'greet', '--param', 'who=world')).toEqual({
    code: 0,
    stdout: '{\n  "greeting": "hello world"\n}\n',
    stderr: '',
  });
  expect(await agent.stop('SIGTERM')).toBe(0);
  expect(agent.stdout).toEqual([`MIRASTACK_PLUGIN_PORT=${port}`]);
  expect(await toolkit('list')).toEqual({ code: 0, stdout: '', stderr: 'No agent is registered.\n' });
});

/** Runs a broken agent to its end, with one part of it replaced. */
function runBroken(part: string | RegExp, replacement: string) {
  const script = join(work.makeFolder(join('consumer', `broken-${randomUUID()}`)), 'agent.js');
  writeFileSync(
    script,
    BROKEN_AGENT.replace(part, () => replacement),
  );
  return work.run(script, [], { env: engine.agentEnv });
}

test('an agent that breaks gates says all of them, exits 1 and opens no port', async () => {
  expect(await runBroken('', '')).toEqual({ code: 1, stdout: '', stderr: BROKEN_TEXT });
});

test('an agent without actions says so, at its place among the others', async () => {
  const { code, stdout, stderr } = await runBroken(/const actions = \[.*?\n\];/s, 'const actions = [];');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.split('\n').slice(4, 7)).toEqual([
    '  - permission must be explicitly set (READ, MODIFY or ADMIN)',
    '  - at least one action must be declared',
    '  - at least one DevOps stage must be declared',
  ]);
});

test('an agent whose routing lacks every field breaks a gate, too', async () => {
  expect(await runBroken("{ schemaVersion: ' ' }", '{}')).toEqual({
    code: 1,
    stdout: '',
    stderr: BROKEN_TEXT,
  });
});

test('an agent loads protobuf only when such a message comes', async () => {
  const record = async (contentType: string, body: Buffer | string) => {
    const folder = work.makeFolder();
    const agent = startAgent(recordLoading(folder));
    const port = await agent.line(portLine);
    const path = '/mirastack.plugin.v1.PluginService/HealthCheck';
    await callRaw({ port, path, contentType, body });
    expect(await agent.stop()).toBe(0);
    return readLoading(folder).files;
  };
  const isPackage = (name: string) => (file: string) => file.includes(join('node_modules', name));
  const json = await record('application/grpc+json', '{}');
  expect(json.filter(isPackage('@grpc/grpc-js'))).not.toEqual([]);
  expect(json.filter((file) => /proto-?loader|protobufjs|proto-codec|descriptors/.test(file))).toEqual([]);
  const proto = await record('application/grpc+proto', Buffer.alloc(0));
  expect(proto.filter(isPackage('@grpc/proto-loader'))).not.toEqual([]);
  expect(proto.filter(isPackage('protobufjs'))).not.toEqual([]);
});
