import { type EpochMs, toInt64 } from './epoch-ms.ts';

/** What an int64 keeps of a larger number: Go's arithmetic wraps around. */
const wrap = (value: bigint): string => BigInt.asIntN(64, value).toString();

/**
 * Seconds with exactly three decimals, e.g. `1774973400.123`: what Prometheus and VictoriaMetrics take.
 * Beyond 2^53 ms the last digits are those of a 64-bit float, as in Go. Source: protocol.md §8, erratum G16.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 */
export function formatEpochSeconds(ms: EpochMs): string {
  const seconds = Number(toInt64(ms)) / 1000;
  const rounded = seconds.toFixed(3);
  // From 8.8e15 ms on, floats lie so far apart that one can stand right between two thousandths: an odd
  // number of sixteenths. Go rounds such a tie to the even digit, toFixed away from zero.
  const isTie = Math.abs(seconds * 16) % 2 === 1;
  return isTie && Number(rounded.at(-1)) % 2 === 1 ? seconds.toFixed(4).slice(0, -1) : rounded;
}

/**
 * Milliseconds in decimal, e.g. `1774973400123`. Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 */
export function formatEpochMillis(ms: EpochMs): string {
  return toInt64(ms).toString();
}

/**
 * Microseconds, e.g. `1774973400123000`: what the search of Jaeger and VictoriaTraces takes. Wraps around
 * where 64 bits do not hold it (beyond the year 294,000), as in Go. Source: protocol.md §8, erratum G17.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 */
export function formatEpochMicros(ms: EpochMs): string {
  return wrap(toInt64(ms) * 1_000n);
}

/**
 * Nanoseconds, e.g. `1774973400123000000`. Wraps around past 9223372036854 ms (the year 2262), as in Go.
 * Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 */
export function formatEpochNanos(ms: EpochMs): string {
  return wrap(toInt64(ms) * 1_000_000n);
}

/**
 * The length of a span in milliseconds, `endMs - startMs`; negative when the end comes first. With
 * {@link formatEpochMillis} for `endTs`, this is what Jaeger's dependencies call takes. Source: protocol.md §8.
 * @param startMs UTC milliseconds since the epoch
 * @param endMs UTC milliseconds since the epoch
 * @throws TypeError when either is not a whole number
 */
export function formatLookbackMillis(startMs: EpochMs, endMs: EpochMs): string {
  return wrap(toInt64(endMs) - toInt64(startMs));
}
