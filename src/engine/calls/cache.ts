import { type ServiceHandlers, WireError } from '../../wire/index.ts';
import type { EngineCache } from '../cache/index.ts';
import type { Callers } from '../callers.ts';

/** More keys than any list of a backend has, and few enough to be answered at once. */
const MAX_BATCH = 10_000;
const NOTHING = new Uint8Array();

/** CacheGet, CacheGetBatch and CacheSet. Keys are apart by tenant; a prefix is asked of nobody (protocol.md §6). */
export function cacheCalls(parts: {
  readonly callers: Callers;
  readonly cache: EngineCache;
}): ServiceHandlers<'EngineService'> {
  const { callers, cache } = parts;
  const entry = (value: Uint8Array | undefined) => ({ value: value ?? NOTHING, found: value !== undefined });
  return {
    CacheGet: async ({ key, tenant_id }, context) => {
      callers.check('CacheGet', tenant_id, context);
      return entry(await cache.get(tenant_id, key));
    },
    CacheGetBatch: async ({ keys, tenant_id }, context) => {
      callers.check('CacheGetBatch', tenant_id, context);
      if (keys.length > MAX_BATCH)
        throw new WireError(
          'INVALID_ARGUMENT',
          `keys: ${keys.length} of them, at most ${MAX_BATCH} are read at once`,
        );
      const values = await cache.getBatch(tenant_id, keys);
      return { entries: keys.map((key, index) => ({ key, ...entry(values[index]) })) };
    },
    CacheSet: async ({ key, value, ttl_seconds, tenant_id }, context) => {
      const caller = callers.check('CacheSet', tenant_id, context);
      const ttl = Number(ttl_seconds);
      if (ttl < 0)
        throw new WireError('INVALID_ARGUMENT', `ttl_seconds: ${ttl} is negative, 0 means no expiry`);
      await callers.admitWrite('CacheSet', caller, value.length);
      try {
        await cache.set(tenant_id, key, value, ttl);
      } catch (error) {
        if (error instanceof RangeError) throw new WireError('INVALID_ARGUMENT', error.message);
        throw error;
      }
      return { success: true };
    },
  };
}
