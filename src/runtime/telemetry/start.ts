import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../support/errors.ts';
import type { Logger } from '../logger.ts';
import { redactSecrets } from '../secrets.ts';
import type { Environment } from '../settings.ts';
import { createExporter } from './exporter.ts';
import { INSTALL_COMMAND, loadPackages, type Packages, PackagesMissing } from './packages.ts';
import { readTelemetrySettings, type TelemetrySettings } from './settings.ts';
import { NO_TELEMETRY, type Telemetry } from './telemetry.ts';

/** As long as the SDKs wait at the end (protocol.md §4.5). */
const FLUSH_TIMEOUT_MS = 5_000;
/** A last chance for the spans of calls that took the whole budget. */
const MIN_STOP_MS = 1_000;
const TRACER = 'create-mirastack-agent';

/** Who is traced. */
interface TracedAgent {
  readonly name: string;
  readonly version: string;
}

/** False when it was not done in time, or failed. */
async function within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
  const over = new AbortController();
  const timeout = sleep(timeoutMs, false, { signal: over.signal }).catch(() => false);
  const done = await Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    timeout,
  ]);
  over.abort();
  return done;
}

function createProvider(
  { sdk, resources }: Packages,
  settings: TelemetrySettings,
  agent: TracedAgent,
  exporter: ReturnType<typeof createExporter>['exporter'],
) {
  const { defaultResource, detectEnvironment, resourceFromAttributes } = resources;
  return new sdk.NodeTracerProvider({
    // What the environment says of the service wins over what the plugin says; what an agent is, nobody changes.
    resource: defaultResource()
      .merge(
        resourceFromAttributes({ 'service.name': agent.name, 'service.version': settings.serviceVersion }),
      )
      .merge(detectEnvironment())
      .merge(resourceFromAttributes({ 'mirastack.component_kind': 'agent' })),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(settings.sampleRatio) }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
}

/**
 * Registers the provider for the whole process too, so that spans of the agent's own code join in. Where the
 * process has set up OpenTelemetry by itself, that stays as it is, and its propagator and contexts serve us.
 * @returns undoes it
 */
function registerGlobally({ api }: Packages, provider: ReturnType<typeof createProvider>): () => void {
  provider.register();
  const global = api.trace.getTracerProvider();
  const isOurs = global instanceof api.ProxyTracerProvider && global.getDelegate() === provider;
  return () => {
    if (!isOurs) return;
    api.trace.disable();
    api.context.disable();
    api.propagation.disable();
  };
}

function trace(packages: Packages, settings: TelemetrySettings, agent: TracedAgent, log: Logger): Telemetry {
  const { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace: traces } = packages.api;
  const { exporter, isWorking } = createExporter(packages, settings.endpoint, log);
  const provider = createProvider(packages, settings, agent, exporter);
  const unregister = registerGlobally(packages, provider);
  let reached = true;
  const tracer = provider.getTracer(TRACER, agent.version);

  return {
    execute: async ({ parent, executionId }, work) => {
      const span = tracer.startSpan(
        'plugin.execute',
        { kind: SpanKind.SERVER, attributes: { 'plugin.execution_id': executionId } },
        propagation.extract(ROOT_CONTEXT, parent),
      );
      const end = (success: boolean, error: string) => {
        span.setAttribute('plugin.success', success);
        if (!success) span.setStatus({ code: SpanStatusCode.ERROR, message: redactSecrets(error) });
        span.end();
      };
      const nameAction = (actionId: string) => span.setAttribute('plugin.action', actionId);
      try {
        const outcome = await context.with(traces.setSpan(ROOT_CONTEXT, span), () => work(nameAction));
        end(outcome.success, outcome.error);
        return outcome;
      } catch (error) {
        end(false, messageOf(error));
        throw error;
      }
    },
    outgoing: () => {
      const headers: Record<string, string> = {};
      propagation.inject(context.active(), headers);
      return headers;
    },
    flush: async () => {
      reached = await within(FLUSH_TIMEOUT_MS, provider.forceFlush());
    },
    stop: async (budgetMs) => {
      const timeoutMs = Math.min(FLUSH_TIMEOUT_MS, Math.max(MIN_STOP_MS, budgetMs));
      const stopped = within(timeoutMs, provider.shutdown());
      if (reached && isWorking()) await stopped;
      unregister();
    },
  };
}

/**
 * Starts tracing where the environment asks for it. What goes wrong is told in one line, and the agent
 * serves without it. Exporter headers, certificates and OTEL_RESOURCE_ATTRIBUTES are read by the libraries
 * from the environment of the process.
 */
export async function startTelemetry(env: Environment, agent: TracedAgent, log: Logger): Promise<Telemetry> {
  const settings = readTelemetrySettings(env, agent);
  if (settings === undefined) return NO_TELEMETRY;
  try {
    const telemetry = trace(await loadPackages(), settings, agent, log);
    log.info('telemetry on', { endpoint: settings.endpoint, sample_ratio: settings.sampleRatio });
    return telemetry;
  } catch (error) {
    if (error instanceof PackagesMissing)
      log.warn('telemetry is enabled, but its packages are not installed; the agent serves without it', {
        missing: error.missing.join(', '),
        install: INSTALL_COMMAND,
      });
    else
      log.warn('telemetry is enabled, but cannot start; the agent serves without it', {
        error: messageOf(error),
      });
    return NO_TELEMETRY;
  }
}
