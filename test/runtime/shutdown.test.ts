import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient, type WireClient } from '../../src/wire/index.ts';
import { type Child, portLine, startChild } from '../support/child.ts';
import { type RawServer, serveRaw } from '../support/raw-grpc.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/agents/shutdown-agent.mjs', import.meta.url));
const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';

let engine: RawServer;
let onRegister: () => Promise<void>;
const children: Child[] = [];
const clients: WireClient<'PluginService'>[] = [];

const methodOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const methods = () => engine.calls.map(({ path }) => methodOf(path));

beforeEach(async () => {
  onRegister = async () => undefined;
  engine = await serveRaw(async ({ path }) => {
    if (methodOf(path) === 'RegisterPlugin') await onRegister();
    return { body: '{"success":true,"acknowledged":true}' };
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(children.splice(0).map((child) => child.stop('SIGKILL')));
  await engine.close();
});

interface Started {
  readonly child: Child;
  readonly port: number;
  /** Executes in one way; resolves once the handler runs, with what the caller will get. */
  work(how: string): Promise<{ reply: Promise<unknown> }>;
}

async function start(env: Record<string, string> = {}): Promise<Started> {
  const child = startChild(process.execPath, [PROGRAM], {
    env: {
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: TENANT,
      ...env,
    },
  });
  children.push(child);
  const port = await child.line(portLine);
  const client = createClient({ service: 'PluginService', address: `127.0.0.1:${port}`, keepalive: false });
  clients.push(client);
  return {
    child,
    port,
    work: async (how) => {
      const params = Buffer.from(JSON.stringify({ how }));
      const reply = client.call('Execute', { action_id: 'work', params_json: params }).then(
        ({ success, result_json, error }) =>
          success ? JSON.parse(Buffer.from(result_json).toString()) : error,
        (error: { status: string; message: string }) => `${error.status}: ${error.message}`,
      );
      await expect.poll(() => child.stderr.includes('EXECUTING'), { timeout: 10_000 }).toBe(true);
      return { reply };
    },
  };
}

const registered = () => expect.poll(methods, { timeout: 10_000 }).toContain('RegisterPlugin');

test('C1: idle, it deregisters and exits 0', async () => {
  const { child } = await start();
  await registered();
  expect(await child.stop()).toBe(0);
  expect(methods()).toEqual(['RegisterPlugin', 'DeregisterPlugin']);
});

test('C2: a running call finishes, a new connection is refused', async () => {
  const { child, port, work } = await start();
  const { reply } = await work('on-input');
  child.process.kill('SIGTERM');
  await expect.poll(methods).toContain('DeregisterPlugin');
  const isRefused = () =>
    new Promise((resolve) => {
      const socket = net
        .connect(port, '127.0.0.1')
        .on('connect', () => resolve(socket.destroy() && false))
        .on('error', () => resolve(true));
    });
  await expect.poll(isRefused).toBe(true);
  child.process.stdin?.write('go\n');
  expect(await reply).toBe('finished');
  expect(await child.exited).toBe(0);
});

describe('a call that outlasts the budget', () => {
  const budget = { MIRASTACK_PLUGIN_SHUTDOWN_TIMEOUT: '1' };

  test('C3: is told to give up, and answers', async () => {
    const { child, work } = await start(budget);
    const { reply } = await work('when-aborted');
    child.process.kill('SIGTERM');
    expect(await reply).toBe('gave up');
    expect(await child.exited).toBe(0);
  });

  test('C8: is cut off when it ignores that', async () => {
    const { child, work } = await start(budget);
    const { reply } = await work('never');
    child.process.kill('SIGTERM');
    expect(await reply).toMatch(/^(UNAVAILABLE|CANCELLED)/);
    expect(await child.exited).toBe(0);
  });

  test('C4: a half-sent stream and silent connections hold nothing', async () => {
    const { child, port } = await start(budget);
    const silent = net.connect(port, '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const session = http2.connect(`http://127.0.0.1:${port}`).on('error', () => undefined);
    const half = session.request({
      ':method': 'POST',
      ':path': '/mirastack.plugin.v1.PluginService/Info',
      'content-type': 'application/grpc+json',
      te: 'trailers',
    });
    half.on('error', () => undefined).write(Buffer.from([0, 0]));
    await once(session, 'remoteSettings');
    expect(await child.stop()).toBe(0);
    silent.destroy();
    session.destroy();
  });
});

test('C5: a registration under way leaves no ghost', async () => {
  let release: () => void = () => undefined;
  onRegister = () => new Promise((resolve) => (release = resolve));
  const { child } = await start();
  await registered();
  child.process.kill('SIGTERM');
  await expect.poll(methods).toEqual(['RegisterPlugin', 'DeregisterPlugin']);
  release();
  expect(await child.exited).toBe(0);
  expect(methods()).toEqual(['RegisterPlugin', 'DeregisterPlugin', 'DeregisterPlugin']);
});

test('C6: a second signal ends it at once', async () => {
  const { child, work } = await start();
  const { reply } = await work('never');
  child.process.kill('SIGINT');
  await expect.poll(() => child.stderr.some((line) => line.includes('stopping'))).toBe(true);
  child.process.kill('SIGTERM');
  expect(await child.exited).toBe(143);
  expect(await reply).toMatch(/^(UNAVAILABLE|CANCELLED)/);
});

test('C7: with a drain delay it serves on after the goodbye, and says that it is ending', async () => {
  const { child, port } = await start({ MIRASTACK_PLUGIN_DRAIN_DELAY: '2' });
  await registered();
  const client = createClient({ service: 'PluginService', address: `127.0.0.1:${port}`, keepalive: false });
  clients.push(client);
  child.process.kill('SIGTERM');
  await expect.poll(methods).toContain('DeregisterPlugin');
  expect(await client.call('Info', {})).toMatchObject({ name: 'shutdown_agent' });
  expect(await child.exited).toBe(0);
});

test.each([
  ['throw-later', 'thrown where nobody waits'],
  ['reject-later', 'rejected where nobody waits'],
])('C9: after %s callers get an answer, and it exits 70', async (how, text) => {
  const { child, work } = await start();
  await registered();
  const { reply } = await work(how);
  expect(await reply).toBe(`INTERNAL: the agent failed: ${text}`);
  expect(await child.exited).toBe(70);
  expect(methods()).toContain('DeregisterPlugin');
  expect(child.stderr.join('\n')).toContain(text);
});
