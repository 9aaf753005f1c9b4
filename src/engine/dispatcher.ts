import { randomUUID } from 'node:crypto';
import type { ExecutionMode, Permission } from '../contract/index.ts';
import { messageOf, UserError } from '../support/errors.ts';
import type { ApprovalSubject, ApprovalView } from './approval-view.ts';
import type { Approvals } from './approvals.ts';
import type { EventHub } from './events.ts';
import { engineStopping } from './execution-errors.ts';
import { cancelled, type End, type Executor, failed } from './executor.ts';
import type { History } from './history.ts';
import { infoOf } from './registry.ts';
import type { Step, StepCaller } from './step.ts';
import { toParamTexts } from './target.ts';
import type { InvokeResult } from './types.ts';

/** Agents that call each other in circles must meet an end. */
const MAX_RUNNING_PER_CALLER = 128;

/** Whether a human must decide first (protocol.md §6, "Approval gate"): no mode lets a change through. */
export function needsApproval(permission: Permission, mode: ExecutionMode): boolean {
  return permission !== 'READ' || mode === 'MANUAL';
}

/** What will be sent and, where it needs an approval, shown: a copy of its own, that nobody changes on the way. */
function subjectOf(step: Step): ApprovalSubject {
  const { target, timeRange } = step;
  return Object.freeze({
    tenantId: target.agent[0]?.tenantId ?? '',
    executionId: step.executionId ?? randomUUID(),
    stepId: randomUUID(),
    agent: infoOf(target.agent).name,
    action: target.action.id,
    permission: target.action.permission,
    params: Object.freeze(toParamTexts(target, step.params)),
    ...(timeRange === undefined ? {} : { timeRange: Object.freeze({ ...timeRange }) }),
  });
}

/**
 * A signal that fires with either of two. The second lives as long as the engine: `AbortSignal.any` would leave a
 * trace in it for every execution.
 */
function endsWith(
  signal: AbortSignal | undefined,
  stopping: AbortSignal,
): { readonly signal: AbortSignal; readonly release: () => void } {
  if (signal === undefined) return { signal: stopping, release: () => {} };
  const controller = new AbortController();
  const abort = () => controller.abort();
  const sources = [signal, stopping];
  for (const source of sources) source.addEventListener('abort', abort, { once: true });
  if (sources.some((source) => source.aborted)) abort();
  return {
    signal: controller.signal,
    release: () => {
      for (const source of sources) source.removeEventListener('abort', abort);
    },
  };
}

/** Takes steps to agents: checks, asks for approval, executes, and keeps what came of it. */
export class Dispatcher {
  readonly #executor: Executor;
  readonly #approvals: Approvals;
  readonly #history: History;
  readonly #events: EventHub;
  readonly #stopping: AbortSignal;
  readonly #underWay = new Set<Promise<unknown>>();
  /** Executes under way by the party that called. */
  readonly #running = new Map<string, number>();

  constructor(parts: {
    readonly executor: Executor;
    readonly approvals: Approvals;
    readonly history: History;
    readonly events: EventHub;
    /** Fires when the engine stops. */
    readonly stopping: AbortSignal;
  }) {
    this.#executor = parts.executor;
    this.#approvals = parts.approvals;
    this.#history = parts.history;
    this.#events = parts.events;
    this.#stopping = parts.stopping;
  }

  /**
   * Executes one step. What the agent makes of it is a result, and so is a signal that fired; an error means that it
   * got no answer.
   * @throws UserError see `Engine.invoke`; too-many-calls
   */
  async perform(step: Step, signal: AbortSignal | undefined): Promise<InvokeResult> {
    const ending = endsWith(signal, this.#stopping);
    const work = this.#perform(step, ending.signal);
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
      ending.release();
    }
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #perform(step: Step, signal: AbortSignal): Promise<InvokeResult> {
    const { target, mode, caller } = step;
    const subject = subjectOf(step);
    const { executionId, agent, action, permission } = subject;
    if (this.#stopping.aborted) throw engineStopping(`${action} of ${agent}`);
    // Before anybody is asked for an approval: one that cannot be used should not be asked for.
    this.#executor.candidates(target);
    this.#checkCrowd(caller);
    step.onAccepted?.();
    const startedAt = performance.now();
    const callerName = caller === undefined ? {} : { caller: caller.name };
    this.#history.begin({ ...subject, mode, ...callerName });
    const finish = (end: End): InvokeResult => {
      const durationMs = Math.round(performance.now() - startedAt);
      this.#history.end(executionId, { ...end, durationMs });
      const result = { ...end, success: end.outcome === 'succeeded', durationMs, executionId };
      this.#events.emit({ type: 'executed', agent, action, ...callerName, result });
      return result;
    };
    try {
      let spend = () => {};
      if (needsApproval(permission, mode)) {
        const approval = await this.#ask(subject, step, signal);
        const refusal = this.#refusalOf(approval, subject, signal);
        if (refusal !== undefined) return finish(refusal);
        spend = () => this.#approvals.use(approval.id, subject);
      }
      return finish(await this.#counted(caller, () => this.#executor.run(subject, step, spend, signal)));
    } catch (error) {
      finish(failed(messageOf(error)));
      throw error;
    }
  }

  #checkCrowd(caller: StepCaller | undefined): void {
    if (caller === undefined || (this.#running.get(caller.party) ?? 0) < MAX_RUNNING_PER_CALLER) return;
    throw new UserError({
      kind: 'failed',
      code: 'too-many-calls',
      message: `More than ${MAX_RUNNING_PER_CALLER} calls of ${caller.party === '' ? 'agents that are not registered' : caller.party} are running.`,
      hint: 'Look whether agents call each other in a circle, or wait for some to end.',
    });
  }

  /** Counts an execute for its caller, not the wait for its approval: that has a limit of its own. */
  async #counted(caller: StepCaller | undefined, run: () => Promise<End>): Promise<End> {
    if (caller === undefined) return run();
    const add = (count: number) => {
      const now = (this.#running.get(caller.party) ?? 0) + count;
      if (now === 0) this.#running.delete(caller.party);
      else this.#running.set(caller.party, now);
    };
    add(1);
    try {
      return await run();
    } finally {
      add(-1);
    }
  }

  async #ask(subject: ApprovalSubject, { target, caller }: Step, signal: AbortSignal): Promise<ApprovalView> {
    const approval = await this.#approvals.request(
      {
        origin: 'action',
        ...(caller === undefined ? {} : { caller: caller.name }),
        party: caller?.party,
        subject,
        claim: { text: target.action.description },
      },
      signal,
    );
    this.#history.note(subject.executionId, { approvalId: approval.id });
    return approval;
  }

  /** The end of a step that was not approved; undefined for one that was. */
  #refusalOf(approval: ApprovalView, subject: ApprovalSubject, signal: AbortSignal): End | undefined {
    const what = `${subject.action} of ${subject.agent}`;
    const comment = approval.comment === '' ? '' : `: ${approval.comment}`;
    switch (approval.state) {
      case 'approved':
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
        if (signal.aborted && !this.#stopping.aborted) return cancelled(subject.action);
        throw engineStopping(`The request for approval of ${what}`);
    }
  }
}
