import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createMemoryCache,
  createValkeyCache,
  type EngineCache,
  type MemoryCache,
} from '../../src/engine/cache/index.ts';
import { findRedisServer, type RedisServer, startRedisServer } from '../support/redis-server.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const OTHER = '0b8f6a51-6f0e-4a3e-9d3c-b2f7f2a3c111';
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

let nowMs = 0;
const redis = findRedisServer();
let server: RedisServer | undefined;
beforeAll(async () => {
  if (redis !== undefined) server = await startRedisServer(redis);
});
afterAll(() => server?.stop());

describe.each([
  {
    name: 'in memory',
    skip: false,
    create: async (): Promise<EngineCache> => createMemoryCache({ maxEntryBytes: 1_000, now: () => nowMs }),
  },
  {
    name: 'in a Redis server',
    skip: redis === undefined,
    create: (): Promise<EngineCache> => createValkeyCache(server?.url ?? '', { maxEntryBytes: 1_000 }),
  },
])('a cache $name', ({ skip, create }) => {
  let cache: EngineCache;
  // Its own names: the server outlives each test's cache.
  let round = 0;
  let key = '';
  beforeEach(async () => {
    round += 1;
    key = `my_agent:list:${round}`;
    if (!skip) cache = await create();
  });
  afterEach(() => cache?.close());

  test.skipIf(skip)('gives back every byte as it was set', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    await cache.set(TENANT, key, all, 0);
    expect(await cache.get(TENANT, key)).toEqual(all);
    // Bytes that are no UTF-8, and the payload of protocol.md §9, 12.
    for (const value of [bytes(0x76, 0, 0xff), bytes(0xc3, 0x28), bytes(13, 10), text('test')]) {
      await cache.set(TENANT, key, value, 60);
      expect(await cache.get(TENANT, key)).toEqual(value);
    }
  });

  test.skipIf(skip)('tells an empty value from a missing one', async () => {
    await cache.set(TENANT, key, bytes(), 60);
    expect(await cache.get(TENANT, key)).toEqual(bytes());
    expect(await cache.get(TENANT, `${key}:missing`)).toBeUndefined();
    expect(await cache.getBatch(TENANT, [`${key}:missing`, key])).toEqual([undefined, bytes()]);
  });

  test.skipIf(skip)('keeps tenants apart', async () => {
    await cache.set(TENANT, key, text('mine'), 0);
    expect(await cache.get(OTHER, key)).toBeUndefined();
    await cache.set(OTHER, key, text('theirs'), 0);
    expect(await cache.get(TENANT, key)).toEqual(text('mine'));
    expect(await cache.getBatch(OTHER, [key])).toEqual([text('theirs')]);
    // No key reaches into another namespace.
    expect(await cache.get(TENANT, `../${OTHER}:cache:${key}`)).toBeUndefined();
    for (const tenant of ['', `${TENANT}:cache`])
      await expect(cache.get(tenant, key)).rejects.toThrow(RangeError);
  });

  test.skipIf(skip)('answers a batch in the order asked, also for a key asked twice', async () => {
    await cache.set(TENANT, `${key}:a`, text('A'), 0);
    await cache.set(TENANT, `${key}:b`, text('B'), 0);
    const keys = ['b', 'none', 'a', 'b'].map((name) => `${key}:${name}`);
    expect(await cache.getBatch(TENANT, keys)).toEqual([text('B'), undefined, text('A'), text('B')]);
    expect(await cache.getBatch(TENANT, [])).toEqual([]);
  });

  test.skipIf(skip)('takes any key, and the last value set for it', async () => {
    for (const odd of [
      `${key} with spaces`,
      `${key}\r\nGET x`,
      `${key}{tag}:ä€😀`,
      `${key}\0`,
      `${key}${'k'.repeat(900)}`,
    ]) {
      await cache.set(TENANT, odd, text('first'), 60);
      await cache.set(TENANT, odd, text('second'), 0);
      expect(await cache.get(TENANT, odd)).toEqual(text('second'));
    }
  });

  test.skipIf(skip)('forgets a value when its TTL is over, and never one without', async () => {
    await cache.set(TENANT, key, text('short'), 1);
    await cache.set(TENANT, `${key}:long`, text('long'), 3_600);
    await cache.set(TENANT, `${key}:kept`, text('kept'), 0);
    expect(await cache.get(TENANT, key)).toEqual(text('short'));
    nowMs += 1_000;
    await expect.poll(() => cache.get(TENANT, key), { timeout: 10_000 }).toBeUndefined();
    expect(await cache.getBatch(TENANT, [key, `${key}:long`, `${key}:kept`])).toEqual([
      undefined,
      text('long'),
      text('kept'),
    ]);
  });

  test.skipIf(skip)(
    'a TTL of thousands of years is for ever, and a later one replaces an earlier',
    async () => {
      await cache.set(TENANT, key, text('far'), Number.MAX_SAFE_INTEGER);
      expect(await cache.get(TENANT, key)).toEqual(text('far'));
      await cache.set(TENANT, key, text('far'), 1);
      nowMs += 1_000;
      await expect.poll(() => cache.get(TENANT, key), { timeout: 10_000 }).toBeUndefined();
    },
  );

  test.skipIf(skip)('nobody changes what is stored through the arrays they hold', async () => {
    const value = text('value');
    const setting = cache.set(TENANT, key, value, 0);
    value.fill(0);
    await setting;
    (await cache.get(TENANT, key))?.fill(1);
    (await cache.getBatch(TENANT, [key]))[0]?.fill(2);
    expect(await cache.get(TENANT, key)).toEqual(text('value'));
  });

  test.skipIf(skip)(
    'refuses what is too large or no TTL, naming the bound, and keeps what it has',
    async () => {
      await cache.set(TENANT, key, text('kept'), 0);
      await expect(cache.set(TENANT, key, new Uint8Array(1_001), 0)).rejects.toThrow(
        new RangeError('the cache value is 1001 bytes long; values may have 1000'),
      );
      for (const ttl of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
        await expect(cache.set(TENANT, key, text('x'), ttl)).rejects.toThrow(RangeError);
      const long = 'ä'.repeat(513);
      const refused = new RangeError('the cache key is 1026 bytes long; keys may have 1024');
      await expect(cache.get(TENANT, long)).rejects.toThrow(refused);
      await expect(cache.getBatch(TENANT, [key, long])).rejects.toThrow(refused);
      await expect(cache.set(TENANT, long, text('x'), 0)).rejects.toThrow(refused);
      await expect(cache.getBatch(TENANT, Array(10_001).fill(key))).rejects.toThrow(RangeError);
      expect(await cache.get(TENANT, key)).toEqual(text('kept'));
    },
  );

  test.skipIf(skip)('once closed it refuses calls, and closing again is no error', async () => {
    await cache.close();
    await cache.close();
    await expect(cache.get(TENANT, key)).rejects.toThrow('the cache is closed');
    await expect(cache.getBatch(TENANT, [])).rejects.toThrow('the cache is closed');
    await expect(cache.set(TENANT, key, text('x'), 0)).rejects.toThrow('the cache is closed');
  });
});

/** Numbers that come again in every run (xorshift32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe('the bound of the memory cache', () => {
  /** What one entry with a key of a character and no value costs. */
  async function costOfEntry(): Promise<number> {
    const cache = createMemoryCache();
    await cache.set(TENANT, 'k', bytes(), 0);
    return cache.usedBytes;
  }
  const keysOf = async (cache: MemoryCache, keys: string): Promise<string> => {
    const found = await cache.getBatch(TENANT, [...keys]);
    return [...keys].filter((_, at) => found[at] !== undefined).join('');
  };

  test('the least recently used goes first, and both reads count as use', async () => {
    const cost = await costOfEntry();
    const cache = createMemoryCache({ maxBytes: 3 * cost });
    for (const key of 'abc') await cache.set(TENANT, key, bytes(), 0);
    await cache.get(TENANT, 'a');
    await cache.set(TENANT, 'd', bytes(), 0);
    await cache.getBatch(TENANT, ['c']);
    await cache.set(TENANT, 'e', bytes(), 0);
    expect(await keysOf(cache, 'abcde')).toBe('cde');
    await cache.set(TENANT, 'c', bytes(), 0);
    await cache.set(TENANT, 'f', bytes(), 0);
    expect(await keysOf(cache, 'abcdef')).toBe('cef');
  });

  test('counts keys, values and entries of all tenants together', async () => {
    const cache = createMemoryCache({ maxBytes: 1_000_000 });
    for (let at = 0; at < 20_000; at += 1) await cache.set(at % 2 ? TENANT : OTHER, `k${at}`, bytes(1), 0);
    expect(cache.usedBytes).toBeLessThanOrEqual(1_000_000);
    expect(cache.entryCount).toBeLessThan(2_000);
    expect(cache.entryCount).toBeGreaterThan(1_500);
  });

  test('a value that would never fit is refused, and pushes nothing out', async () => {
    const cost = await costOfEntry();
    const cache = createMemoryCache({ maxBytes: cost + 100 });
    await cache.set(TENANT, 'a', bytes(1), 0);
    await expect(cache.set(TENANT, 'b', new Uint8Array(101), 0)).rejects.toThrow('values may have 100');
    expect(await keysOf(cache, 'ab')).toBe('a');
    await cache.set(TENANT, 'b', new Uint8Array(100), 0);
    expect(await keysOf(cache, 'ab')).toBe('b');
    expect(cache.usedBytes).toBe(cost + 100);
  });

  test('the default takes what an agent of the SDKs may store: 15 MiB, and not 17', async () => {
    const cache = createMemoryCache();
    const value = new Uint8Array(15 * 1024 * 1024).fill(7);
    for (const key of 'abc') await cache.set(TENANT, key, value, 60);
    expect(await keysOf(cache, 'abc')).toBe('bc');
    expect(cache.usedBytes).toBeLessThanOrEqual(32 * 1024 * 1024);
    await expect(cache.set(TENANT, 'd', new Uint8Array(17 * 1024 * 1024), 0)).rejects.toThrow(
      'values may have 16777216',
    );
  });

  test('expired entries that nobody asks for again make room bit by bit', async () => {
    let now = 0;
    const cache = createMemoryCache({ now: () => now });
    for (let at = 0; at < 1_000; at += 1) await cache.set(TENANT, `old${at}`, bytes(at % 256), 10);
    now = 10_000;
    for (let at = 0; at < 400; at += 1) await cache.set(TENANT, `new${at}`, bytes(1), 0);
    expect(cache.entryCount).toBe(400);
    await cache.close();
    expect([cache.entryCount, cache.usedBytes]).toEqual([0, 0]);
  });

  test('does what a plain list would do, whatever is asked of it', async () => {
    const next = seeded(7);
    const cost = await costOfEntry();
    const maxBytes = 20 * cost;
    const cache = createMemoryCache({ maxBytes, maxEntryBytes: 5 * cost });
    // From the least to the most recently used.
    let model: { readonly key: string; readonly value: Uint8Array }[] = [];
    const size = () => model.reduce((sum, { value }) => sum + cost + value.length, 0);
    for (let step = 0; step < 20_000; step += 1) {
      const key = String.fromCharCode(97 + next(25));
      const held = model.find((entry) => entry.key === key);
      model = model.filter((entry) => entry !== held);
      if (next(2) === 0) {
        const value = new Uint8Array(next(4 * cost)).fill(step);
        await cache.set(TENANT, key, value, 0);
        model.push({ key, value });
        while (size() > maxBytes) model.shift();
      } else {
        expect(await cache.get(TENANT, key)).toEqual(held?.value);
        if (held !== undefined) model.push(held);
      }
      expect([cache.usedBytes, cache.entryCount]).toEqual([size(), model.length]);
    }
  });

  test('with TTLs, never over the bound, and never an expired or another value', async () => {
    const next = seeded(11);
    let now = 0;
    const cache = createMemoryCache({ maxBytes: 20_000, now: () => now });
    const written = new Map<string, { readonly value: Uint8Array; readonly until: number }>();
    for (let step = 0; step < 8_000; step += 1) {
      now += next(500);
      const key = `k${next(60)}`;
      if (next(3) === 0) {
        const ttl = next(30);
        const value = text(`${step}`.repeat(1 + next(50)));
        await cache.set(TENANT, key, value, ttl);
        written.set(key, { value, until: ttl === 0 ? Number.POSITIVE_INFINITY : now + ttl * 1_000 });
      } else {
        const found = await cache.get(TENANT, key);
        const last = written.get(key);
        if (found !== undefined) expect(found).toEqual(last?.value);
        if (last !== undefined && last.until <= now) expect(found).toBeUndefined();
      }
      expect(cache.usedBytes).toBeLessThanOrEqual(20_000);
    }
  });
});
