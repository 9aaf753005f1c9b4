import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { INSTALL_COMMAND } from '../../src/runtime/telemetry/packages.ts';
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

/** As an operator sets them. */
const ENABLED = { MIRASTACK_OTEL_ENABLED: 'true', OTEL_EXPORTER_OTLP_INSECURE: 'true' };

let work: Workplace;
let collector: RawServer;
let agent: Child;
/** A project without the packages of OpenTelemetry, and one with them. */
let bare: string;
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
}, 120_000);
beforeEach(async () => {
  collector = await serveRaw(() => ({ body: '' }));
});
afterEach(async () => {
  await agent?.stop('SIGKILL');
  await collector.close();
});
afterAll(() => work?.close());

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
    missing:
      '@opentelemetry/api, @opentelemetry/exporter-trace-otlp-grpc, @opentelemetry/resources, @opentelemetry/sdk-trace-node',
    install: INSTALL_COMMAND,
  });
});

test('with them, the last span is sent before the process ends', async () => {
  const logged = await runOnce(full, {
    ...ENABLED,
    OTEL_SERVICE_NAME: 'greeter-east',
    OTEL_RESOURCE_ATTRIBUTES: 'mirastack.tenant_id=t-1,mirastack.component_kind=engine',
  });
  expect(logged.map(({ message }) => message)).toEqual(['telemetry on', 'greeting', 'stopping']);
  const spans = Buffer.concat(collector.calls.map(({ body }) => body)).toString('latin1');
  for (const text of ['plugin.execute', 'exec-9', 'greeter-east', 'mirastack.tenant_id', 't-1'])
    expect(spans).toContain(text);
  expect(spans).toContain('mirastack.component_kind\x12\x07\x0a\x05agent');
});

test('switched off, none of them is loaded', async () => {
  const folder = work.makeFolder();
  const logged = await runOnce(full, recordLoading(folder));
  expect(logged.map(({ message }) => message)).toEqual(['greeting', 'stopping']);
  const { files } = readLoading(folder);
  expect(files.filter((file) => file.includes('@grpc'))).not.toEqual([]);
  expect(files.filter((file) => file.includes('@opentelemetry'))).toEqual([]);
});
