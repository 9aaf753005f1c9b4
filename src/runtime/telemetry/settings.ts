import type { Logger } from '../logger.ts';
import type { Environment } from '../settings.ts';

/** How spans and measurements leave the agent (protocol.md §4.7). */
export interface TelemetrySettings {
  readonly traces: {
    /** `http://host:port`, or `https://…` for TLS. */
    readonly endpoint: string;
    /** Share of the traces without a parent that are kept, 0 to 1; those with one follow it. */
    readonly sampleRatio: number;
  };
  readonly metrics: {
    /** As for traces. */
    readonly endpoint: string;
    readonly exportIntervalMs: number;
  };
  readonly serviceVersion: string;
}

type SignalName = 'TRACES' | 'METRICS';

const DEFAULT_ENDPOINT = 'http://localhost:4317';
const DEFAULT_INTERVAL_MS = 60_000;
/** Beyond it a timer of Node overflows and fires at once; nobody means longer (faults.md 0.11). */
const MAX_INTERVAL_MS = 86_400_000;
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const INTERVAL = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/i;

/** The variable of this signal, else the one of all signals; blank counts as unset. */
function readExporterVariable(env: Environment, signal: SignalName, name: 'ENDPOINT' | 'INSECURE'): string {
  return (
    env[`OTEL_EXPORTER_OTLP_${signal}_${name}`]?.trim() || env[`OTEL_EXPORTER_OTLP_${name}`]?.trim() || ''
  );
}

/** A scheme decides over TLS; without one, the INSECURE variable does, and unset it means TLS (OTLP exporter specification). */
function readEndpoint(env: Environment, signal: SignalName): string {
  const text = readExporterVariable(env, signal, 'ENDPOINT').replace(/\/+$/, '');
  if (text === '') return DEFAULT_ENDPOINT;
  if (/^\w+:\/\//.test(text)) return text;
  const insecure = /^(true|1|yes|on)$/i.test(readExporterVariable(env, signal, 'INSECURE'));
  return `${insecure ? 'http' : 'https'}://${text}`;
}

function readRatio(text: string | undefined): number {
  const ratio = Number(text?.trim() || 1);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}

/** A bare number is milliseconds, as in the Python SDK. */
function readInterval(env: Environment, log: Logger): number {
  const text = env.MIRASTACK_OTEL_METRIC_EXPORT_INTERVAL?.trim() ?? '';
  if (text === '') return DEFAULT_INTERVAL_MS;
  const [, count, unit = 'ms'] = INTERVAL.exec(text) ?? [];
  const intervalMs = Number(count) * UNIT_MS[unit.toLowerCase() as keyof typeof UNIT_MS];
  if (intervalMs >= 1) return Math.min(intervalMs, MAX_INTERVAL_MS);
  log.warn(
    'MIRASTACK_OTEL_METRIC_EXPORT_INTERVAL is not usable: expected milliseconds, or 500ms, 30s, 5m, 1h',
    {
      value: text,
      used_ms: DEFAULT_INTERVAL_MS,
    },
  );
  return DEFAULT_INTERVAL_MS;
}

/**
 * Reads the switches of the SDKs; undefined unless MIRASTACK_OTEL_ENABLED is `true`, in any case, as
 * Python reads it (Go: lower case only).
 * @param log is told of an interval that is none
 */
export function readTelemetrySettings(
  env: Environment,
  agent: { readonly version: string },
  log: Logger,
): TelemetrySettings | undefined {
  if (env.MIRASTACK_OTEL_ENABLED?.trim().toLowerCase() !== 'true') return undefined;
  return {
    traces: {
      endpoint: readEndpoint(env, 'TRACES'),
      sampleRatio: readRatio(env.OTEL_TRACES_SAMPLER_ARG),
    },
    metrics: { endpoint: readEndpoint(env, 'METRICS'), exportIntervalMs: readInterval(env, log) },
    serviceVersion: env.OTEL_SERVICE_VERSION?.trim() || agent.version,
  };
}
