import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createValkeyCache, type EngineCache } from '../../src/engine/cache/index.ts';
import { UserError } from '../../src/support/errors.ts';
import {
  findRedisServer,
  type RedisProgram,
  type RedisServer,
  startRedisServer,
} from '../support/redis-server.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
/** With characters that a URL and a pattern treat as special. */
const PASSWORD = 's3cr$t/@:%+';
const redis = findRedisServer();
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const servers = new Set<RedisServer>();
const caches = new Set<EngineCache>();
const listeners = new Set<Server>();
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const cache of caches) await cache.close();
  for (const socket of sockets) socket.destroy();
  for (const listener of listeners) listener.close();
  await Promise.all([...servers].map((server) => server.stop()));
  for (const kept of [caches, sockets, listeners, servers]) kept.clear();
});

async function start(options?: { readonly port?: number; readonly password?: string }): Promise<RedisServer> {
  const server = await startRedisServer(redis as RedisProgram, options);
  servers.add(server);
  return server;
}

async function open(url: string, options?: Parameters<typeof createValkeyCache>[1]): Promise<EngineCache> {
  const cache = await createValkeyCache(url, options);
  caches.add(cache);
  return cache;
}

/** A server of our own that answers every piece it receives with the same text, or not at all. */
async function listen(answer?: string): Promise<{ readonly port: number; readonly open: () => number }> {
  const live = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    live.add(socket);
    socket.on('error', () => undefined).on('close', () => live.delete(socket));
    socket.on('data', () => answer !== undefined && socket.write(answer));
  });
  listeners.add(listener);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return { port: (listener.address() as AddressInfo).port, open: () => live.size };
}

/** Sends commands as one would type them and returns all that comes back. */
async function type(server: RedisServer, ...commands: readonly string[]): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.end(`${[...commands, 'QUIT'].join('\r\n')}\r\n`);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  return error;
}

describe('the address of the server', () => {
  test.each([
    'http://127.0.0.1:6379',
    'redis:',
    `redis://:${PASSWORD}@127.0.0.1`,
    `user:${PASSWORD}@host`,
    `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:99999`,
    `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1/name`,
    `redis://127.0.0.1?password=${PASSWORD}`,
    'redis://:%E0%A4%A@127.0.0.1',
  ])('%s is refused without its password', async (url) => {
    const error = await failureOf(createValkeyCache(url));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ kind: 'usage', code: 'invalid-valkey-url' });
    for (const secret of [PASSWORD, 's3cr', encodeURIComponent(PASSWORD)])
      expect(`${error.message} ${error.stack}`).not.toContain(secret);
  });

  test('nobody listens there: one error that names it, credentials masked', async () => {
    const { port } = await listen();
    for (const listener of listeners) listener.close();
    const url = `valkey://agent:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/2`;
    const error = await failureOf(createValkeyCache(url));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'valkey-unreachable' });
    expect(error.message).toContain(`The cache server at valkey://***@127.0.0.1:${port}/2 cannot be used: `);
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).not.toContain('s3cr');
  });

  test('somebody listens and never answers: given up in time, with no socket left', async () => {
    const silent = await listen();
    const error = await failureOf(
      createValkeyCache(`redis://127.0.0.1:${silent.port}`, { connectTimeoutMs: 100 }),
    );
    expect(error).toMatchObject({ kind: 'unreachable', code: 'valkey-unreachable' });
    expect(error.message).toContain('no answer within 0.1 s');
    await expect.poll(silent.open).toBe(0);
  });

  test('a server that repeats what it was sent does not make us tell the password', async () => {
    const parrot = await listen(
      `-ERR unknown command 'AUTH', with args beginning with: '${PASSWORD.slice(0, 6)}\r\n`,
    );
    const error = await failureOf(
      createValkeyCache(`redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${parrot.port}`, {
        connectTimeoutMs: 1_000,
      }),
    );
    expect(error).toMatchObject({ code: 'valkey-unreachable' });
    expect(error.message).toContain("unknown command 'AUTH'");
    expect(error.message).not.toContain('s3cr');
    await expect.poll(parrot.open).toBe(0);
  });
});

describe.skipIf(redis === undefined)('a cache in a Redis server', () => {
  test('lies under one name per tenant and key, with the TTL', async () => {
    const server = await start();
    const cache = await open(server.url.replace('redis:', 'valkey:'));
    await cache.set(TENANT, 'my_agent:list', text('value'), 300);
    await cache.set(TENANT, 'kept', text('value'), 0);
    const name = `mirastack:${TENANT}:cache`;
    expect(await type(server, `GET ${name}:my_agent:list`)).toContain('$5\r\nvalue\r\n');
    expect(Number(/^:(\d+)/.exec(await type(server, `TTL ${name}:my_agent:list`))?.[1])).toBeGreaterThan(290);
    expect(await type(server, `TTL ${name}:kept`)).toMatch(/^:-1\r\n/);
  });

  test('uses the database and the password of the address', async () => {
    const server = await start({ password: PASSWORD });
    const cache = await open(`${server.url}/3`);
    await cache.set(TENANT, 'k', text('value'), 0);
    expect(await type(server, `AUTH ${PASSWORD}`, 'SELECT 3', 'DBSIZE')).toContain(':1\r\n');
    const wrong = `redis://:wrong-${encodeURIComponent(PASSWORD)}@127.0.0.1:${server.port}`;
    const error = await failureOf(createValkeyCache(wrong));
    expect(error.message).toContain('WRONGPASS');
    expect(error.message).not.toContain('s3cr');
    expect((await failureOf(createValkeyCache(`redis://127.0.0.1:${server.port}`))).message).toContain(
      'NOAUTH',
    );
  });

  test('while the server is away calls fail at once and tell no password; afterwards they work again', async () => {
    const server = await start({ password: PASSWORD });
    const cache = await open(server.url);
    await cache.set(TENANT, 'k', text('before'), 0);
    await server.stop();
    await expect
      .poll(() => failureOf(cache.get(TENANT, 'k')).then(({ message }) => message))
      .toContain('offline');
    for (const work of [cache.getBatch(TENANT, ['k']), cache.set(TENANT, 'k', text('x'), 0)]) {
      const { message, stack } = await failureOf(work);
      expect(message).toContain(`the cache server at redis://***@127.0.0.1:${server.port} failed: `);
      expect(`${message} ${stack}`).not.toContain('s3cr');
    }
    await start({ port: server.port, password: PASSWORD });
    await expect.poll(() => cache.get(TENANT, 'k').catch(() => 'away'), { timeout: 10_000 }).toBeUndefined();
    await cache.set(TENANT, 'k', text('after'), 0);
    expect(await cache.get(TENANT, 'k')).toEqual(text('after'));
  });

  test('a server that hangs costs a call its time and no more', async () => {
    const server = await start();
    const cache = await open(server.url, { callTimeoutMs: 100 });
    await type(server, 'CLIENT PAUSE 60000');
    expect((await failureOf(cache.get(TENANT, 'k'))).message).toContain('no answer within 0.1 s');
    const rest = await Promise.all(
      Array.from({ length: 1_500 }, (_, at) => failureOf(cache.get(TENANT, `k${at}`))),
    );
    expect(rest.filter(({ message }) => message.includes('queue is full')).length).toBeGreaterThan(400);
    await cache.close();
  });

  test('closing ends its connection, also with calls under way', async () => {
    const server = await start();
    const cache = await open(server.url);
    const clients = async () =>
      Number(/connected_clients:(\d+)/.exec(await type(server, 'INFO clients'))?.[1]);
    expect(await clients()).toBe(2);
    await type(server, 'CLIENT PAUSE 500');
    const pending = failureOf(cache.get(TENANT, 'k'));
    await cache.close();
    expect((await pending).message).toBe('the cache is closed');
    await expect.poll(clients, { timeout: 10_000 }).toBe(1);
  });
});
