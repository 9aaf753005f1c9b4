import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ControlServer, connectControl, startControl } from '../../src/control/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { UserError, type UserErrorDetail } from '../../src/support/errors.ts';
import { AGENT, fakeEngine } from './support.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(invoke?: Engine['invoke']): Promise<ControlServer> {
  const server = await startControl({ engine: fakeEngine(invoke), version: '0.1.0' });
  closers.push(() => server.close());
  return server;
}
const connect = ({ url, token }: ControlServer) => connectControl({ controlUrl: url, token });

/** Another program on the port. */
async function serveOther(listener: RequestListener): Promise<string> {
  const server = http.createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const TOKEN = 'ab'.repeat(32);
const errorOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error) => error,
  );

async function expectNotReachable(url: string, reason: string, ask = 'agents' as 'agents' | 'invoke') {
  const client = connectControl({ controlUrl: url, token: TOKEN });
  const error = await errorOf(
    ask === 'agents' ? client.agents() : client.invoke({ action: 'a', params: {} }),
  );
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ kind: 'unreachable', code: 'engine-not-reachable' });
  expect((error as UserError).message).toContain(url);
  expect((error as UserError).message).toContain(reason);
  expect(JSON.stringify([error, (error as UserError).message, (error as UserError).hint])).not.toContain(
    TOKEN,
  );
}

describe('a client', () => {
  it('asks for the engine, the agents and an invoke', async () => {
    const client = connect(await serve());
    expect(await client.engine()).toMatchObject({
      grpcAddr: '127.0.0.1:50051',
      pid: process.pid,
      version: '0.1.0',
    });
    expect(await client.agents()).toEqual([AGENT]);
    const params = { name: 'Zoë \u2028 😀', deep: [{ x: null }] };
    expect(await client.invoke({ action: 'get_item', params })).toEqual({
      success: true,
      outcome: 'succeeded',
      resultJson: JSON.stringify(params),
      error: '',
      durationMs: 1,
      executionId: 'e-1',
    });
  });

  it('goes past every proxy', async () => {
    const seen = vi.fn();
    const proxy = await serveOther((_request, response) => {
      seen();
      response.end();
    });
    for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']) vi.stubEnv(name, proxy);
    vi.stubEnv('no_proxy', '');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect(await connect(await serve()).agents()).toEqual([AGENT]);
    expect(seen).not.toHaveBeenCalled();
  });

  const errors: UserErrorDetail[] = [
    { kind: 'usage', code: 'unknown-action', message: 'No agent offers `x`.', hint: 'See `list`.' },
    { kind: 'failed', code: 'needs-approval', message: 'It waits for approval.' },
    { kind: 'unreachable', code: 'no-healthy-instance', message: 'No instance of my_agent is healthy.' },
    { kind: 'tool-missing', code: 'no-go', message: 'Go is not installed.', hint: 'Install it.' },
    { kind: 'io', code: 'disk-full', message: 'The disk is full.' },
  ];
  it.each(errors)('throws what the engine threw: $kind', async (detail) => {
    const sent = new UserError(detail);
    const client = connect(
      await serve(async () => {
        throw sent;
      }),
    );
    const error = await errorOf(client.invoke({ action: 'x', params: {} }));
    expect(error).toBeInstanceOf(UserError);
    const { kind, code, message, hint } = error as UserError;
    expect({ kind, code, message, hint }).toEqual({ hint: undefined, ...detail });
  });

  it('does not make a user error of a bug in the engine', async () => {
    const client = connect(
      await serve(async () => {
        throw new TypeError('x is undefined');
      }),
    );
    const error = await errorOf(client.invoke({ action: 'x', params: {} }));
    expect(error).not.toBeInstanceOf(UserError);
    expect(String(error)).toContain('x is undefined');
  });

  it('cancels the invoke at the engine', async () => {
    let engineSignal: AbortSignal | undefined;
    const client = connect(
      await serve((_request, options) => {
        engineSignal = options?.signal;
        return new Promise(() => {});
      }),
    );
    const caller = new AbortController();
    const outcome = errorOf(client.invoke({ action: 'x', params: {} }, { signal: caller.signal }));
    await vi.waitFor(() => expect(engineSignal).toBeDefined());
    const reason = new Error('Ctrl-C');
    caller.abort(reason);
    expect(await outcome).toBe(reason);
    await vi.waitFor(() => expect(engineSignal?.aborted).toBe(true));
    expect(await errorOf(client.invoke({ action: 'x', params: {} }, { signal: caller.signal }))).toBe(reason);
  });

  it('says that a token is not accepted, without the token', async () => {
    const { url } = await serve();
    const error = await errorOf(connectControl({ controlUrl: url, token: TOKEN }).agents());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'wrong-token' });
    expect(JSON.stringify(error) + String(error)).not.toContain(TOKEN);
  });

  it('refuses a request over 8 MiB before it sends it', async () => {
    const client = connect(await serve());
    const error = await errorOf(client.invoke({ action: 'x', params: { x: 'é'.repeat(5 * 1024 * 1024) } }));
    expect(error).toMatchObject({ kind: 'usage', code: 'body-too-large' });
  });

  it('says that nothing listens', async () => {
    const server = await serve();
    await server.close();
    await expectNotReachable(server.url, 'nothing listens');
  });

  it('says that the engine went away in the middle', async () => {
    const url = await serveOther((request) => request.socket.destroy());
    await expectNotReachable(url, 'closed the connection', 'invoke');
    const half = await serveOther((request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"agents":');
      setTimeout(() => request.socket.destroy(), 20);
    });
    await expectNotReachable(half, 'closed the connection');
  });

  it('follows no redirect and takes no foreign answer', async () => {
    const { url } = await serve();
    const redirect = await serveOther((_request, response) => {
      response.writeHead(307, { location: `${url}/api/agents` }).end();
    });
    await expectNotReachable(redirect, 'status 307');
    await expectNotReachable(
      await serveOther((_request, response) => void response.end('<html>')),
      'status 200',
    );
    await expectNotReachable(
      await serveOther((_request, response) => void response.end('{"a":1}')),
      'status 200',
    );
    await expectNotReachable(
      await serveOther((_request, response) => void response.writeHead(404).end('{"error":"no"}')),
      'status 404',
    );
  });

  it('keeps nothing open', async () => {
    const server = await serve();
    const client = connect(server);
    await Promise.all([client.agents(), client.engine(), client.invoke({ action: 'a', params: {} })]);
    await errorOf(connectControl({ controlUrl: server.url, token: TOKEN }).agents());
    // The server would keep an idle connection for seconds.
    await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain('TCPSocketWrap'));
  });
});
