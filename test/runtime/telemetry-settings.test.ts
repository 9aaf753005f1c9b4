import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TELEMETRY_PACKAGES } from '../../src/runtime/telemetry/packages.ts';
import { readTelemetrySettings } from '../../src/runtime/telemetry/settings.ts';

const read = (env: Record<string, string>) =>
  readTelemetrySettings({ MIRASTACK_OTEL_ENABLED: 'true', ...env }, { version: '1.2.3' });

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
    endpoint: 'http://localhost:4317',
    sampleRatio: 1,
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
  expect(read({ OTEL_TRACES_SAMPLER_ARG: value })?.sampleRatio).toBe(ratio);
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
    expect(read(env as Record<string, string>)?.endpoint).toBe(endpoint);
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
