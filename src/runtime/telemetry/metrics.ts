import type { Logger } from '../logger.ts';
import { reportReach } from './exporter.ts';
import type { MetricPackages, Resource, TracePackages } from './packages.ts';
import type { TelemetrySettings } from './settings.ts';
import { createSignal, type Signal } from './signal.ts';

const METER = 'create-mirastack-agent';
/** What the semantic conventions of OpenTelemetry call a value outside of a known set. */
const OTHER_ACTION = '_OTHER';
/** Seconds: those the conventions advise for calls, and more above, since executions ask slow backends. */
const DURATION_BOUNDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 300,
];

/** Measurements of executions. */
export interface Metrics extends Signal {
  /** An action that the agent declares; any other id is counted as `_OTHER`, since callers could invent as many as they like. */
  declare(actionId: string): void;
  /** Starts to measure one execution. @returns ends it; an action that was never named is undefined */
  begin(): (actionId: string | undefined, success: boolean) => void;
}

/** What runs where the packages for metrics are missing. */
export const NO_METRICS: Metrics = {
  declare: () => undefined,
  begin: () => () => undefined,
  flush: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

/**
 * Starts to measure. The provider serves the whole process too, so that instruments of the agent's own code
 * join in; where the process has set up one by itself, that stays as it is.
 * @throws what the libraries throw for an endpoint that cannot be one
 */
export function startMetrics(
  { metrics }: TracePackages['api'],
  { exporter: exporters, sdk }: MetricPackages,
  settings: TelemetrySettings['metrics'],
  { resource, version }: { readonly resource: Resource; readonly version: string },
  log: Logger,
): Metrics {
  const exporter = new exporters.OTLPMetricExporter({ url: settings.endpoint });
  const isWorking = reportReach(exporter, { signal: 'metrics', endpoint: settings.endpoint }, log);
  const exportIntervalMillis = settings.exportIntervalMs;
  const provider = new sdk.MeterProvider({
    resource,
    readers: [new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis })],
  });
  const meter = provider.getMeter(METER, version);
  const executions = meter.createCounter('plugin.executions', {
    unit: '{execution}',
    description: 'Executions that ended.',
  });
  const duration = meter.createHistogram('plugin.execution.duration', {
    unit: 's',
    description: 'How long executions took.',
    advice: { explicitBucketBoundaries: DURATION_BOUNDS },
  });
  const declared = new Set<string>();
  const isOurs = metrics.setGlobalMeterProvider(provider);

  return {
    ...createSignal(provider, isWorking, () => {
      if (isOurs) metrics.disable();
    }),
    declare: (actionId) => declared.add(actionId),
    begin: () => {
      const startedAt = performance.now();
      return (actionId, success) => {
        const isDeclared = actionId !== undefined && declared.has(actionId);
        const attributes = {
          'plugin.action': isDeclared ? actionId : OTHER_ACTION,
          'plugin.success': success,
        };
        executions.add(1, attributes);
        duration.record((performance.now() - startedAt) / 1_000, attributes);
      };
    },
  };
}
