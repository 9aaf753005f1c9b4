/** Times for backends: the engine's UTC milliseconds in whatever form is asked for (Go's package datetimeutils). */
export { type BackendFamily, type TimeConverter, timeConverterFor } from './backend-family.ts';
export { fromDate, nowUtcMs, toDate } from './date.ts';
export {
  formatEpochMicros,
  formatEpochMillis,
  formatEpochNanos,
  formatEpochSeconds,
  formatLookbackMillis,
} from './epoch.ts';
export type { EpochMs } from './epoch-ms.ts';
export { formatCustom, formatDate, formatDateTime, formatRfc3339, formatRfc3339Nano } from './utc.ts';
export { formatInTimezone } from './zone.ts';
