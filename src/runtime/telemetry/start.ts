import type { PluginInfo } from '../../contract/index.ts';
import { messageOf } from '../../support/errors.ts';
import type { Logger } from '../logger.ts';
import type { Environment } from '../settings.ts';
import { type Metrics, NO_METRICS, startMetrics } from './metrics.ts';
import {
  installCommand,
  loadPackages,
  PackagesMissing,
  type Resource,
  type TracePackages,
} from './packages.ts';
import { readTelemetrySettings } from './settings.ts';
import { NO_TELEMETRY, type Telemetry } from './telemetry.ts';
import { startTraces, type Traces } from './traces.ts';

/** What the environment says of the service wins over what the plugin says; what an agent is, nobody changes. */
function describeService({ resources }: TracePackages, name: string, version: string): Resource {
  const { defaultResource, detectEnvironment, resourceFromAttributes } = resources;
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': name, 'service.version': version }))
    .merge(detectEnvironment())
    .merge(resourceFromAttributes({ 'mirastack.component_kind': 'agent' }));
}

function combine(traces: Traces, metrics: Metrics): Telemetry {
  return {
    execute: async (call, work) => {
      const end = metrics.begin();
      let action: string | undefined;
      let success = false;
      try {
        const outcome = await traces.execute(call, (nameAction) =>
          work((actionId) => {
            action = actionId;
            nameAction(actionId);
          }),
        );
        success = outcome.success;
        return outcome;
      } finally {
        end(action, success);
      }
    },
    learnInfo: ({ actions }) => {
      for (const { id } of actions) metrics.declare(id);
    },
    outgoing: traces.outgoing,
    flush: async () => {
      await Promise.all([traces.flush(), metrics.flush()]);
    },
    stop: async (budgetMs) => {
      await Promise.all([traces.stop(budgetMs), metrics.stop(budgetMs)]);
    },
  };
}

/** Says in one line what telemetry goes without, and what would mend it. */
function warn(
  log: Logger,
  reason: unknown,
  told: { readonly missing: string; readonly failed: string },
): void {
  if (!(reason instanceof PackagesMissing)) {
    log.warn(told.failed, { error: messageOf(reason) });
    return;
  }
  const { missing } = reason;
  log.warn(told.missing, { missing: missing.join(', '), install: installCommand(missing) });
}

/** A failure of metrics leaves traces as they are. */
function tryMetrics(start: () => Metrics, log: Logger): Metrics {
  try {
    return start();
  } catch (error) {
    warn(log, error, {
      missing: 'the packages for metrics are not installed; traces go on without metrics',
      failed: 'metrics cannot start; traces go on without them',
    });
    return NO_METRICS;
  }
}

/**
 * Starts traces and metrics where the environment asks for them. What goes wrong is told in one line, and the
 * agent serves without it. Exporter headers, certificates and OTEL_RESOURCE_ATTRIBUTES are read by the libraries
 * from the environment of the process.
 */
export async function startTelemetry(env: Environment, info: PluginInfo, log: Logger): Promise<Telemetry> {
  const settings = readTelemetrySettings(env, info, log);
  if (settings === undefined) return NO_TELEMETRY;
  try {
    const packages = await loadPackages();
    const service = {
      resource: describeService(packages.traces, info.name, settings.serviceVersion),
      version: info.version,
    };
    const traces = startTraces(packages.traces, settings.traces, service, log);
    const metrics = tryMetrics(() => {
      if (packages.metrics.status === 'rejected') throw packages.metrics.reason;
      return startMetrics(packages.traces.api, packages.metrics.value, settings.metrics, service, log);
    }, log);
    const telemetry = combine(traces, metrics);
    telemetry.learnInfo(info);
    log.info('telemetry on', {
      endpoint: settings.traces.endpoint,
      sample_ratio: settings.traces.sampleRatio,
      ...(metrics === NO_METRICS
        ? {}
        : {
            metrics_endpoint: settings.metrics.endpoint,
            metrics_interval_ms: settings.metrics.exportIntervalMs,
          }),
    });
    return telemetry;
  } catch (error) {
    warn(log, error, {
      missing: 'telemetry is enabled, but its packages are not installed; the agent serves without it',
      failed: 'telemetry is enabled, but cannot start; the agent serves without it',
    });
    return NO_TELEMETRY;
  }
}
