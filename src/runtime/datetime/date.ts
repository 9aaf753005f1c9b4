import { type EpochMs, toInt64 } from './epoch-ms.ts';

/** The furthest instant a Date can hold, in ms. */
const DATE_LIMIT_MS = 8_640_000_000_000_000;

/**
 * The instant as a Date (Go's ToTime). Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 * @throws RangeError beyond ±8.64e15 ms (the years -271821 and 275760), where a Date ends and Go's time does not
 */
export function toDate(ms: EpochMs): Date {
  const time = Number(toInt64(ms));
  if (Math.abs(time) > DATE_LIMIT_MS) throw new RangeError(`a Date cannot hold ${ms} ms`);
  return new Date(time);
}

/**
 * UTC milliseconds since the epoch (Go's FromTime). Source: protocol.md §8.
 * @throws TypeError for an invalid Date
 */
export function fromDate(date: Date): number {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new TypeError('the Date is invalid');
  return time;
}

/** The current time in UTC milliseconds since the epoch (Go's NowUTCMs). */
export function nowUtcMs(): number {
  return Date.now();
}
