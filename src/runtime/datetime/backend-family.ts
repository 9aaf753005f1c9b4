import { UserError } from '../../support/errors.ts';
import { formatEpochMicros, formatEpochMillis, formatEpochSeconds } from './epoch.ts';
import type { EpochMs } from './epoch-ms.ts';
import { formatRfc3339 } from './utc.ts';

/**
 * What kind of system an agent talks to, as far as its idea of time goes.
 * - `metrics`: VictoriaMetrics, Prometheus
 * - `logs`: VictoriaLogs and other log stores that take RFC 3339
 * - `traces-jaeger`: the search of Jaeger
 * - `traces-victoria`: VictoriaTraces
 * - `other`: Zipkin, and all that takes milliseconds, the engine's own unit
 */
export type BackendFamily = 'metrics' | 'logs' | 'traces-jaeger' | 'traces-victoria' | 'other';

/** Turns UTC milliseconds since the epoch into the text a backend wants. */
export type TimeConverter = (ms: EpochMs) => string;

const CONVERTERS: Readonly<Record<BackendFamily, TimeConverter>> = {
  metrics: formatEpochSeconds,
  logs: formatRfc3339,
  'traces-jaeger': formatEpochMicros,
  'traces-victoria': formatEpochMicros,
  other: formatEpochMillis,
};

/**
 * The converter for a family of backends: the table of the guide ("Handling Time Ranges"), but for one row. The
 * guide names milliseconds for Jaeger; Jaeger's search takes **microseconds**, and so do the SDK's own comments
 * and the published agents, which we follow (protocol.md, erratum G17). Only Jaeger's dependencies call takes
 * milliseconds: `formatEpochMillis` for `endTs`, `formatLookbackMillis` for `lookback`.
 * @throws UserError (usage, `unknown-backend-family`) for a name that is not in the table
 */
export function timeConverterFor(family: BackendFamily): TimeConverter {
  if (Object.hasOwn(CONVERTERS, family)) return CONVERTERS[family];
  throw new UserError({
    kind: 'usage',
    code: 'unknown-backend-family',
    message: `"${family}" is no family of backends: the families are ${Object.keys(CONVERTERS).join(', ')}.`,
  });
}
