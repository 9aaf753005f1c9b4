/** What both caches refuse, so that an agent meets the same bounds whichever is behind the engine. */

export const DEFAULT_MAX_ENTRY_BYTES = 16 * 1024 * 1024;
const MAX_KEY_BYTES = 1_024;
const MAX_BATCH_KEYS = 10_000;
/** A hundred years: longer is as good as for ever, and servers refuse times that overflow. */
const MAX_TTL_SECONDS = 3_155_760_000;

/** The key's size in UTF-8. */
export function checkKey(key: string): number {
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES)
    throw new RangeError(`the cache key is ${bytes} bytes long; keys may have ${MAX_KEY_BYTES}`);
  return bytes;
}

export function checkBatch(keys: readonly string[]): void {
  if (keys.length > MAX_BATCH_KEYS)
    throw new RangeError(`the batch asks for ${keys.length} cache keys; one may ask for ${MAX_BATCH_KEYS}`);
  for (const key of keys) checkKey(key);
}

export function checkValue(value: Uint8Array, maxBytes: number): void {
  if (value.length > maxBytes)
    throw new RangeError(`the cache value is ${value.length} bytes long; values may have ${maxBytes}`);
}

/** The seconds to keep a value; 0 is for ever. */
export function checkTtl(ttlSeconds: number): number {
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0)
    throw new RangeError(
      `the cache TTL is ${ttlSeconds} seconds; it must be 0 (no expiry) or a whole number above`,
    );
  return Math.min(ttlSeconds, MAX_TTL_SECONDS);
}

/** A tenant id names a namespace and so has no separator in it. */
export function checkTenant(tenantId: string): string {
  if (tenantId === '' || tenantId.includes(':'))
    throw new RangeError(`the cache has no namespace for the tenant id ${JSON.stringify(tenantId)}`);
  return tenantId;
}

export function closedError(): Error {
  return new Error('the cache is closed');
}
