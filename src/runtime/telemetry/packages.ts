/** What tracing needs, in the versions it is tested with: optional peers of this package. */
export const TELEMETRY_PACKAGES = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/exporter-trace-otlp-grpc': '0.223.0',
  '@opentelemetry/resources': '2.12.0',
  '@opentelemetry/sdk-trace-node': '2.12.0',
} as const;

/** Some of the packages are not installed. */
export class PackagesMissing extends Error {
  /** Their names. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`not installed: ${missing.join(', ')}`);
    this.missing = missing;
  }
}

/** What adds the packages to an agent's project. */
export const INSTALL_COMMAND = `npm install ${Object.entries(TELEMETRY_PACKAGES)
  .map(([name, version]) => `${name}@${version}`)
  .join(' ')}`;

/** A package that is there and lacks one of its own ends with another text, and is not missing itself. */
const isMissing = (name: string, reason: unknown): boolean =>
  reason instanceof Error &&
  'code' in reason &&
  reason.code === 'ERR_MODULE_NOT_FOUND' &&
  reason.message.includes(`'${name}'`);

/**
 * Loads the packages, which nothing else imports: an agent without telemetry does not pay for it.
 * @throws PackagesMissing, or what a broken package threw
 */
export async function loadPackages() {
  const names = Object.keys(TELEMETRY_PACKAGES);
  const [api, exporter, resources, sdk] = await Promise.allSettled([
    import('@opentelemetry/api'),
    import('@opentelemetry/exporter-trace-otlp-grpc'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-node'),
  ]);
  if (
    api.status === 'fulfilled' &&
    exporter.status === 'fulfilled' &&
    resources.status === 'fulfilled' &&
    sdk.status === 'fulfilled'
  ) {
    const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources.value;
    // The detectors' own types cannot be written into declaration files, so they stay in here.
    const detectEnvironment = () => detectResources({ detectors: [envDetector] });
    return {
      api: api.value,
      exporter: exporter.value,
      resources: { defaultResource, detectEnvironment, resourceFromAttributes },
      sdk: sdk.value,
    };
  }
  const failures = [api, exporter, resources, sdk].flatMap((result, index) =>
    result.status === 'rejected' ? [{ name: names[index] as string, reason: result.reason as unknown }] : [],
  );
  const missing = failures.filter(({ name, reason }) => isMissing(name, reason));
  if (missing.length === 0) throw failures[0]?.reason;
  throw new PackagesMissing(missing.map(({ name }) => name));
}

/** The packages, loaded. */
export type Packages = Awaited<ReturnType<typeof loadPackages>>;
