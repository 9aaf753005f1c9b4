/**
 * What agents keep between calls: bytes under a key, one namespace per tenant. Values come and go as copies, so that
 * nobody holds on to what is stored. Sources: the guide ("Using the Engine Cache"), protocol.md §6.
 * Every call rejects with a RangeError for a key, value, TTL or batch out of bounds, and with an Error once closed.
 */
export interface EngineCache {
  /** The bytes, or undefined when there are none: an empty value is not a missing one. */
  get(tenantId: string, key: string): Promise<Uint8Array | undefined>;
  /** One answer per key, in the order asked; a key asked for twice gives the same array twice. */
  getBatch(tenantId: string, keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /** @param ttlSeconds whole seconds; 0 keeps it until it is pushed out */
  set(tenantId: string, key: string, value: Uint8Array, ttlSeconds: number): Promise<void>;
  /** Ends every socket and forgets what only memory holds. Idempotent. */
  close(): Promise<void>;
}
