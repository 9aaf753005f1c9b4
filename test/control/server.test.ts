import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ControlServer, startControl } from '../../src/control/index.ts';
import { UserError, type UserErrorKind } from '../../src/support/errors.ts';
import { AGENT, type FakeEngine, fakeEngine, portOf, requestText, sendRaw } from './support.ts';

let engine: FakeEngine;
let server: ControlServer;
let port: number;
const internal = vi.fn();

async function start(fake: FakeEngine) {
  engine = fake;
  server = await startControl({ engine, version: '0.1.0', onInternalError: internal });
  port = portOf(server.url);
}
beforeEach(async () => {
  internal.mockReset();
  await start(fakeEngine());
});
afterEach(() => server.close());

async function restart(fake: FakeEngine) {
  await server.close();
  await start(fake);
}

const host = () => `Host: 127.0.0.1:${port}`;
const auth = () => `Authorization: Bearer ${server.token}`;
const JSON_TYPE = 'Content-Type: application/json';
const get = (path: string) => sendRaw(port, requestText('GET', path, [host(), auth()]));
const invoke = (body: string) =>
  sendRaw(port, requestText('POST', '/api/invoke', [host(), auth(), JSON_TYPE], body));

describe('answers', () => {
  it('tell the engine and the agents', async () => {
    expect(JSON.parse((await get('/api/engine')).body)).toEqual({
      grpcAddr: '127.0.0.1:50051',
      tenantIds: [AGENT.tenantId],
      pid: process.pid,
      version: '0.1.0',
    });
    const agents = await get('/api/agents?fresh=1');
    expect(agents.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(agents.body)).toEqual({ agents: [AGENT] });
  });

  it('carry what an invoke gave', async () => {
    const request = {
      action: 'get_item',
      agent: 'my_agent',
      params: { id: 7, deep: { constructor: [null, true, 'x'] } },
      timeRange: { startEpochMs: 1, endEpochMs: 2, timezone: 'UTC', originalExpression: 'just now' },
      timeoutMs: 1000,
    };
    const reply = await invoke(JSON.stringify(request));
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({
      success: true,
      resultJson: JSON.stringify(request.params),
    });
    expect(engine.invoked).toEqual([request]);
    expect(Object.getPrototypeOf(engine.invoked[0]?.params)).toBeNull();
  });

  const kinds: [UserErrorKind, number][] = [
    ['usage', 422],
    ['failed', 409],
    ['unreachable', 503],
    ['tool-missing', 501],
    ['io', 500],
  ];
  it.each(kinds)('carry a user error of kind %s with status %i', async (kind, status) => {
    const detail = { kind, code: 'some-code', message: 'It did not work.', hint: 'Try again.' };
    await restart(
      fakeEngine(async () => {
        throw new UserError(detail);
      }),
    );
    const reply = await invoke('{"action":"a","params":{}}');
    expect([reply.status, JSON.parse(reply.body)]).toEqual([status, { error: detail }]);
    expect(internal).not.toHaveBeenCalled();
  });

  it('call our bugs internal, and report them', async () => {
    const bug = new TypeError('x is undefined');
    await restart(
      fakeEngine(async () => {
        throw bug;
      }),
    );
    const reply = await invoke('{"action":"a","params":{}}');
    expect(reply.status).toBe(500);
    expect(JSON.parse(reply.body).error).toEqual({
      code: 'internal-error',
      message: 'x is undefined',
      hint: '',
      kind: 'internal',
    });
    expect(internal).toHaveBeenCalledExactlyOnceWith(bug);
  });
});

describe('the server', () => {
  it('listens on 127.0.0.1 only, with a new token of 32 bytes at each start', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.token).toMatch(/^[0-9a-f]{64}$/);
    const first = server.token;
    const elsewhere = net.connect(port, '127.0.0.2');
    await expect(
      new Promise((resolve, reject) => elsewhere.once('connect', resolve).once('error', reject)),
    ).rejects.toThrow('ECONNREFUSED');
    await restart(fakeEngine());
    expect(server.token).not.toBe(first);
  });

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'aborts the engine when the caller hangs up by %s',
    async (hangUp) => {
      let signal: AbortSignal | undefined;
      await restart(
        fakeEngine((_request, options) => {
          signal = options?.signal;
          return new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(signal?.reason));
          });
        }),
      );
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        requestText('POST', '/api/invoke', [host(), auth(), JSON_TYPE], '{"action":"a","params":{}}'),
      );
      await vi.waitFor(() => expect(signal).toBeDefined());
      socket[hangUp]();
      await vi.waitFor(() => expect(signal?.aborted).toBe(true));
      socket.destroy();
      expect(internal).not.toHaveBeenCalled();
    },
  );

  it('does not abort an invoke that ends by itself', async () => {
    let signal: AbortSignal | undefined;
    await restart(
      fakeEngine(async (_request, options) => {
        signal = options?.signal;
        return {
          success: false,
          outcome: 'failed',
          resultJson: 'null',
          error: 'no',
          durationMs: 1,
          executionId: 'e-2',
        };
      }),
    );
    expect((await invoke('{"action":"a","params":{}}')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(signal?.aborted).toBe(false);
  });

  it('closes silent and busy connections, and only then says so', async () => {
    let signal: AbortSignal | undefined;
    await restart(
      fakeEngine((_request, options) => {
        signal = options?.signal;
        return new Promise(() => {});
      }),
    );
    const sockets = [net.connect(port, '127.0.0.1'), net.connect(port, '127.0.0.1')];
    const ends = sockets.map(
      (socket) => new Promise((resolve) => socket.on('error', () => {}).once('close', resolve)),
    );
    sockets[0]?.write(
      requestText('POST', '/api/invoke', [host(), auth(), JSON_TYPE], '{"action":"a","params":{}}'),
    );
    await vi.waitFor(() => expect(signal).toBeDefined());
    await Promise.all([server.close(), server.close()]);
    await Promise.all(ends);
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
    const late = net.connect(port, '127.0.0.1');
    await expect(
      new Promise((resolve, reject) => late.once('connect', resolve).once('error', reject)),
    ).rejects.toThrow('ECONNREFUSED');
  });

  it('closes a connection that never speaks within 10 s', async () => {
    const socket = net.connect(port, '127.0.0.1');
    const started = performance.now();
    await new Promise((resolve) =>
      socket
        .on('error', () => {})
        .on('data', () => {})
        .once('close', resolve),
    );
    expect(performance.now() - started).toBeLessThan(10_000);
  }, 15_000);
});
