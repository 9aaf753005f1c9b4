import type { PluginInfo } from '../../contract/index.ts';
import type { CallContext } from '../../wire/index.ts';

/** Where a call stands in a trace, as its W3C headers say. */
export type TraceHeaders = Pick<CallContext, 'traceparent' | 'tracestate'>;

/** What is told of an execution's end. */
export interface ExecutionOutcome {
  readonly success: boolean;
  readonly error: string;
}

/** Follows the agent's work, or does nothing. */
export interface Telemetry {
  /**
   * Runs an execution inside of a span `plugin.execute`, and counts and measures it.
   * @param work gets a function that names the action once it is known
   */
  execute<Outcome extends ExecutionOutcome>(
    call: { readonly parent: TraceHeaders; readonly executionId: string },
    work: (nameAction: (actionId: string) => void) => Promise<Outcome>,
  ): Promise<Outcome>;
  /** Takes the actions that the agent declares, by which executions are counted. */
  learnInfo(info: Pick<PluginInfo, 'actions'>): void;
  /** What a call made now must carry to belong to the trace. */
  outgoing(): Readonly<Record<string, string>>;
  /** Sends what there is; resolves within 5 s, whatever the collector does. */
  flush(): Promise<void>;
  /**
   * Sends what came since and ends the work. Resolves within 5 s, or within `budgetMs` where that is less,
   * but not under 1 s; at once when the last attempt to send failed.
   */
  stop(budgetMs: number): Promise<void>;
}

const NO_HEADERS = {};

/** What runs where telemetry is off. */
export const NO_TELEMETRY: Telemetry = {
  execute: (_call, work) => work(() => undefined),
  learnInfo: () => undefined,
  outgoing: () => NO_HEADERS,
  flush: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};
