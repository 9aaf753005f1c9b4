import { messageOf, systemCode, UserError } from '../../support/errors.ts';
import {
  checkBatch,
  checkKey,
  checkTenant,
  checkTtl,
  checkValue,
  closedError,
  DEFAULT_MAX_ENTRY_BYTES,
} from './bounds.ts';
import type { EngineCache } from './types.ts';
import { parseValkeyUrl, type ValkeyAddress } from './valkey-url.ts';

export interface ValkeyCacheOptions {
  /** Bytes of one value. Default 16 MiB. */
  readonly maxEntryBytes?: number;
  /** Milliseconds until the server must have answered for the first time. Default 3,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that one call may take. Default 5,000. */
  readonly callTimeoutMs?: number;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 3_000;
const DEFAULT_CALL_TIMEOUT_MS = 5_000;
/** Calls that wait for an answer; more are refused, so that a server that hangs does not fill our memory. */
const MAX_WAITING_CALLS = 1_000;
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 1_000;

/** The client library weighs a megabyte: it is loaded by whoever asks for it. */
async function createConnection(address: ValkeyAddress, connectTimeoutMs: number) {
  const { createClient, RESP_TYPES } = await import('@redis/client');
  let connected = false;
  const client = createClient({
    // Known to every server; version 3 starts with a command that old ones answer with the password in their error.
    RESP: 2,
    socket: {
      host: address.host,
      port: address.port,
      connectTimeout: connectTimeoutMs,
      reconnectStrategy: (retries) =>
        // The first connection is made at once or not at all.
        connected && Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** retries) * (0.5 + Math.random() / 2),
    },
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    database: address.database,
    commandsQueueMaxLength: MAX_WAITING_CALLS,
    // While the server is away calls fail at once, instead of waiting for it.
    disableOfflineQueue: true,
    disableClientInfo: true,
  });
  // Every call that fails tells its caller; without a listener the same error would end the process.
  client.on('error', () => undefined);
  client.once('ready', () => {
    connected = true;
  });
  return client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
}

type Connection = Awaited<ReturnType<typeof createConnection>>;

/** An error's text without what was sent: servers repeat the arguments of commands they do not know. */
function describeFault(error: unknown, { password }: ValkeyAddress): string {
  const text = messageOf(error) || (systemCode(error) ?? 'no reason was given');
  const named = text.replace(/,? with args.*$/s, '');
  return password === undefined ? named : named.replaceAll(password, '***');
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function connect(address: ValkeyAddress, timeoutMs: number): Promise<Connection> {
  const connection = await createConnection(address, timeoutMs);
  try {
    // An open port alone says nothing of who listens on it.
    await within(
      connection.connect().then(() => connection.ping()),
      timeoutMs,
    );
    return connection;
  } catch (error) {
    connection.destroy();
    throw new UserError({
      kind: 'unreachable',
      code: 'valkey-unreachable',
      message: `The cache server at ${address.shown} cannot be used: ${describeFault(error, address)}.`,
      hint: 'Start it, or mend the address and its credentials; without --valkey the engine keeps the cache in memory.',
    });
  }
}

/**
 * A cache in a Valkey or Redis server, under `mirastack:{tenant}:cache:{key}`. It outlives the engine there, by as
 * much as the TTLs let it. While the server is away calls reject at once, and it is tried again with backoff.
 * @throws UserError `invalid-valkey-url` (usage), `valkey-unreachable` (unreachable), with credentials masked
 */
export async function createValkeyCache(url: string, options: ValkeyCacheOptions = {}): Promise<EngineCache> {
  const address = parseValkeyUrl(url);
  const { maxEntryBytes = DEFAULT_MAX_ENTRY_BYTES, callTimeoutMs = DEFAULT_CALL_TIMEOUT_MS } = options;
  const connection = await connect(address, options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS);
  let closed = false;

  const nameOf = (tenantId: string, key: string): string => `mirastack:${checkTenant(tenantId)}:cache:${key}`;
  const ask = async <T>(call: () => Promise<T>): Promise<T> => {
    if (closed) throw closedError();
    try {
      return await within(call(), callTimeoutMs);
    } catch (error) {
      if (closed) throw closedError();
      throw new Error(`the cache server at ${address.shown} failed: ${describeFault(error, address)}`);
    }
  };
  // A copy, as the reply is a window onto all that came with it.
  const copied = (reply: Buffer | null | undefined): Uint8Array | undefined =>
    reply === null || reply === undefined ? undefined : new Uint8Array(reply);

  return {
    async get(tenantId, key) {
      checkKey(key);
      const name = nameOf(tenantId, key);
      return copied(await ask(() => connection.get(name)));
    },
    async getBatch(tenantId, keys) {
      checkBatch(keys);
      const asked = [...new Set(keys)];
      const names = asked.map((key) => nameOf(tenantId, key));
      const replies =
        names.length === 0 ? await ask(async () => []) : await ask(() => connection.mGet(names));
      const found = new Map(asked.map((key, at) => [key, copied(replies[at])]));
      return keys.map((key) => found.get(key));
    },
    async set(tenantId, key, value, ttlSeconds) {
      checkKey(key);
      checkValue(value, maxEntryBytes);
      const name = nameOf(tenantId, key);
      const ttl = checkTtl(ttlSeconds);
      // A copy, for the caller may change it before it is sent.
      const bytes = Buffer.from(value);
      await ask(() =>
        connection.set(name, bytes, ttl === 0 ? {} : { expiration: { type: 'EX', value: ttl } }),
      );
    },
    async close() {
      if (closed) return;
      closed = true;
      connection.destroy();
    },
  };
}
