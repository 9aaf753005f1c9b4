/** UTC milliseconds since 1970, whole: a safe integer, or a bigint of at most 64 bits as Go's int64. */
export type EpochMs = number | bigint;

/**
 * The instant as the 64-bit integer that Go would hold.
 * @throws TypeError for a fraction, a number beyond 2^53 - 1, a bigint beyond 64 bits, or anything else
 */
export function toInt64(ms: EpochMs): bigint {
  if (typeof ms === 'bigint' ? BigInt.asIntN(64, ms) === ms : Number.isSafeInteger(ms)) return BigInt(ms);
  throw new TypeError(
    `epoch milliseconds must be a whole number within ±(2^53 - 1), or a bigint of 64 bits; got ${String(ms)} (${typeof ms})`,
  );
}
