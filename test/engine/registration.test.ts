import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createClient } from '../../src/wire/index.ts';
import { type RawAnswer, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { infoOf, register, serveHostile } from './hostile-agent.ts';
import { startLab, TENANT } from './support.ts';

vi.mock(import('../../src/wire/index.ts'), async (original) => {
  const wire = await original();
  return { ...wire, createClient: vi.fn(wire.createClient) };
});

/** Something that happens when the test says so. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

const addressOf = ({ port }: { readonly port: number }) => `127.0.0.1:${port}`;
const ACTIVE = { active: true, effectiveTier: 'x' };

test('Info and GetSchema together may take 8 s, and no longer', async () => {
  const lab = await startLab();
  const agent = await serveHostile('slow', {
    Info: async () => {
      await sleep(4_000);
      return { body: infoOf('slow') };
    },
    GetSchema: () => new Promise<RawAnswer>(() => {}),
  });
  const { success, error } = await register(lab.as(), 'slow', addressOf(agent));
  expect(success).toBe(false);
  // What is left for GetSchema of the 8 s; alone, it would have 5.
  const leftMs = Number(/no answer within (\d+) ms/.exec(error)?.[1]);
  expect(leftMs).toBeLessThan(4_500);
}, 20_000);

test('a second registration, the same in every respect, shares the handshake of the first', async () => {
  const lab = await startLab();
  const wait = gate();
  const agent = await serveRaw(async ({ path }) => {
    await wait.opened;
    return { body: path.endsWith('/Info') ? infoOf('twice') : '{}' };
  });
  const attempts = [1, 2].map(() => register(lab.as(), 'twice', addressOf(agent), 'i-1'));
  await expect.poll(() => agent.calls.length).toBe(1);
  const other = register(lab.as(), 'twice', addressOf(agent), 'i-2');
  await expect.poll(() => agent.calls.length).toBe(2);
  wait.open();
  for (const reply of await Promise.all([...attempts, other])) expect(reply).toMatchObject({ success: true });
  expect(agent.calls.filter(({ path }) => path.endsWith('/Info'))).toHaveLength(2);
  await agent.close();
});

test('a goodbye during the handshake counts', async () => {
  const lab = await startLab();
  const wait = gate();
  const agent = await serveHostile('leaving', {
    GetSchema: async () => {
      await wait.opened;
      return { body: '{}' };
    },
  });
  const joined = register(lab.as(), 'leaving', addressOf(agent), 'i-1');
  await expect.poll(() => agent.calls.length).toBe(2);
  await lab.as().call('DeregisterPlugin', { name: 'leaving', instance_id: 'i-1' });
  wait.open();
  expect(await joined).toMatchObject({ success: false, error: 'it deregistered while it was asked' });
  expect(lab.engine.agents()).toEqual([]);
  // It may come back.
  expect(await register(lab.as(), 'leaving', addressOf(agent), 'i-1')).toMatchObject({ success: true });
});

test('a late registration of a process that goes does not outlive its lease', async () => {
  const lab = await startLab({ healthIntervalMs: 60_000 });
  const agent = await serveHostile('late');
  await register(lab.as(), 'late', addressOf(agent), 'i-1');
  await lab.as().call('DeregisterPlugin', { name: 'late', instance_id: 'i-1' });
  expect(lab.engine.agents()).toEqual([]);
  expect(await register(lab.as(), 'late', addressOf(agent), 'i-1')).toMatchObject({ success: true });
  await expect.poll(() => lab.engine.agents()[0]?.health).toBe('healthy');
  await agent.close();
  await expect.poll(() => lab.of('lost'), { timeout: 10_000 }).toMatchObject([{ instanceId: 'i-1' }]);
  expect(lab.engine.agents()).toEqual([]);
}, 20_000);

test('what was looked at before the handshake is looked at again after it', async () => {
  const lab = await startLab({ license: { ...ACTIVE, quotas: { maxIntegrationTypes: 1 } as never } });
  const wait = gate();
  const names = ['first', 'second'];
  const agents = await Promise.all(
    names.map((name) =>
      serveHostile(name, {
        GetSchema: async () => {
          await wait.opened;
          return { body: '{}' };
        },
      }),
    ),
  );
  const attempts = agents.map((agent, index) =>
    register(lab.as(), names[index] ?? '', addressOf(agent), 'same').catch(
      (error: { status: string }) => error.status,
    ),
  );
  await expect.poll(() => agents.map((agent) => agent.calls.length)).toEqual([2, 2]);
  wait.open();
  const replies = await Promise.all(attempts);
  expect(replies.filter((reply) => typeof reply === 'object' && reply.success)).toHaveLength(1);
  expect(replies).toContain('RESOURCE_EXHAUSTED');
  expect(lab.engine.agents()).toHaveLength(1);
});

test('an instance id that two agents claim at once is one\u2019s', async () => {
  const lab = await startLab();
  const names = ['first', 'second'];
  const agents = await Promise.all(names.map((name) => serveHostile(name)));
  const replies = await Promise.all(
    agents.map((agent, index) => register(lab.as(), names[index] ?? '', addressOf(agent), 'same')),
  );
  expect(replies.map((reply) => reply.success).sort()).toEqual([false, true]);
  expect(lab.engine.agents()).toHaveLength(1);
});

test('one address that never answers holds four handshakes, whatever names come with it', async () => {
  const lab = await startLab();
  const sink = await serveHostile('sink', { Info: () => new Promise<RawAnswer>(() => {}) });
  let refused = 0;
  const flood = Array.from({ length: 50 }, (_, index) =>
    register(lab.as(), `evil_${index}`, addressOf(sink)).catch((error: { status: string }) => {
      if (error.status === 'RESOURCE_EXHAUSTED') refused++;
    }),
  );
  await expect.poll(() => refused, { timeout: 10_000 }).toBe(46);
  expect(sink.calls.length).toBeLessThanOrEqual(4);
  const good = await serveHostile('good');
  expect(await register(lab.as(), 'good', addressOf(good))).toMatchObject({ success: true });
  await lab.engine.stop();
  await Promise.all(flood);
});

test('agents get no keepalive pings: Python\u2019s server ends connections that send them', async () => {
  const lab = await startLab();
  vi.mocked(createClient).mockClear();
  await lab.launch(createSamplePlugin());
  await lab.engine.invoke({ action: 'echo', params: { text: 'x' } });
  const toAgents = vi
    .mocked(createClient)
    .mock.calls.map(([options]) => options)
    .filter((options) => options.service === 'PluginService');
  expect(toAgents.length).toBeGreaterThanOrEqual(2);
  expect(toAgents.map((options) => options.keepalive)).not.toContain(true);
});

test('a session that was refused by the checks costs nothing of the quota', async () => {
  const quotas = { maxAgenticSessionsPerDay: 1 } as never;
  const lab = await startLab({ license: { ...ACTIVE, quotas } });
  await lab.launch();
  await expect(lab.engine.invoke({ action: 'echo', params: {} })).rejects.toMatchObject({
    code: 'missing-param',
  });
  expect(await lab.engine.invoke({ action: 'echo', params: { text: 'x' } })).toMatchObject({ success: true });
  await expect(lab.engine.invoke({ action: 'echo', params: { text: 'x' } })).rejects.toMatchObject({
    code: 'quota-exhausted',
    hint: expect.stringContaining('maxAgenticSessionsPerDay'),
  });
});

test('an agent is the same plugin whenever it comes, and what it declared goes with it', async () => {
  const info = {
    configParams: [
      { key: 'url', type: 'string', required: false, default: 'http://default', description: 'd' },
    ],
  } as const;
  const lab = await startLab();
  const before = await lab.launch(createSamplePlugin({ info }));
  const idOf = () => lab.engine.agents()[0]?.instances[0]?.pluginId;
  const pluginId = idOf();
  const config = () => lab.as('my_agent').call('GetConfig', { plugin_name: 'my_agent', tenant_id: TENANT });
  const { version } = await config();
  await before.stop();
  expect((await config()).config).toEqual({});
  await lab.launch(createSamplePlugin({ info }));
  expect(idOf()).toBe(pluginId);
  expect(Number((await config()).version)).toBeGreaterThan(Number(version));
});
