import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { installCommand, TELEMETRY_PACKAGES } from '../../src/runtime/telemetry/packages.ts';
import { type Child, portLine } from '../support/child.ts';
import { readLoading, recordLoading } from '../support/loaded-scripts.ts';
import { installPackage, sharePackage } from '../support/package.ts';
import { callRaw, type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { ROOT } from '../support/tools.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

const AGENT = `import { createLogger, respond, serve } from 'create-mirastack-agent';

const log = createLogger();
const action = { id: 'greet', description: 'Greet somebody.', permission: 'READ', stages: ['observe'] };
const actions = [action];
const info = { name: 'greeter', version: '3.2.1', description: 'Says hello', permission: 'READ', devopsStages: ['observe'], actions };
await serve({
  info: () => info,
  schema: () => ({ actions }),
  execute: () => {
    log.info('greeting', { who: 'you' });
    return respond({ hello: 'you' });
  },
  healthCheck: () => undefined,
  configUpdated: () => undefined,
});
`;

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const METRICS = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

/** As an operator sets them. */
const ENABLED = { MIRASTACK_OTEL_ENABLED: 'true', OTEL_EXPORTER_OTLP_INSECURE: 'true' };

let work: Workplace;
let collector: RawServer;
let agent: Child;
/** A project without the packages of OpenTelemetry, one with those of traces alone, and one with all. */
let bare: string;
let tracing: string;
let full: string;

beforeAll(async () => {
  const { tarball } = await sharePackage();
  work = createWorkplace();
  const install = (name: string) => {
    const folder = work.makeFolder(name);
    installPackage(folder, tarball, ['@grpc/grpc-js@1.14.7', '@grpc/proto-loader@0.8.1']);
    writeFileSync(join(folder, 'agent.js'), AGENT);
    return folder;
  };
  bare = install('bare');
  full = install('full');
  symlinkSync(join(ROOT, 'node_modules/@opentelemetry'), join(full, 'node_modules/@opentelemetry'));
  tracing = install('tracing');
  mkdirSync(join(tracing, 'node_modules/@opentelemetry'));
  for (const name of Object.keys(TELEMETRY_PACKAGES).filter((name) => !name.includes('metrics')))
    symlinkSync(join(ROOT, 'node_modules', name), join(tracing, 'node_modules', name));
}, 120_000);
beforeEach(async () => {
  collector = await serveRaw(() => ({ body: '' }));
});
afterEach(async () => {
  await agent?.stop('SIGKILL');
  await collector.close();
});
afterAll(() => work?.close());

const paths = () => [...new Set(collector.calls.map(({ path }) => path))];

/** Runs the agent, executes once, stops it, and gives what it logged. */
async function runOnce(folder: string, env: Record<string, string>): Promise<Record<string, unknown>[]> {
  agent = work.start(join(folder, 'agent.js'), [], {
    env: {
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_SLUG: 'acme',
      OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${collector.port}`,
      ...env,
    },
  });
  const port = await agent.line(portLine);
  const path = '/mirastack.plugin.v1.PluginService/Execute';
  const body = '{"execution_id":"exec-9","action_id":"greet"}';
  const reply = await callRaw({ port, path, contentType: 'application/grpc+json', body });
  expect(JSON.parse(String(reply.body))).toMatchObject({ success: true });
  expect(await agent.stop('SIGTERM')).toBe(0);
  return agent.stderr.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('without the packages, one line names them and the command that installs them, and the agent serves', async () => {
  const logged = await runOnce(bare, ENABLED);
  expect(logged.map(({ level, message }) => [level, message])).toEqual([
    ['warn', 'telemetry is enabled, but its packages are not installed; the agent serves without it'],
    ['info', 'greeting'],
    ['info', 'stopping'],
  ]);
  expect(logged[0]).toMatchObject({
    missing: Object.keys(TELEMETRY_PACKAGES).join(', '),
    install: installCommand(Object.keys(TELEMETRY_PACKAGES)),
  });
});

test('without those of metrics, one line names them, and traces go on', async () => {
  const logged = await runOnce(tracing, ENABLED);
  expect(logged.map(({ level, message }) => [level, message])).toEqual([
    ['warn', 'the packages for metrics are not installed; traces go on without metrics'],
    ['info', 'telemetry on'],
    ['info', 'greeting'],
    ['info', 'stopping'],
  ]);
  expect(logged[0]).toMatchObject({
    missing: '@opentelemetry/exporter-metrics-otlp-grpc, @opentelemetry/sdk-metrics',
    install:
      'npm install @opentelemetry/exporter-metrics-otlp-grpc@0.223.0 @opentelemetry/sdk-metrics@2.12.0',
  });
  expect(paths()).toEqual([TRACES]);
});

test('with them, the last span and the last measurement are sent before the process ends', async () => {
  const logged = await runOnce(full, {
    ...ENABLED,
    OTEL_SERVICE_NAME: 'greeter-east',
    OTEL_RESOURCE_ATTRIBUTES: 'mirastack.tenant_id=t-1,mirastack.component_kind=engine',
  });
  expect(logged.map(({ message }) => message)).toEqual(['telemetry on', 'greeting', 'stopping']);
  expect(paths().sort()).toEqual([METRICS, TRACES]);
  const sent = (path: string) =>
    Buffer.concat(collector.calls.filter((call) => call.path === path).map(({ body }) => body)).toString(
      'latin1',
    );
  for (const text of ['plugin.execute', 'exec-9']) expect(sent(TRACES)).toContain(text);
  for (const text of ['plugin.executions', 'greet']) expect(sent(METRICS)).toContain(text);
  for (const text of [
    'greeter-east',
    'mirastack.tenant_id',
    't-1',
    'mirastack.component_kind\x12\x07\x0a\x05agent',
  ])
    for (const path of [TRACES, METRICS]) expect(sent(path)).toContain(text);
});

test('switched off, none of them is loaded', async () => {
  const folder = work.makeFolder();
  const logged = await runOnce(full, recordLoading(folder));
  expect(logged.map(({ message }) => message)).toEqual(['greeting', 'stopping']);
  const { files } = readLoading(folder);
  expect(files.filter((file) => file.includes('@grpc'))).not.toEqual([]);
  expect(files.filter((file) => file.includes('@opentelemetry'))).toEqual([]);
});
