/** What telemetry needs, in the versions it is tested with: optional peers of this package. */
export const TELEMETRY_PACKAGES: Readonly<Record<string, string>> = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/exporter-metrics-otlp-grpc': '0.223.0',
  '@opentelemetry/exporter-trace-otlp-grpc': '0.223.0',
  '@opentelemetry/resources': '2.12.0',
  '@opentelemetry/sdk-metrics': '2.12.0',
  '@opentelemetry/sdk-trace-node': '2.12.0',
};

/** Some of the packages are not installed. */
export class PackagesMissing extends Error {
  /** Their names. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`not installed: ${missing.join(', ')}`);
    this.missing = missing;
  }
}

/** What adds some of the packages to an agent's project. */
export const installCommand = (names: readonly string[]): string =>
  `npm install ${names.map((name) => `${name}@${TELEMETRY_PACKAGES[name]}`).join(' ')}`;

/** A package that is there and lacks one of its own ends with another text, and is not missing itself. */
const isMissing = (name: string, reason: unknown): boolean =>
  reason instanceof Error &&
  'code' in reason &&
  reason.code === 'ERR_MODULE_NOT_FOUND' &&
  reason.message.includes(`'${name}'`);

/** @throws PackagesMissing that names every one that is, or what a broken package threw */
async function loadAll<Modules extends Readonly<Record<string, Promise<unknown>>>>(
  modules: Modules,
): Promise<{ readonly [Name in keyof Modules]: Awaited<Modules[Name]> }> {
  const names = Object.keys(modules);
  const results = await Promise.allSettled(Object.values(modules));
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ name: names[index] as string, reason: result.reason as unknown }] : [],
  );
  const missing = failures.filter(({ name, reason }) => isMissing(name, reason));
  if (missing.length > 0) throw new PackagesMissing(missing.map(({ name }) => name));
  if (failures[0] !== undefined) throw failures[0].reason;
  const values = results.map((result, index) => [
    names[index],
    (result as PromiseFulfilledResult<unknown>).value,
  ]);
  return Object.fromEntries(values) as never;
}

async function loadTracePackages() {
  const loaded = await loadAll({
    '@opentelemetry/api': import('@opentelemetry/api'),
    '@opentelemetry/exporter-trace-otlp-grpc': import('@opentelemetry/exporter-trace-otlp-grpc'),
    '@opentelemetry/resources': import('@opentelemetry/resources'),
    '@opentelemetry/sdk-trace-node': import('@opentelemetry/sdk-trace-node'),
  });
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } =
    loaded['@opentelemetry/resources'];
  // The detectors' own types cannot be written into declaration files, so they stay in here.
  const detectEnvironment = () => detectResources({ detectors: [envDetector] });
  return {
    api: loaded['@opentelemetry/api'],
    exporter: loaded['@opentelemetry/exporter-trace-otlp-grpc'],
    resources: { defaultResource, detectEnvironment, resourceFromAttributes },
    sdk: loaded['@opentelemetry/sdk-trace-node'],
  };
}

async function loadMetricPackages() {
  const loaded = await loadAll({
    '@opentelemetry/exporter-metrics-otlp-grpc': import('@opentelemetry/exporter-metrics-otlp-grpc'),
    '@opentelemetry/sdk-metrics': import('@opentelemetry/sdk-metrics'),
  });
  return {
    exporter: loaded['@opentelemetry/exporter-metrics-otlp-grpc'],
    sdk: loaded['@opentelemetry/sdk-metrics'],
  };
}

/** The packages, loaded. */
export type TracePackages = Awaited<ReturnType<typeof loadTracePackages>>;
export type MetricPackages = Awaited<ReturnType<typeof loadMetricPackages>>;
export type Resource = ReturnType<TracePackages['resources']['defaultResource']>;

/**
 * Loads the packages, which nothing else imports: an agent without telemetry does not pay for them. Metrics
 * need those of traces too; without their own, the result holds why.
 * @throws PackagesMissing with all that are missing, or what a broken package of traces threw
 */
export async function loadPackages(): Promise<{
  readonly traces: TracePackages;
  readonly metrics: PromiseSettledResult<MetricPackages>;
}> {
  const [traces, metrics] = await Promise.allSettled([loadTracePackages(), loadMetricPackages()]);
  if (traces.status === 'fulfilled') return { traces: traces.value, metrics };
  const missing = [traces, metrics].flatMap((result) =>
    result.status === 'rejected' && result.reason instanceof PackagesMissing ? result.reason.missing : [],
  );
  throw traces.reason instanceof PackagesMissing ? new PackagesMissing(missing.sort()) : traces.reason;
}
