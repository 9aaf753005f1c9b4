import type { ExecutionMode, JsonValue, TimeRange } from '../contract/index.ts';
import type { Target } from './target.ts';

/** The agent that wants a step executed. */
export interface StepCaller {
  /** What it says it is. */
  readonly name: string;
  /** Whose share of the limits it counts as. */
  readonly party: string;
}

/** One action to execute. */
export interface Step {
  readonly target: Target;
  readonly params: { readonly [name: string]: JsonValue };
  readonly timeRange: TimeRange | undefined;
  readonly mode: ExecutionMode;
  /** Undefined when a person wants it. */
  readonly caller: StepCaller | undefined;
  /** Milliseconds the agent may take; the wait for an approval does not count. Default 60,000. */
  readonly timeoutMs: number | undefined;
  /** Left out, it is made here. */
  readonly executionId?: string;
  /** Called when the checks have found nothing, before anybody is asked. */
  readonly onAccepted?: () => void;
}
