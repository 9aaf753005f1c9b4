import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { License } from '../../src/runtime/index.ts';
import { boundHeartbeatSeconds, createLifecycle, type Lifecycle } from '../../src/runtime/lifecycle.ts';
import { createTestHarness } from '../../src/runtime/testing/index.ts';
import { createClient, type WireClient } from '../../src/wire/index.ts';
import { type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';

const IDENTITY = { name: 'my_agent', instanceId: 'i-1', tenantId: 't-1' };
const REQUEST = { address: 'agent.example:50051', version: '1.2.3' };

let engine: RawServer;
let connection: WireClient<'EngineService'>;
let calls: Lifecycle;
let answer: () => { body?: string; status?: number; message?: string } | Promise<never>;

beforeEach(async () => {
  answer = () => ({ body: '{"success":true,"plugin_id":"plg_1","acknowledged":true}' });
  engine = await serveRaw(() => answer());
  connection = createClient({
    service: 'EngineService',
    address: `127.0.0.1:${engine.port}`,
    pluginName: 'my_agent',
    keepalive: false,
  });
  calls = createLifecycle(connection, IDENTITY);
});
afterEach(async () => {
  connection.close();
  await engine.close();
});

const sent = () =>
  engine.calls.map(({ path, body }) => [
    path.slice(path.lastIndexOf('/') + 1),
    JSON.parse(body.toString()) as unknown,
  ]);

test('each call sends what the SDKs send', async () => {
  expect(await calls.register(REQUEST)).toEqual({ pluginId: 'plg_1' });
  expect(await calls.heartbeat()).toEqual({ reRegisterRequired: false });
  expect(await calls.deregister()).toBeUndefined();
  const instance = { name: 'my_agent', instance_id: 'i-1' };
  expect(sent()).toEqual([
    [
      'RegisterPlugin',
      { ...instance, version: '1.2.3', grpc_addr: 'agent.example:50051', plugin_type: 1, tenant_id: 't-1' },
    ],
    ['Heartbeat', instance],
    ['DeregisterPlugin', instance],
  ]);
});

test('the licence arrives whole', async () => {
  const license: License = {
    active: true,
    effectiveTier: 'neo',
    issuedTier: 'trinity',
    graceMode: true,
    expiresAtMs: 1_774_973_400_123,
    orgId: 'o',
    siteId: 's',
    region: 'eu',
    regionKind: 'primary',
    quotas: { maxTenants: -1, maxIntegrationTypes: 5, maxAgenticSessionsPerDay: 7 },
  };
  const message = {
    active: true,
    effective_tier: 'neo',
    issued_tier: 'trinity',
    grace_mode: true,
    expires_at: 1_774_973_400_123,
    org_id: 'o',
    site_id: 's',
    region: 'eu',
    region_kind: 'primary',
    quotas: { max_tenants: -1, max_integration_types: 5, max_agentic_sessions_per_day: 7 },
  };
  answer = () => ({ body: JSON.stringify({ success: true, plugin_id: 'p', license: message }) });
  expect(await calls.register(REQUEST)).toEqual({ pluginId: 'p', license });
  expect((await calls.heartbeat()).license).toEqual(license);
  answer = () => ({ body: '{"license":{"active":false,"effective_tier":"neo"}}' });
  expect((await calls.heartbeat()).license).toEqual({ active: false, effectiveTier: 'neo' });
});

test('a refusal is an error with the text of the engine, a status a WireError', async () => {
  answer = () => ({ body: '{"success":false,"error":"quota of agents reached"}' });
  await expect(calls.register(REQUEST)).rejects.toThrow('the engine refused: quota of agents reached');
  answer = () => ({ status: 7, message: 'tenant "x" is not active' });
  await expect(calls.register(REQUEST)).rejects.toMatchObject({
    status: 'PERMISSION_DENIED',
    message: 'tenant "x" is not active',
  });
});

test.each(['register', 'heartbeat', 'deregister'] as const)(
  '%s can be cancelled and can have a deadline',
  async (method) => {
    answer = () => new Promise<never>(() => undefined);
    const call = (options: { signal?: AbortSignal; timeoutMs?: number }) =>
      method === 'register' ? calls.register(REQUEST, options) : calls[method](options);
    await expect(call({ timeoutMs: 20 })).rejects.toMatchObject({ status: 'DEADLINE_EXCEEDED' });
    const abort = new AbortController();
    const cancelled = call({ signal: abort.signal });
    await expect.poll(() => engine.calls.length).toBe(2);
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ status: 'CANCELLED' });
  },
);

describe('the interval that an engine asks for', () => {
  test.each([
    ['1', 1],
    ['45', 45],
    ['300', 300],
    ['301', 300],
    ['2147483647', 300],
    ['1000000000000', 300],
    ['99999999999999999999', 300],
    ['1e12', 300],
    ['2.5', 2],
    ['-1000000000000', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['null', undefined],
  ])('%s in a reply is %s s', async (text, seconds) => {
    answer = () => ({ body: `{"re_register_required":true,"heartbeat_interval_seconds":${text}}` });
    expect(await calls.heartbeat()).toEqual({
      reRegisterRequired: true,
      ...(seconds === undefined ? {} : { heartbeatIntervalSeconds: seconds }),
    });
  });

  test.each([
    [1e12, 300],
    [Number.POSITIVE_INFINITY, 300],
    [0.25, 1],
    [Number.NaN, undefined],
    [-1e12, undefined],
  ])('%d is bounded to %s', (given, seconds) => {
    expect(boundHeartbeatSeconds(given)).toBe(seconds);
  });
});

test('the scripted engine answers them from its script', async () => {
  const license = { active: false, effectiveTier: 'neo' };
  const { engine: scripted, request } = await createTestHarness(createSamplePlugin(), {
    register: ({ name, address }) =>
      address === 'bad:1' ? `no ${name} at bad:1` : { pluginId: 'p-9', license },
    heartbeat: () => ({ reRegisterRequired: true, heartbeatIntervalSeconds: 9 }),
  });
  const { engineClient } = request('echo');
  await expect(engineClient.register({ address: 'bad:1', version: '1' })).rejects.toThrow(
    'the engine refused: no my_agent at bad:1',
  );
  expect(await engineClient.register(REQUEST)).toEqual({ pluginId: 'p-9', license });
  expect(await engineClient.heartbeat()).toEqual({ reRegisterRequired: true, heartbeatIntervalSeconds: 9 });
  await engineClient.deregister();
  expect(scripted.calls.map(({ method }) => method)).toEqual([
    'RegisterPlugin',
    'RegisterPlugin',
    'Heartbeat',
    'DeregisterPlugin',
  ]);
});
