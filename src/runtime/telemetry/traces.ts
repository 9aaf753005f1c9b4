import { messageOf } from '../../support/errors.ts';
import type { Logger } from '../logger.ts';
import { redactSecrets } from '../secrets.ts';
import { reportReach } from './exporter.ts';
import type { Resource, TracePackages } from './packages.ts';
import type { TelemetrySettings } from './settings.ts';
import { createSignal, type Signal } from './signal.ts';
import type { Telemetry } from './telemetry.ts';

const TRACER = 'create-mirastack-agent';

type Provider = InstanceType<TracePackages['sdk']['NodeTracerProvider']>;

/**
 * Registers the provider for the whole process too, so that spans of the agent's own code join in. Where the
 * process has set up OpenTelemetry by itself, that stays as it is, and its propagator and contexts serve us.
 * @returns undoes it
 */
function registerGlobally({ api }: TracePackages, provider: Provider): () => void {
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

/** Spans of executions, and the contexts they travel in. */
export type Traces = Signal & Pick<Telemetry, 'execute' | 'outgoing'>;

/** Starts to trace. @throws what the libraries throw for an endpoint that cannot be one */
export function startTraces(
  packages: TracePackages,
  settings: TelemetrySettings['traces'],
  { resource, version }: { readonly resource: Resource; readonly version: string },
  log: Logger,
): Traces {
  const { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace: traces } = packages.api;
  const { BatchSpanProcessor, NodeTracerProvider, ParentBasedSampler, TraceIdRatioBasedSampler } =
    packages.sdk;
  const exporter = new packages.exporter.OTLPTraceExporter({ url: settings.endpoint });
  const isWorking = reportReach(exporter, { signal: 'traces', endpoint: settings.endpoint }, log);
  const provider = new NodeTracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer(TRACER, version);

  return {
    ...createSignal(provider, isWorking, registerGlobally(packages, provider)),
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
  };
}
