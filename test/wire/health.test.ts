import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger, startAgent } from '../../src/runtime/index.ts';
import { createClient } from '../../src/wire/client.ts';
import { createServer, type WireServer } from '../../src/wire/server.ts';
import { STATUS } from '../../src/wire/status.ts';
import { callRaw, serveRaw } from '../support/raw-grpc.ts';
import { openRaw, type RawStream } from '../support/raw-stream.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';

const CHECK = '/grpc.health.v1.Health/Check';
const LIST = '/grpc.health.v1.Health/List';
const WATCH = '/grpc.health.v1.Health/Watch';
const PLUGIN = 'mirastack.plugin.v1.PluginService';
const JSON_TYPE = 'application/grpc+json';
const PROTO_TYPE = 'application/grpc+proto';
/** A HealthCheckRequest for the plugin's service, and one for a service nobody serves. */
const FOR_PLUGIN = Buffer.concat([Buffer.from([0x0a, PLUGIN.length]), Buffer.from(PLUGIN)]);
const FOR_NOBODY = Buffer.from([0x0a, 0x01, 0x78]);
const SERVING = Buffer.from([0x08, 1]);
const NOT_SERVING = Buffer.from([0x08, 2]);
const SERVICE_UNKNOWN = Buffer.from([0x08, 3]);

let server: WireServer;
let port: number;
let draining: AbortController;
const open: RawStream[] = [];
beforeEach(async () => {
  draining = new AbortController();
  server = createServer({
    services: { PluginService: { Info: () => ({ name: 'a' }) } },
    onInternalError: () => undefined,
    draining: draining.signal,
  });
  port = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((stream) => stream.close()));
  await server.close(0);
});

function watch(body: Buffer | string, contentType = PROTO_TYPE, to = port): RawStream {
  const stream = openRaw({ port: to, path: WATCH, contentType });
  open.push(stream);
  stream.send(body);
  stream.finish();
  return stream;
}

describe('Check and List', () => {
  test.each([
    [PROTO_TYPE, null, SERVING],
    [PROTO_TYPE, FOR_PLUGIN, SERVING],
    ['application/grpc', null, SERVING],
    ['application/grpc', FOR_PLUGIN, SERVING],
    ['application/grpc', '{}', '{"status":1}'],
    [JSON_TYPE, '{}', '{"status":1}'],
    [JSON_TYPE, 'null', '{"status":1}'],
    [JSON_TYPE, '{"service":null}', '{"status":1}'],
    [JSON_TYPE, `{"service":"${PLUGIN}"}`, '{"status":1}'],
    // Fields of a newer protocol are passed over.
    [PROTO_TYPE, Buffer.from([0x10, 0xff, 0x01, 0x1a, 0x01, 0x00, 0x25, 0, 0, 0, 0]), SERVING],
  ])('%s %s', async (contentType, body, expected) => {
    const reply = await callRaw({ port, path: CHECK, contentType, body });
    expect([reply.status, String(reply.body)]).toEqual([STATUS.OK, String(expected)]);
    expect(reply.headers['content-type']).toBe(typeof expected === 'string' ? JSON_TYPE : PROTO_TYPE);
  });

  test.each([
    ['a service nobody serves', PROTO_TYPE, FOR_NOBODY, STATUS.NOT_FOUND],
    ['a service nobody serves', JSON_TYPE, '{"service":"x"}', STATUS.NOT_FOUND],
    ['the engine, which is elsewhere', JSON_TYPE, `{"service":"${PLUGIN}s"}`, STATUS.NOT_FOUND],
    ['a prototype', JSON_TYPE, '{"service":"__proto__"}', STATUS.NOT_FOUND],
    ['malformed JSON', JSON_TYPE, '{', STATUS.INVALID_ARGUMENT],
    ['an empty body', JSON_TYPE, '', STATUS.INVALID_ARGUMENT],
    ['no object', JSON_TYPE, '[]', STATUS.INVALID_ARGUMENT],
    ['no text', JSON_TYPE, '{"service":1}', STATUS.INVALID_ARGUMENT],
    ['invalid UTF-8', JSON_TYPE, Buffer.from([0x22, 0xff, 0x22]), STATUS.INVALID_ARGUMENT],
    ['invalid UTF-8', PROTO_TYPE, Buffer.from([0x0a, 1, 0xff]), STATUS.INVALID_ARGUMENT],
    ['a cut message', PROTO_TYPE, Buffer.from([0x0a, 5, 0x78]), STATUS.INVALID_ARGUMENT],
    ['an endless number', PROTO_TYPE, Buffer.alloc(12, 0xff), STATUS.INVALID_ARGUMENT],
    ['a length beyond all', PROTO_TYPE, Buffer.from('0affffffffffffffff7f', 'hex'), STATUS.INVALID_ARGUMENT],
    ['field 0', PROTO_TYPE, Buffer.from([0x02, 0]), STATUS.INVALID_ARGUMENT],
    ['a group', PROTO_TYPE, Buffer.from([0x0b]), STATUS.INVALID_ARGUMENT],
    ['another content type', 'application/grpc+foo', '{}', STATUS.INVALID_ARGUMENT],
  ])('%s in %s is refused', async (_what, contentType, body, status) => {
    const reply = await callRaw({ port, path: CHECK, contentType, body });
    expect(reply.status).toBe(status);
    const stream = watch(body, contentType);
    const expected = status === STATUS.NOT_FOUND ? undefined : status;
    await expect.poll(() => [stream.status, stream.messages.length]).toEqual([expected, expected ? 0 : 1]);
  });

  test('List names every service', async () => {
    const json = await callRaw({ port, path: LIST, contentType: JSON_TYPE, body: '{}' });
    expect(JSON.parse(String(json.body))).toEqual({
      statuses: { '': { status: 1 }, [PLUGIN]: { status: 1 } },
    });
    draining.abort();
    const proto = await callRaw({ port, path: LIST, contentType: PROTO_TYPE, body: null });
    const entry = (key: Buffer) => {
      const content = Buffer.concat([key, Buffer.from([0x12, 2]), NOT_SERVING]);
      return Buffer.concat([Buffer.from([0x0a, content.length]), content]);
    };
    expect(proto.body).toEqual(Buffer.concat([entry(Buffer.from([0x0a, 0])), entry(FOR_PLUGIN)]));
  });
});

describe('Watch', () => {
  test('says the state at once, a change when it comes, and ends with the server', async () => {
    const proto = watch(FOR_PLUGIN);
    const json = watch('{}', JSON_TYPE);
    const unknown = watch(FOR_NOBODY);
    await expect.poll(() => [proto, json, unknown].map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
    draining.abort();
    await expect.poll(() => [proto.messages.length, json.messages.length]).toEqual([2, 2]);
    expect(proto.messages).toEqual([SERVING, NOT_SERVING]);
    expect(json.messages.map(String)).toEqual(['{"status":1}', '{"status":2}']);
    expect(json.headers['content-type']).toBe(JSON_TYPE);
    expect([proto.status, json.status, unknown.status]).toEqual([undefined, undefined, undefined]);
    const late = watch(Buffer.alloc(0));
    await expect.poll(() => late.messages).toEqual([NOT_SERVING]);

    const startedAt = performance.now();
    await server.close(20_000);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await expect
      .poll(() => [proto, json, unknown, late].map(({ status, message }) => [status, message]))
      .toEqual(Array(4).fill([STATUS.UNAVAILABLE, 'the server is closing']));
    expect(unknown.messages).toEqual([SERVICE_UNKNOWN]);
    expect(proto.messages.length).toBe(2);
  });

  test('closing alone is a change, too', async () => {
    const stream = watch(FOR_PLUGIN);
    await expect.poll(() => stream.messages.length).toBe(1);
    await server.close(1_000);
    await expect.poll(() => stream.messages).toEqual([SERVING, NOT_SERVING]);
  });

  test('one that left is not told', async () => {
    const streams = Array.from({ length: 30 }, () => watch(FOR_PLUGIN));
    await expect.poll(() => streams.every(({ messages }) => messages.length === 1)).toBe(true);
    await Promise.all(streams.slice(1).map((stream) => stream.close()));
    draining.abort();
    await expect.poll(() => streams[0]?.messages).toEqual([SERVING, NOT_SERVING]);
    expect(streams.slice(1).every(({ messages }) => messages.length === 1)).toBe(true);
    const reply = await callRaw({ port, path: CHECK, contentType: PROTO_TYPE, body: null });
    expect(reply.body).toEqual(NOT_SERVING);
  });

  test('one that reads nothing, and one that never says its request, do not hold the end', async () => {
    const deaf = openRaw({ port, path: WATCH, contentType: PROTO_TYPE, window: 0 });
    const mute = openRaw({ port, path: WATCH, contentType: PROTO_TYPE });
    open.push(deaf, mute);
    deaf.send(FOR_PLUGIN);
    deaf.finish();
    await expect.poll(() => deaf.headers[':status']).toBe(200);
    const startedAt = performance.now();
    await server.close(20_000);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('an agent that stops', () => {
  test('is NOT_SERVING before it deregisters and while a call drains', async () => {
    const order: string[] = [];
    const probe = async () =>
      String((await callRaw({ port: agent.port, path: CHECK, contentType: JSON_TYPE, body: '{}' })).body);
    let finish: () => void = () => undefined;
    const plugin = createSamplePlugin({
      execute: () => new Promise((resolve) => (finish = () => resolve({ output: 'done' }))),
    });
    const engine = await serveRaw(async ({ path }) => {
      if (path.endsWith('/DeregisterPlugin')) order.push(`deregistering, ${await probe()}`);
      return { body: '{"success":true,"plugin_id":"plg_1","acknowledged":true}' };
    });
    const agent = await startAgent(plugin, {
      env: {
        MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
        MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
        MIRASTACK_PLUGIN_TENANT_ID: '824a1531-d24a-549c-8003-23b0f2d206cd',
      },
      log: createLogger(() => undefined),
    });
    await expect.poll(agent.registrationState).toBe('registered');
    expect(await probe()).toBe('{"status":1}');
    const client = createClient({
      service: 'PluginService',
      address: `127.0.0.1:${agent.port}`,
      keepalive: false,
    });
    const call = client.call('Execute', { action_id: 'echo' }).finally(() => order.push('call answered'));
    await expect.poll(() => plugin.executed.length).toBe(1);
    const stream = watch(FOR_PLUGIN, PROTO_TYPE, agent.port);
    await expect.poll(() => stream.messages.length).toBe(1);

    const stopped = agent.stop().then(() => order.push('stopped'));
    await expect.poll(() => stream.messages).toEqual([SERVING, NOT_SERVING]);
    await expect.poll(() => stream.status).toBe(STATUS.UNAVAILABLE);
    finish();
    expect(await call).toMatchObject({ success: true });
    client.close();
    await stopped;
    expect(order).toEqual(['deregistering, {"status":2}', 'call answered', 'stopped']);
    await engine.close();
  });
});
