import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient } from '../../src/wire/client.ts';
import { decodeProto, encodeProto } from '../../src/wire/proto-codec.ts';
import { createServer, type WireServer } from '../../src/wire/server.ts';
import type { CallContext } from '../../src/wire/service.ts';
import { STATUS, WireError } from '../../src/wire/status.ts';
import { callRaw } from '../support/raw-grpc.ts';

const EXECUTE = '/mirastack.plugin.v1.PluginService/Execute';
const INFO = '/mirastack.plugin.v1.PluginService/Info';

let server: WireServer;
let port: number;
let contexts: CallContext[];
let onExecute: (context: CallContext) => Promise<void>;

beforeEach(async () => {
  contexts = [];
  onExecute = async () => undefined;
  server = createServer({
    services: {
      PluginService: {
        Info: (_request, context) => {
          contexts.push(context);
          return {
            name: 'a',
            devops_stages: [8],
            metadata: { k: 'v' },
            default_intents: [{ pattern: 'p', confidence: 0.5 }],
          };
        },
        Execute: async (request, context) => {
          contexts.push(context);
          await onExecute(context);
          return { success: true, result_json: request.params_json, duration_ms: 9007199254740993n };
        },
        HealthCheck: () => {
          throw new Error('secret detail');
        },
        ConfigUpdated: () => {
          throw new WireError('FAILED_PRECONDITION', 'not now — später');
        },
      },
    },
    onInternalError: () => undefined,
  });
  port = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => server.close(0));

describe('the codec of a call', () => {
  const json = '{"execution_id":"e"}';
  const proto = encodeProto('ExecuteRequest', { execution_id: 'e' });

  test.each([
    ['application/grpc', json, 'json'],
    ['application/grpc', proto, 'proto'],
    ['application/grpc', null, 'proto'],
    ['application/grpc+json', json, 'json'],
    ['application/grpc;json', json, 'json'],
    ['application/grpc+proto', proto, 'proto'],
    ['application/grpc+proto', null, 'proto'],
  ] as const)('%s with %s is answered in %s', async (contentType, body, codec) => {
    const reply = await callRaw({ port, path: EXECUTE, contentType, body });
    expect(reply.status).toBe(STATUS.OK);
    const decoded =
      codec === 'json'
        ? JSON.parse(String(reply.body))
        : decodeProto('ExecuteResponse', reply.body ?? Buffer.alloc(0));
    expect(decoded).toMatchObject({ success: true });
    expect(reply.headers['content-type']).toBe(
      codec === 'json' ? 'application/grpc+json' : 'application/grpc+proto',
    );
  });

  test.each(['application/grpc-web', 'application/grpc+foo'])('%s is refused', async (contentType) => {
    const reply = await callRaw({ port, path: INFO, contentType, body: '{}' });
    expect([reply.status, reply.message]).toEqual([
      STATUS.INVALID_ARGUMENT,
      expect.stringContaining(contentType),
    ]);
  });

  test('what the runtime passes on in a header, a caller cannot set', async () => {
    const headers = { 'x-received-content-type': 'application/grpc+proto' };
    const reply = await callRaw({
      port,
      path: EXECUTE,
      contentType: 'application/grpc+json',
      body: json,
      headers,
    });
    expect(JSON.parse(String(reply.body))).toMatchObject({ success: true });
  });

  test('protobuf carries maps, lists, long integers and unset fields both ways', async () => {
    const reply = await callRaw({ port, path: INFO, contentType: 'application/grpc+proto', body: null });
    const info = decodeProto('InfoResponse', reply.body ?? Buffer.alloc(0));
    expect(info).toMatchObject({ name: 'a', devops_stages: [8], metadata: { k: 'v' } });
    expect(info.default_intents).toEqual([{ pattern: 'p', confidence: 0.5 }]);
    const response = decodeProto(
      'ExecuteResponse',
      encodeProto('ExecuteResponse', { duration_ms: 9007199254740993n }),
    );
    expect(response.duration_ms).toBe(9007199254740993n);
    expect(
      decodeProto('EmbedResponse', encodeProto('EmbedResponse', { vectors: [[1, 0.5], []] })).vectors,
    ).toEqual([[1, 0.5], []]);
  });
});

describe('errors', () => {
  test.each([
    ['HealthCheck', STATUS.INTERNAL, 'internal error'],
    ['ConfigUpdated', STATUS.FAILED_PRECONDITION, 'not now — später'],
    ['GetSchema', STATUS.UNIMPLEMENTED, expect.stringContaining('GetSchema')],
  ])('%s', async (method, status, message) => {
    const path = `/mirastack.plugin.v1.PluginService/${method}`;
    const reply = await callRaw({ port, path, contentType: 'application/grpc+json', body: '{}' });
    expect([reply.status, reply.message]).toEqual([status, message]);
  });

  test('one corrupt gzip frame ends one call, not the process (CVE-2026-48069)', async () => {
    const frame = Buffer.from([1, 0, 0, 0, 4, 0x1f, 0x8b, 0x00, 0x00]);
    const reply = await callRaw({
      port,
      path: INFO,
      contentType: 'application/grpc+json',
      body: null,
      frame,
      headers: { 'grpc-encoding': 'gzip' },
    });
    expect(reply.status).toBe(STATUS.INTERNAL);
    expect(
      (await callRaw({ port, path: INFO, contentType: 'application/grpc+json', body: '{}' })).status,
    ).toBe(STATUS.OK);
  });
});

test('the caller is profiled and named', async () => {
  const go = { 'user-agent': 'grpc-go/1.80.0', 'x-plugin-name': 'my_agent' };
  await callRaw({ port, path: INFO, contentType: 'application/grpc+json', body: '{}', headers: go });
  await callRaw({
    port,
    path: INFO,
    contentType: 'application/grpc',
    body: '{}',
    headers: { 'user-agent': 'grpc-python/1.85.1 grpc-c/58' },
  });
  await callRaw({
    port,
    path: INFO,
    contentType: 'application/grpc',
    body: '{}',
    headers: { 'user-agent': 'grpc-python/1.85.1 grpc-c/58', 'x-plugin-name': 'my_agent' },
  });
  const client = createClient({ service: 'PluginService', address: `127.0.0.1:${port}`, keepalive: false });
  await client.call('Info', {});
  client.close();
  await callRaw({ port, path: INFO, contentType: 'application/grpc', body: '{}' });
  expect(contexts.map(({ peer, pluginName }) => [peer, pluginName])).toEqual([
    ['go', 'my_agent'],
    ['python', undefined],
    ['mended-python', 'my_agent'],
    ['typescript', undefined],
    ['unknown', undefined],
  ]);
});

test('64 MiB pass both ways, and the client sends no more', async () => {
  const client = createClient({ service: 'PluginService', address: `127.0.0.1:${port}`, keepalive: false });
  const largest = (64 * 1024 * 1024 - 1024) * (3 / 4);
  const text = Buffer.from(JSON.stringify('x'.repeat(largest - 2 - (largest % 3))));
  const reply = await client.call('Execute', { params_json: text });
  expect(reply.result_json.length).toBe(text.length);
  await expect(
    client.call('Execute', { params_json: Buffer.concat([text, Buffer.alloc(4096, 0x20)]) }),
  ).rejects.toMatchObject({ status: 'RESOURCE_EXHAUSTED' });
  client.close();
});

test('the server itself refuses a larger message', async () => {
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(64 * 1024 * 1024 + 1, 1);
  const reply = await callRaw({
    port,
    path: EXECUTE,
    contentType: 'application/grpc+json',
    body: null,
    frame,
  });
  expect(reply.status).toBe(STATUS.RESOURCE_EXHAUSTED);
});

test('a handler whose answer is on its way hears nothing', async () => {
  const client = createClient({ service: 'PluginService', address: `127.0.0.1:${port}`, keepalive: false });
  await client.call('Execute', { params_json: Buffer.from('{}') });
  await client.call('Execute', { params_json: Buffer.from('{}') });
  expect(contexts[0]?.signal.aborted).toBe(false);
  client.close();
});

test('a handler hears that its caller gave up', async () => {
  const client = createClient({ service: 'PluginService', address: `127.0.0.1:${port}`, keepalive: false });
  const abort = new AbortController();
  let aborted: () => void = () => undefined;
  const handlerAborted = new Promise<void>((resolve) => (aborted = resolve));
  onExecute = (context) => {
    abort.abort();
    return new Promise((resolve) =>
      context.signal.addEventListener('abort', () => {
        aborted();
        resolve();
      }),
    );
  };
  await expect(client.call('Execute', {}, { signal: abort.signal })).rejects.toMatchObject({
    status: 'CANCELLED',
  });
  await handlerAborted;
  await expect(client.call('Execute', {}, { timeoutMs: 50 })).rejects.toMatchObject({
    status: 'DEADLINE_EXCEEDED',
  });
  client.close();
});

describe('closing', () => {
  const closed = (socket: net.Socket) => once(socket.on('error', () => undefined).resume(), 'close');

  test('lets a running call finish', async () => {
    let release: () => void = () => undefined;
    onExecute = () => new Promise((resolve) => (release = resolve));
    const client = createClient({ service: 'PluginService', address: `127.0.0.1:${port}`, keepalive: false });
    const call = client.call('Execute', { params_json: Buffer.from('{}') });
    await expect.poll(() => contexts.length).toBe(1);
    const end = server.close(20_000);
    release();
    expect(await call).toMatchObject({ success: true });
    client.close();
    await end;
  });

  test('ends a silent connection and a half-sent stream', async () => {
    const silent = net.connect(port, '127.0.0.1');
    await once(silent, 'connect');
    const session = http2.connect(`http://127.0.0.1:${port}`).on('error', () => undefined);
    const half = session.request(
      { ':method': 'POST', ':path': INFO, 'content-type': 'application/grpc+json', te: 'trailers' },
      { endStream: false },
    );
    half.on('error', () => undefined).write(Buffer.from([0, 0]));
    await once(session, 'remoteSettings');
    const ends = [closed(silent), once(session, 'close')];
    await server.close(100);
    await Promise.all(ends);
    await expect(
      callRaw({ port, path: INFO, contentType: 'application/grpc+json', body: '{}' }),
    ).rejects.toThrow();
  });
});

test('a long status text is cut, because a header of its size would stall the connection', async () => {
  const client = createClient({ service: 'PluginService', address: `127.0.0.1:${port}`, keepalive: false });
  onExecute = () => Promise.reject(new WireError('NOT_FOUND', 'x'.repeat(200_000)));
  const refused = client.call('Execute', {}, { timeoutMs: 5_000 });
  await expect(refused).rejects.toMatchObject({
    status: 'NOT_FOUND',
    message: expect.stringMatching(/^x{1000}…$/),
  });
  expect(await client.call('Info', {})).toMatchObject({ name: 'a' });
  client.close();
});
