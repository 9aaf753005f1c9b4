import { clockAt } from './clock.ts';
import { type EpochMs, toInt64 } from './epoch-ms.ts';
import { formatLayout } from './go-layout.ts';

/**
 * Formats in UTC by one of Go's layouts, e.g. `02/01/2006 15:04:05.000`. Every chunk of Go's `time.Format`
 * has its meaning; years beyond 9999 and before 0 come out as Go writes them. Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @param goLayout the reference time `Mon Jan 2 15:04:05 MST 2006`, written as the result shall look
 * @throws TypeError when `ms` is not a whole number
 */
export function formatCustom(ms: EpochMs, goLayout: string): string {
  return formatLayout(clockAt(toInt64(ms)), goLayout);
}

/**
 * Whole seconds in UTC, rounded down, e.g. `2026-03-31T16:10:00Z`: what log stores take. Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 */
export function formatRfc3339(ms: EpochMs): string {
  return formatCustom(ms, '2006-01-02T15:04:05Z07:00');
}

/**
 * UTC with a fraction of a second, without its trailing zeros, e.g. `2026-03-31T16:10:00.12Z`; a whole
 * second has none. So the Go SDK; the Python SDK always writes three digits. Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 */
export function formatRfc3339Nano(ms: EpochMs): string {
  return formatCustom(ms, '2006-01-02T15:04:05.999999999Z07:00');
}

/**
 * The UTC date, e.g. `2026-03-31`. Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 */
export function formatDate(ms: EpochMs): string {
  return formatCustom(ms, '2006-01-02');
}

/**
 * The UTC date and time in whole seconds, rounded down, e.g. `2026-03-31 16:10:00`. Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @throws TypeError when `ms` is not a whole number
 */
export function formatDateTime(ms: EpochMs): string {
  return formatCustom(ms, '2006-01-02 15:04:05');
}
