import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { ExecutionMode, JsonValue, Permission, TimeRange } from '../contract/index.ts';
import { messageOf, UserError } from '../support/errors.ts';
import { modeCodec, timeRangeToMessage, WireError } from '../wire/index.ts';
import type { ApprovalSubject, Approvals } from './approvals.ts';
import type { EventHub } from './events.ts';
import type { History } from './history.ts';
import { type Instance, infoOf, type Registry } from './registry.ts';
import { actionOf, type Target, toParamTexts } from './target.ts';
import type { InvokeResult } from './types.ts';

const DEFAULT_TIMEOUT_MS = 60_000;

/** One action to execute. */
export interface Step {
  readonly target: Target;
  readonly params: { readonly [name: string]: JsonValue };
  readonly timeRange: TimeRange | undefined;
  readonly mode: ExecutionMode;
  /** The agent that calls it; undefined when a person does. */
  readonly caller: string | undefined;
  /** Milliseconds the agent may take; the wait for an approval does not count. Default 60,000. */
  readonly timeoutMs: number | undefined;
  /** Left out, it is made here. */
  readonly executionId?: string;
}

/** Whether a human must decide first (protocol.md §6, "Approval gate"): no mode lets a change through. */
export function needsApproval(permission: Permission, mode: ExecutionMode): boolean {
  return permission !== 'READ' || mode === 'MANUAL';
}

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

interface End {
  readonly outcome: InvokeResult['outcome'];
  readonly error: string;
  readonly resultJson: string;
}

const failed = (error: string): End => ({ outcome: 'failed', error, resultJson: 'null' });

const cancelled = (action: string): End => ({
  ...failed(`CANCELLED: ${action} was cancelled`),
  outcome: 'cancelled',
});

function unreachable(instance: Instance, error: WireError): UserError {
  return new UserError({
    kind: 'unreachable',
    code: 'agent-unreachable',
    message: `The agent ${instance.name} at ${instance.address} cannot be reached: ${error.message}`,
    cause: error,
  });
}

/** Takes steps to agents: checks, asks for approval, executes, and keeps what came of it. */
export class Dispatcher {
  readonly #registry: Registry;
  readonly #approvals: Approvals;
  readonly #history: History;
  readonly #events: EventHub;

  constructor(parts: {
    readonly registry: Registry;
    readonly approvals: Approvals;
    readonly history: History;
    readonly events: EventHub;
  }) {
    this.#registry = parts.registry;
    this.#approvals = parts.approvals;
    this.#history = parts.history;
    this.#events = parts.events;
  }

  /**
   * Executes one step. What the agent makes of it is a result; an error means that it got no answer.
   * @throws UserError see `Engine.invoke`; the signal's reason when it fired
   */
  async perform(step: Step, signal: AbortSignal | undefined): Promise<InvokeResult> {
    const { target, mode, caller } = step;
    const { name } = infoOf(target.agent);
    const subject: ApprovalSubject = {
      tenantId: target.agent[0]?.tenantId ?? '',
      executionId: step.executionId ?? randomUUID(),
      stepId: randomUUID(),
      agent: name,
      action: target.action.id,
      permission: target.action.permission,
      params: toParamTexts(target, step.params),
    };
    // Before anybody is asked for an approval: one that cannot be used should not be asked for.
    this.#candidates(target);
    const startedAt = performance.now();
    const { executionId } = subject;
    const { timeRange } = step;
    this.#history.begin({
      ...subject,
      mode,
      ...(timeRange === undefined ? {} : { timeRange }),
      ...(caller === undefined ? {} : { caller }),
    });
    const finish = (end: End): InvokeResult => {
      const durationMs = Math.round(performance.now() - startedAt);
      this.#history.end(executionId, { ...end, durationMs });
      const result = { ...end, success: end.outcome === 'succeeded', durationMs, executionId };
      this.#events.emit({
        type: 'executed',
        agent: name,
        action: subject.action,
        ...(caller === undefined ? {} : { caller }),
        result,
      });
      return result;
    };
    try {
      const refusal = needsApproval(subject.permission, mode)
        ? await this.#getApproval(subject, target, caller, signal)
        : undefined;
      return finish(refusal ?? (await this.#execute(subject, step, signal)));
    } catch (error) {
      finish(failed(messageOf(error)));
      throw error;
    }
  }

  /** Waits for the approval of exactly this subject and spends it; gives the end of a step that was not approved. */
  async #getApproval(
    subject: ApprovalSubject,
    { action }: Target,
    caller: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<End | undefined> {
    const approval = await this.#approvals.request(
      {
        origin: 'action',
        ...(caller === undefined ? {} : { caller }),
        subject,
        claim: { text: action.description },
      },
      signal,
    );
    this.#history.note(subject.executionId, { approvalId: approval.id });
    const what = `${subject.action} of ${subject.agent}`;
    const comment = approval.comment === '' ? '' : `: ${approval.comment}`;
    switch (approval.state) {
      case 'approved':
        this.#approvals.use(approval.id, subject);
        return undefined;
      case 'denied':
        return {
          ...failed(`${what} was denied by ${approval.reviewer}${comment}`),
          outcome: 'denied',
        };
      case 'expired':
        return {
          ...failed(`${what} was not approved in time; its request ${approval.id} has expired${comment}`),
          outcome: 'expired',
        };
      default:
        if (signal?.aborted) return cancelled(subject.action);
        throw new UserError({
          kind: 'unreachable',
          code: 'engine-stopping',
          message: `The request for approval of ${what} ended with the engine.`,
        });
    }
  }

  /** The instances that can be asked, of the agent as it is now: while its approval was waited for, it may have changed. */
  #candidates({ agent, action }: Target): readonly Instance[] {
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
    if (first.notExecutable !== undefined)
      throw new UserError({
        kind: 'failed',
        code: 'not-executable',
        message: `The agent ${name} cannot execute: ${first.notExecutable}.`,
      });
    if (actionOf(now, action.id)?.permission !== action.permission)
      throw new UserError({
        kind: 'failed',
        code: 'action-changed',
        message: `The action ${action.id} of ${name} is not what it was when it was asked for.`,
        hint: 'Invoke it again.',
      });
    return candidates;
  }

  async #execute(subject: ApprovalSubject, step: Step, signal: AbortSignal | undefined): Promise<End> {
    const instance = this.#registry.pick(this.#candidates(step.target));
    const { executionId, stepId, action, tenantId } = subject;
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
          time_range: step.timeRange === undefined ? undefined : timeRangeToMessage(step.timeRange),
          tenant_id: tenantId,
        },
        { timeoutMs, peer: instance.language, ...(signal === undefined ? {} : { signal }) },
      );
      if (!reply.success) return failed(reply.error || 'the agent reported failure without a message');
      return { outcome: 'succeeded', error: '', resultJson: toResultJson(reply.result_json) };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (error.status === 'UNAVAILABLE') throw unreachable(instance, error);
      if (signal?.aborted) return cancelled(action);
      if (error.status === 'DEADLINE_EXCEEDED') return failed(`${action} did not end within ${timeoutMs} ms`);
      return failed(`${error.status}: ${error.message}`);
    }
  }
}
