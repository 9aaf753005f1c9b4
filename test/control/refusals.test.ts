import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ControlServer, startControl } from '../../src/control/index.ts';
import { type FakeEngine, fakeEngine, portOf, requestText, sendRaw } from './support.ts';

let engine: FakeEngine;
let server: ControlServer;
let port: number;
const internal = vi.fn();

beforeAll(async () => {
  engine = fakeEngine();
  server = await startControl({ engine, version: '0.1.0', onInternalError: internal });
  port = portOf(server.url);
});
beforeEach(() => {
  internal.mockReset();
  engine.invoked.length = 0;
});
afterAll(() => server.close());

const host = () => `Host: 127.0.0.1:${port}`;
const auth = () => `Authorization: Bearer ${server.token}`;
const JSON_TYPE = 'Content-Type: application/json';
const invoke = (body: string) =>
  sendRaw(port, requestText('POST', '/api/invoke', [host(), auth(), JSON_TYPE], body));

describe('refusals', () => {
  it.each([
    ['no such path', () => requestText('GET', '/api/nothing', [host(), auth()]), 404],
    ['the root', () => requestText('GET', '/', [host()]), 404],
    ['a path with a slash more', () => requestText('GET', '/api/engine/', [host(), auth()]), 404],
    ['an encoded path', () => requestText('GET', '/api%2fengine', [host(), auth()]), 404],
    [
      'an absolute target',
      () => requestText('GET', `http://127.0.0.1:${port}/api/engine`, [host(), auth()]),
      404,
    ],
    ['HEAD', () => requestText('HEAD', '/api/engine', [host(), auth()]), 405],
    [
      'a preflight',
      () => requestText('OPTIONS', '/api/invoke', [host(), 'Access-Control-Request-Method: POST']),
      405,
    ],
    ['two Hosts', () => requestText('GET', '/api/engine', [host(), host(), auth()]), 421],
    [
      'two Hosts, one foreign',
      () => requestText('GET', '/api/engine', [host(), 'Host: evil.test', auth()]),
      421,
    ],
    ['two tokens', () => requestText('GET', '/api/engine', [host(), 'Authorization: Bearer 0', auth()]), 401],
    [
      'a token of another scheme',
      () => requestText('GET', '/api/engine', [host(), `Authorization: Basic ${server.token}`]),
      401,
    ],
    ['a token in the URL', () => requestText('GET', `/api/engine?token=${server.token}`, [host()]), 401],
    ['half a token', () => requestText('GET', '/api/engine', [host(), auth().slice(0, -32)]), 401],
  ])('%s', async (_name, request, status) => {
    const reply = await sendRaw(port, request());
    expect(reply.status).toBe(status);
    expect(reply.text).not.toContain(server.token);
  });

  it.each([
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON;charset="UTF-8"', 200],
    ['application/json; charset=latin1', 415],
    ['application/json-patch+json', 415],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=application/json', 415],
    [null, 415],
  ])('content type %s gets %i', async (type, status) => {
    const lines = [host(), auth(), ...(type === null ? [] : [`Content-Type: ${type}`])];
    const reply = await sendRaw(
      port,
      requestText('POST', '/api/invoke', lines, '{"action":"a","params":{}}'),
    );
    expect(reply.status).toBe(status);
  });

  it.each([
    ['The body', ''],
    ['The body', '{'],
    ['The body', '[]'],
    ['The body', 'null'],
    ['action', '{"params":{}}'],
    ['action', '{"action":" ","params":{}}'],
    ['params', '{"action":"a"}'],
    ['params', '{"action":"a","params":[]}'],
    ['agent', '{"action":"a","params":{},"agent":7}'],
    ['timeoutMs', '{"action":"a","params":{},"timeoutMs":"7"}'],
    ['timeoutMs', '{"action":"a","params":{},"timeoutMs":0}'],
    ['timeoutMs', '{"action":"a","params":{},"timeoutMs":2147483648}'],
    ['timeRange.endEpochMs', '{"action":"a","params":{},"timeRange":{"startEpochMs":1}}'],
    [
      'timeRange.timezone',
      '{"action":"a","params":{},"timeRange":{"startEpochMs":1,"endEpochMs":2,"timezone":1}}',
    ],
    ['"mood"', '{"action":"a","params":{},"mood":"MANUAL"}'],
    ['mode', '{"action":"a","params":{},"mode":"manual"}'],
    ['"days"', '{"action":"a","params":{},"time":{"days":7}}'],
    ['executionId', '{"action":"a","params":{},"executionId":"7"}'],
    ['params.ids[0].n', '{"action":"a","params":{"ids":[{"n":9223372036854775807}]}}'],
    ['params.x', '{"action":"a","params":{"x":{"__proto__":{"y":1}}}}'],
    ['params.x[0]', `{"action":"a","params":{"x":${'['.repeat(100)}${']'.repeat(100)}}}`],
    ['params[0]', `{"action":"a","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('a bad body, naming %s', async (field, body) => {
    const reply = await invoke(body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body).error).toMatchObject({ code: 'bad-request', kind: 'usage' });
    expect(JSON.parse(reply.body).error.message).toContain(field);
    expect(engine.invoked).toEqual([]);
    expect(internal).not.toHaveBeenCalled();
  });

  it('a body that is not UTF-8', async () => {
    const head = requestText('POST', '/api/invoke', [host(), auth(), JSON_TYPE, 'Content-Length: 3']);
    const reply = await sendRaw(port, Buffer.concat([Buffer.from(head), Buffer.from([0x22, 0xff, 0x22])]));
    expect(reply.status).toBe(400);
  });

  it('a body over 8 MiB, announced or not', async () => {
    const cap = 8 * 1024 * 1024;
    const head = [host(), auth(), JSON_TYPE];
    const announced = await sendRaw(
      port,
      requestText('POST', '/api/invoke', [...head, `Content-Length: ${cap + 1}`]),
    );
    expect(announced.status).toBe(413);
    const chunk = 'x'.repeat(1024 * 1024);
    const chunks = `100000\r\n${chunk}\r\n`.repeat(9);
    const lines = [...head, 'Transfer-Encoding: chunked'];
    const streamed = await sendRaw(port, `${requestText('POST', '/api/invoke', lines)}${chunks}`);
    expect(streamed.status).toBe(413);
    const frame = '{"action":"a","params":{"x":""}}';
    const whole = frame.replace('""', `"${'x'.repeat(cap - frame.length)}"`);
    expect((await invoke(whole)).status).toBe(200);
    expect(engine.invoked).toHaveLength(1);
  });
});

describe('an upgrade', () => {
  const websocket = [
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  const upgrade = (target: string, lines: string[]) =>
    sendRaw(
      port,
      [`GET ${target} HTTP/1.1`, ...lines, ...websocket, 'Connection: Upgrade', '', ''].join('\r\n'),
    );

  it.each([
    ['its own origin', () => [host(), auth(), `Origin: http://127.0.0.1:${port}`], 426],
    ['no origin', () => [host(), auth()], 426],
    ['no token', () => [host()], 426],
    ['a foreign origin', () => [host(), auth(), 'Origin: http://evil.test'], 403],
    ['the null origin', () => [host(), auth(), 'Origin: null'], 403],
    ['a foreign host', () => [`Host: evil.test:${port}`, auth()], 421],
  ])('with %s never gets 101', async (_name, lines, status) => {
    for (const target of ['/', '/api/engine', '/api/invoke', '/ws']) {
      const reply = await upgrade(target, lines());
      expect(reply.status).toBe(status);
      expect(reply.text).not.toContain('HTTP/1.1 101');
    }
  });

  it('to h2c, and CONNECT, get nothing either', async () => {
    const lines = [
      host(),
      auth(),
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      'Connection: Upgrade, HTTP2-Settings',
    ];
    const reply = await sendRaw(port, ['GET /api/engine HTTP/1.1', ...lines, '', ''].join('\r\n'));
    expect(reply.status).toBe(426);
    const tunnel = await sendRaw(port, requestText('CONNECT', 'evil.test:80', [host(), auth()]));
    expect(tunnel.text).toBe('');
  });
});
