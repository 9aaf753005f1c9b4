import { isUtf8 } from 'node:buffer';
import { messageOf, UserError } from '../support/errors.ts';
import { modeCodec, timeRangeToMessage, WireError } from '../wire/index.ts';
import type { ApprovalSubject } from './approval-view.ts';
import { engineStopping, unreachable } from './execution-errors.ts';
import type { History } from './history.ts';
import type { Instance, Registry } from './registry.ts';
import type { Step } from './step.ts';
import { actionOf, type Target } from './target.ts';
import type { InvokeResult } from './types.ts';

const DEFAULT_TIMEOUT_MS = 60_000;

/** How a step ended. */
export interface End {
  readonly outcome: InvokeResult['outcome'];
  readonly error: string;
  readonly resultJson: string;
}

export const failed = (error: string): End => ({ outcome: 'failed', error, resultJson: 'null' });

export const cancelled = (action: string): End => ({
  ...failed(`CANCELLED: ${action} was cancelled`),
  outcome: 'cancelled',
});

/** Published agents read `action_id`, the guide's samples `params.action`: both are sent. */
const paramsJson = ({ action, params }: ApprovalSubject): Uint8Array =>
  Buffer.from(JSON.stringify({ ...params, action }), 'utf8');

function toResultJson(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'null';
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    JSON.parse(text);
    if (isUtf8(bytes)) return text;
  } catch {}
  // Agents may answer with bytes that are no JSON; they are shown as a string.
  return JSON.stringify(text);
}

const isUnavailable = (error: unknown): error is WireError =>
  error instanceof WireError && error.status === 'UNAVAILABLE';

/** Takes a step that may be executed to an instance of its agent. */
export class Executor {
  readonly #registry: Registry;
  readonly #history: History;
  readonly #stopping: AbortSignal;
  readonly #onUnreachable: (instance: Instance) => void;

  constructor(parts: {
    readonly registry: Registry;
    readonly history: History;
    /** Fires when the engine stops. */
    readonly stopping: AbortSignal;
    /** An instance did not answer: its health is not what it was. */
    readonly onUnreachable: (instance: Instance) => void;
  }) {
    this.#registry = parts.registry;
    this.#history = parts.history;
    this.#stopping = parts.stopping;
    this.#onUnreachable = parts.onUnreachable;
  }

  /**
   * The instances that can be asked, of the agent as it is now: while an approval was waited for, it may have changed.
   * Only those count that offer the action with the permission that was looked at, or an approval for one instance
   * would run what another of the same name calls something else.
   * @throws UserError no-healthy-instance, not-executable, action-changed
   */
  candidates({ agent, action }: Target): readonly Instance[] {
    const { name, tenantId } = agent.at(-1) as Instance;
    const now = this.#registry.agent(tenantId, name) ?? [];
    const candidates = this.#registry.candidates(tenantId, name);
    const [first] = candidates;
    if (first === undefined)
      throw new UserError({
        kind: 'unreachable',
        code: 'no-healthy-instance',
        message: `No instance of ${name} is healthy: ${now[0]?.healthMessage ?? 'none is registered'}.`,
        hint: 'Mend what the health check complains about; the next probe will notice.',
      });
    const executable = candidates.filter((item) => item.notExecutable === undefined);
    if (executable.length === 0)
      throw new UserError({
        kind: 'failed',
        code: 'not-executable',
        message: `The agent ${name} cannot execute: ${first.notExecutable}.`,
        hint: 'Mend it as it says, and start the agent again.',
      });
    const offers = (agent: readonly Instance[]) =>
      actionOf(agent, action.id)?.permission === action.permission;
    const offering = executable.filter((item) => offers([item]));
    if (!offers(now) || offering.length === 0)
      throw new UserError({
        kind: 'failed',
        code: 'action-changed',
        message: `The action ${action.id} of ${name} is not what it was when it was asked for.`,
        hint: 'Invoke it again.',
      });
    return offering;
  }

  /**
   * Executes on one instance. A READ that found nobody at an address goes on to the next; anything else might run twice.
   * @param spend called when it is sure that the call will be made
   * @throws UserError see `candidates`; agent-unreachable, engine-stopping
   */
  async run(subject: ApprovalSubject, step: Step, spend: () => void, signal: AbortSignal): Promise<End> {
    const candidates = this.candidates(step.target);
    const first = this.#registry.pick(candidates);
    const others = subject.permission === 'READ' ? candidates.filter((item) => item !== first) : [];
    spend();
    for (let instance = first; ; ) {
      try {
        return await this.#call(instance, subject, step, signal);
      } catch (error) {
        if (this.#stopping.aborted) throw engineStopping(`${subject.action} of ${subject.agent}`);
        if (!isUnavailable(error)) throw error;
        this.#onUnreachable(instance);
        const next = others.shift();
        if (next === undefined) throw unreachable(instance, error);
        instance = next;
      }
    }
  }

  async #call(instance: Instance, subject: ApprovalSubject, step: Step, signal: AbortSignal): Promise<End> {
    const { executionId, stepId, action, tenantId, timeRange } = subject;
    this.#history.note(executionId, { instanceId: instance.instanceId });
    const timeoutMs = step.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    try {
      const reply = await instance.client.call(
        'Execute',
        {
          execution_id: executionId,
          step_id: stepId,
          action_id: action,
          params_json: paramsJson(subject),
          execution_mode: modeCodec.toWire(step.mode),
          time_range: timeRange === undefined ? undefined : timeRangeToMessage(timeRange),
          tenant_id: tenantId,
        },
        { timeoutMs, peer: instance.language, signal },
      );
      if (!reply.success) return failed(reply.error || 'the agent reported failure without a message');
      return { outcome: 'succeeded', error: '', resultJson: toResultJson(reply.result_json) };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (this.#stopping.aborted || error.status === 'UNAVAILABLE') throw error;
      if (signal.aborted) return cancelled(action);
      if (error.status === 'DEADLINE_EXCEEDED') return failed(`${action} did not end within ${timeoutMs} ms`);
      return failed(`${error.status}: ${messageOf(error)}`);
    }
  }
}
