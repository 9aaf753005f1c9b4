import type { Environment } from '../settings.ts';

/** How spans leave the agent (protocol.md §4.7). */
export interface TelemetrySettings {
  /** `http://host:port`, or `https://…` for TLS. */
  readonly endpoint: string;
  /** Share of the traces without a parent that are kept, 0 to 1; those with one follow it. */
  readonly sampleRatio: number;
  readonly serviceVersion: string;
}

const DEFAULT_ENDPOINT = 'http://localhost:4317';

/** The variable of this signal, else the one of all signals; blank counts as unset. */
function readExporterVariable(env: Environment, name: 'ENDPOINT' | 'INSECURE'): string {
  return env[`OTEL_EXPORTER_OTLP_TRACES_${name}`]?.trim() || env[`OTEL_EXPORTER_OTLP_${name}`]?.trim() || '';
}

/** A scheme decides over TLS; without one, the INSECURE variable does, and unset it means TLS (OTLP exporter specification). */
function readEndpoint(env: Environment): string {
  const text = readExporterVariable(env, 'ENDPOINT').replace(/\/+$/, '');
  if (text === '') return DEFAULT_ENDPOINT;
  if (/^\w+:\/\//.test(text)) return text;
  const insecure = /^(true|1|yes|on)$/i.test(readExporterVariable(env, 'INSECURE'));
  return `${insecure ? 'http' : 'https'}://${text}`;
}

function readRatio(text: string | undefined): number {
  const ratio = Number(text?.trim() || 1);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}

/**
 * Reads the switches of the SDKs; undefined unless MIRASTACK_OTEL_ENABLED is `true`, in any case, as
 * Python reads it (Go: lower case only).
 */
export function readTelemetrySettings(
  env: Environment,
  agent: { readonly version: string },
): TelemetrySettings | undefined {
  if (env.MIRASTACK_OTEL_ENABLED?.trim().toLowerCase() !== 'true') return undefined;
  return {
    endpoint: readEndpoint(env),
    sampleRatio: readRatio(env.OTEL_TRACES_SAMPLER_ARG),
    serviceVersion: env.OTEL_SERVICE_VERSION?.trim() || agent.version,
  };
}
