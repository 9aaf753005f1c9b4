import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger, type EngineClient, type RunningAgent, startAgent } from '../../src/runtime/index.ts';
import { type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { type AgentLine, loadTranscript, normaliseMessage } from '../support/transcripts.ts';

const { lines } = loadTranscript('go-sdk-1.14.2');
const recorded = lines.filter((line): line is AgentLine => line.from === 'agent');
const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const LIFECYCLE = ['RegisterPlugin', 'Heartbeat', 'DeregisterPlugin'];

let engine: RawServer;
let agent: RunningAgent;
let client: EngineClient;
let answer: (method: string, body: string) => string;

const methodOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
/** What the recorded engine answered to the first call of a method. */
const recordedAnswer = (method: string) =>
  JSON.stringify(recorded.find((line) => line.method === method)?.answered);

beforeEach(async () => {
  answer = recordedAnswer;
  engine = await serveRaw(({ path, body }) => ({ body: answer(methodOf(path), body.toString()) }));
  const plugin = createSamplePlugin({ info: { name: 'go_lab' } });
  Object.assign(plugin, { setEngineClient: (given: EngineClient) => (client = given) });
  agent = await startAgent(plugin, {
    env: {
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: TENANT,
    },
    log: createLogger(() => undefined),
  });
});
afterEach(async () => {
  await agent.stop();
  await engine.close();
});

const sent = () =>
  engine.calls
    .map((call) => ({ method: methodOf(call.path), body: JSON.parse(call.body.toString()) as unknown }))
    .filter(({ method }) => !LIFECYCLE.includes(method));

test('knows for whom it calls', () => {
  expect(client).toMatchObject({ pluginName: 'go_lab', instanceId: agent.instanceId, tenantId: TENANT });
});

test('sends what the real Go SDK sent, call by call', async () => {
  await client.getConfig();
  await client.listKpis({ kind: 'technical', layer: 'gold' });
  await client.getKpi('k1');
  await client.cacheSet('go_lab:a', Uint8Array.of(0x76, 0, 0xff), 90);
  await client.cacheSet('go_lab:b', 'text', 0);
  await client.cacheGet('go_lab:a');
  await client.cacheGetBatch(['a', 'b']);
  await client.publishResult('ex-1', { a: 'b' });
  await client.requestApproval({ executionId: 'ex-1', description: 'restart it?', permission: 'MODIFY' });
  await client.requestApproval({
    executionId: 'ex-1',
    description: 'drop it?',
    permission: 'ADMIN',
    context: { a: 1 },
    blastRadius: {
      resourceType: 'pod',
      resources: ['x'],
      scope: 'ns',
      reversible: true,
      estimatedCount: 2,
      summary: 'two pods',
    },
  });
  await client.logEvent('warn', 'something', { k: 'v' });
  await client.logEvent('info', 'nothing');
  await client.callPlugin('other', { action: 'x', q: '1' });
  await client.callPluginJson(
    'other',
    { action: 'x', n: 1.5, o: { a: true } },
    { timeRange: { startEpochMs: 1, endEpochMs: 2 } },
  );
  const expected = recorded
    .filter((line) => !LIFECYCLE.includes(line.method))
    .map((line) => ({ method: line.method, body: JSON.parse(String(line.raw)) as unknown }));
  // The Go SDK sends `null` for no fields, we send `{}`; both are no fields.
  const comparable = (list: typeof expected) =>
    JSON.parse(JSON.stringify(normaliseMessage(list)).replace('"bnVsbA=="', '"e30="')) as unknown;
  expect(comparable(sent())).toEqual(comparable(expected));
});

describe('answers', () => {
  test('of every kind', async () => {
    expect(await client.getConfig()).toEqual({ url: 'http://x' });
    expect(await client.listKpis()).toMatchObject([
      { id: 'k1', tenantId: TENANT, name: 'Latency', createdAt: 1 },
    ]);
    expect(await client.getKpi('k1')).toMatchObject({ id: 'k1', integrationId: 'i1' });
    expect(await client.cacheGetText('a')).toBe('vé');
    expect(await client.cacheGetBatch(['a', 'b'])).toEqual([
      { key: 'a', value: Buffer.from('1') },
      { key: 'b', value: undefined },
    ]);
    expect(await client.requestApproval({ executionId: 'e', description: 'd', permission: 'WRITE' })).toEqual(
      { approved: true, timedOut: false, reviewer: 'r', comment: '' },
    );
    expect(await client.callPlugin('other', {})).toEqual({
      n: '1.5',
      s: 'x',
      o: '{"a":"\\u003c","b":1}',
      z: '',
    });
    expect(await client.callPluginJson('other', {})).toEqual({
      n: 1.5,
      s: 'x',
      o: { a: '<', b: 1 },
      z: null,
    });
    expect(Buffer.from(await client.callPluginRaw('other', {})).toString()).toBe(
      '{"n":1.50,"s":"x","o":{"b":1,"a":"<"},"z":null}',
    );
  });

  test('a miss is not an empty value', async () => {
    answer = () => '{"found":true}';
    expect(await client.cacheGetText('a')).toBe('');
    answer = () => '{"found":false}';
    expect(await client.cacheGetText('a')).toBeUndefined();
    answer = () => '{}';
    expect(await client.getKpi('nope')).toBeUndefined();
  });

  test('a failing agent and one that gives no object are errors', async () => {
    answer = () => '{"success":false,"error":"boom"}';
    await expect(client.callPlugin('other', {})).rejects.toThrow('plugin "other" returned error: boom');
    answer = () => JSON.stringify({ success: true, result_json: Buffer.from('[1]').toString('base64') });
    await expect(client.callPlugin('other', {})).rejects.toThrow('plugin "other" answered with no object');
    answer = () => '{"success":true}';
    expect(await client.callPlugin('other', {})).toEqual({});
  });
});

test.each([
  ['', 'target plugin is required'],
  ['a:b', 'target plugin "a:b" is invalid: pass plugin name only and set action in params'],
])('target %j is refused before any call', async (target, message) => {
  await expect(client.callPlugin(target, {})).rejects.toThrow(message);
  expect(sent()).toEqual([]);
});

test.each([-1, 0.5, Number.NaN, 2 ** 60])(
  'a time to live of %s s is refused before any call',
  async (ttl) => {
    await expect(client.cacheSet('k', 'v', ttl)).rejects.toThrow(RangeError);
    expect(sent()).toEqual([]);
  },
);

test('an action id goes both ways', async () => {
  await client.callPluginRaw('other', { q: 1 }, { actionId: 'look' });
  const [call] = sent() as { body: { params_json: string; action_id: string } }[];
  const { params_json = '', action_id } = call?.body ?? {};
  expect([action_id, JSON.parse(Buffer.from(params_json, 'base64').toString())]).toEqual([
    'look',
    { q: 1, action: 'look' },
  ]);
});

test('the configuration is asked once, and again after a change or a failure', async () => {
  const asked = () => sent().filter(({ method }) => method === 'GetConfig').length;
  const first = await client.getConfig();
  Object.assign(first, { url: 'spoilt' });
  expect(await client.getConfig()).toEqual({ url: 'http://x' });
  expect(asked()).toBe(1);
  const { createClient } = await import('../../src/wire/index.ts');
  const asEngine = createClient({
    service: 'PluginService',
    address: `127.0.0.1:${agent.port}`,
    keepalive: false,
  });
  await asEngine.call('ConfigUpdated', { config: { url: 'y' }, version: 4 });
  asEngine.close();
  answer = () => 'not json';
  await expect(client.getConfig()).rejects.toMatchObject({ status: 'INTERNAL' });
  answer = recordedAnswer;
  expect(await client.getConfig()).toEqual({ url: 'http://x' });
  expect(asked()).toBe(3);
});

test('a call can be cancelled and can have a deadline', async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(client.getConfig({ signal: abort.signal })).rejects.toMatchObject({ status: 'CANCELLED' });
  const silent = await serveRaw(() => new Promise(() => undefined));
  const plugin = createSamplePlugin();
  let other: EngineClient | undefined;
  Object.assign(plugin, { setEngineClient: (given: EngineClient) => (other = given) });
  const waiting = await startAgent(plugin, {
    env: {
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${silent.port}`,
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: TENANT,
    },
    log: createLogger(() => undefined),
  });
  await expect(other?.cacheGet('k', { timeoutMs: 20 })).rejects.toMatchObject({
    status: 'DEADLINE_EXCEEDED',
    message: 'no answer within 20 ms',
  });
  await waiting.stop();
  await silent.close();
});

test('without an engine every call says what is missing', async () => {
  const plugin = createSamplePlugin();
  let none: EngineClient | undefined;
  Object.assign(plugin, { setEngineClient: (given: EngineClient) => (none = given) });
  const lonely = await startAgent(plugin, {
    env: { MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0', MIRASTACK_PLUGIN_TENANT_ID: TENANT },
    log: createLogger(() => undefined),
  });
  await expect(none?.getConfig()).rejects.toMatchObject({
    status: 'FAILED_PRECONDITION',
    message: 'no engine is configured: set MIRASTACK_ENGINE_ADDR',
  });
  await lonely.stop();
});
