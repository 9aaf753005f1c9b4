import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/runtime/index.ts';
import { TELEMETRY_PACKAGES } from '../../src/runtime/telemetry/packages.ts';
import { readTelemetrySettings } from '../../src/runtime/telemetry/settings.ts';

const lines: string[] = [];
const log = createLogger((line) => lines.push(line));
const read = (env: Record<string, string>) =>
  readTelemetrySettings({ MIRASTACK_OTEL_ENABLED: 'true', ...env }, { version: '1.2.3' }, log);

test.each([
  ['true', true],
  ['True', true],
  [' TRUE ', true],
  ['1', false],
  ['yes', false],
  ['false', false],
  ['', false],
])('MIRASTACK_OTEL_ENABLED=%j: %j', (value, on) => {
  expect(read({ MIRASTACK_OTEL_ENABLED: value }) !== undefined).toBe(on);
});

test('without further variables', () => {
  expect(read({})).toEqual({
    traces: { endpoint: 'http://localhost:4317', sampleRatio: 1 },
    metrics: { endpoint: 'http://localhost:4317', exportIntervalMs: 60_000 },
    serviceVersion: '1.2.3',
  });
  expect(read({ OTEL_SERVICE_VERSION: '9' })?.serviceVersion).toBe('9');
});

test.each([
  ['0', 0],
  ['0.25', 0.25],
  ['', 1],
  ['1.5', 1],
  ['-1', 1],
  ['half', 1],
])('OTEL_TRACES_SAMPLER_ARG=%j: %j', (value, ratio) => {
  expect(read({ OTEL_TRACES_SAMPLER_ARG: value })?.traces.sampleRatio).toBe(ratio);
});

describe('MIRASTACK_OTEL_METRIC_EXPORT_INTERVAL', () => {
  const name = 'MIRASTACK_OTEL_METRIC_EXPORT_INTERVAL';
  beforeEach(() => {
    lines.length = 0;
  });

  test.each([
    ['1500', 1_500],
    ['250ms', 250],
    [' 0.5 s ', 500],
    ['10S', 10_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['90h', 86_400_000],
    ['', 60_000],
  ])('%j is %d ms', (value, intervalMs) => {
    expect(read({ [name]: value })?.metrics.exportIntervalMs).toBe(intervalMs);
    expect(lines).toEqual([]);
  });

  test.each(['soon', '0', '-5s', '0.2ms', '1e3', '5 min', 's', 'NaN'])('%j is none: one line', (value) => {
    expect(read({ [name]: value })?.metrics.exportIntervalMs).toBe(60_000);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: `${name} is not usable: expected milliseconds, or 500ms, 30s, 5m, 1h`,
        value,
        used_ms: 60_000,
      }),
    ]);
  });
});

describe('the endpoint', () => {
  const ALL = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const TRACES = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
  const INSECURE = 'OTEL_EXPORTER_OTLP_INSECURE';
  test.each([
    [{ [ALL]: 'http://collector:4317/' }, 'http://collector:4317'],
    [{ [ALL]: 'https://collector:4317' }, 'https://collector:4317'],
    [{ [ALL]: 'collector:4317' }, 'https://collector:4317'],
    [{ [ALL]: 'collector:4317', [INSECURE]: 'On' }, 'http://collector:4317'],
    [{ [ALL]: 'collector:4317', [INSECURE]: '0' }, 'https://collector:4317'],
    [{ [ALL]: 'collector:4317', OTEL_EXPORTER_OTLP_TRACES_INSECURE: '1' }, 'http://collector:4317'],
    [{ [ALL]: 'http://all:1', [TRACES]: 'http://traces:2' }, 'http://traces:2'],
    [{ [ALL]: 'http://all:1', [TRACES]: ' ' }, 'http://all:1'],
  ])('%j: %s', (env, endpoint) => {
    expect(read(env as Record<string, string>)?.traces.endpoint).toBe(endpoint);
    // The same for metrics, under their own names.
    const renamed = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name.replace('_TRACES_', '_METRICS_'), value]),
    );
    expect(read(renamed)?.metrics.endpoint).toBe(endpoint);
  });

  test('is each signal its own', () => {
    const env = { [ALL]: 'http://all:1', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://metrics:3' };
    expect(read(env)).toMatchObject({
      traces: { endpoint: 'http://all:1' },
      metrics: { endpoint: 'http://metrics:3' },
    });
  });
});

test('the packages we name are the optional peers, and the versions those that are tested', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly peerDependencies: Record<string, string>;
    readonly peerDependenciesMeta: Record<string, { readonly optional: boolean }>;
    readonly devDependencies: Record<string, string>;
  };
  const peers = Object.keys(manifest.peerDependencies).filter((name) => name.startsWith('@opentelemetry/'));
  expect(peers.sort()).toEqual(Object.keys(TELEMETRY_PACKAGES));
  expect(manifest.devDependencies).toMatchObject(TELEMETRY_PACKAGES);
  expect(peers.map((name) => manifest.peerDependenciesMeta[name])).toEqual(
    peers.map(() => ({ optional: true })),
  );
});
