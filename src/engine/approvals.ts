import { createHash, randomBytes } from 'node:crypto';
import type { BlastRadius, JsonValue, Permission } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';
import { findRule, type Policy } from './policy.ts';
import type { StateFile } from './state/state-file.ts';

const DEFAULT_TIMEOUT_S = 600;
/** Decided requests that are kept to look at. */
const MAX_KEPT = 500;
/** More undecided requests of one agent than any person reads. */
const MAX_PENDING_PER_AGENT = 100;

/** Where a request for approval stands. `used` means that its one execution has begun. */
export type ApprovalState = 'pending' | 'approved' | 'used' | 'denied' | 'expired' | 'cancelled';

/** Exactly what an approval allows. Anything else needs another one. */
export interface ApprovalSubject {
  readonly tenantId: string;
  readonly executionId: string;
  readonly stepId: string;
  readonly agent: string;
  /** Empty for a request that an agent makes outside of any execution the engine knows. */
  readonly action: string;
  readonly permission: Permission;
  /** As they will be sent to the agent. */
  readonly params: Readonly<Record<string, string>>;
}

/** What may be said about a request beside its subject. All of it comes from agents. */
export interface ApprovalClaim {
  /** What the agent says that it is about to do, or what the action's description promises. */
  readonly text: string;
  readonly context?: JsonValue;
  readonly blastRadius?: BlastRadius;
}

/** One request for approval, as it is shown to whoever decides. */
export interface ApprovalView extends ApprovalSubject {
  readonly id: string;
  /** `action`: the engine asks before it executes. `agent`: an agent asks in the middle of its work. */
  readonly origin: 'action' | 'agent';
  /** The agent that called the action through CallPlugin; absent when a person did. */
  readonly caller?: string;
  /** SHA-256 of the subject in hex: what a decision is bound to. */
  readonly subjectHash: string;
  readonly claim: ApprovalClaim;
  /** Epoch milliseconds. */
  readonly requestedAtMs: number;
  /** Epoch milliseconds; approved or not, it is worth nothing after. */
  readonly expiresAtMs: number;
  readonly state: ApprovalState;
  /** Who decided; `policy` for a rule. Empty while nobody has. */
  readonly reviewer: string;
  readonly comment: string;
  /** Epoch milliseconds. */
  readonly decidedAtMs?: number;
}

/** What a person decides. */
export interface Decision {
  readonly approved: boolean;
  readonly reviewer: string;
  readonly comment?: string;
}

/** What is asked for. */
export interface ApprovalRequest {
  readonly origin: ApprovalView['origin'];
  readonly caller?: string;
  readonly subject: ApprovalSubject;
  readonly claim: ApprovalClaim;
  /** Seconds until it expires; the policy's time where it is left out or longer. */
  readonly timeoutS?: number;
}

/** SHA-256 over the subject, with the params in the order of their names. */
export function hashSubject(subject: ApprovalSubject): string {
  const { tenantId, executionId, stepId, agent, action, permission, params } = subject;
  const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([tenantId, executionId, stepId, agent, action, permission, sorted]);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

interface Waiting {
  readonly settle: (view: ApprovalView) => void;
  readonly timer: NodeJS.Timeout;
}

const isClosed = (view: ApprovalView): boolean => view.state !== 'pending' && view.state !== 'approved';

/** Every request for approval, and the only way to get and to use a decision. */
export class Approvals {
  readonly #policy: () => Policy;
  readonly #file: StateFile;
  readonly #onChange: (view: ApprovalView) => void;
  readonly #views = new Map<string, ApprovalView>();
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: {
    readonly policy: () => Policy;
    readonly file: StateFile;
    readonly onChange: (view: ApprovalView) => void;
  }) {
    this.#policy = options.policy;
    this.#file = options.file;
    this.#onChange = options.onChange;
  }

  /** Takes what an earlier engine knew; whatever it waited for ended with it. */
  restore(document: unknown): void {
    if (!Array.isArray(document)) return;
    for (const view of document as ApprovalView[])
      this.#views.set(view.id, isClosed(view) ? view : { ...view, state: 'cancelled' });
  }

  /** Newest first. */
  list(): ApprovalView[] {
    return [...this.#views.values()].reverse();
  }

  get(id: string): ApprovalView | undefined {
    return this.#views.get(id);
  }

  /**
   * Asks, and waits until the request is decided, has expired or is cancelled by the signal.
   * @throws UserError too-many-approvals when the agent has too many undecided ones
   */
  async request(asked: ApprovalRequest, signal: AbortSignal | undefined): Promise<ApprovalView> {
    const { subject } = asked;
    this.#checkCrowd(subject.agent);
    const policy = this.#policy();
    const timeoutS = Math.min(
      asked.timeoutS ?? Number.POSITIVE_INFINITY,
      policy.approvalTimeoutS ?? DEFAULT_TIMEOUT_S,
    );
    const requestedAtMs = Date.now();
    const view: ApprovalView = {
      ...subject,
      id: `apr_${randomBytes(6).toString('hex')}`,
      origin: asked.origin,
      ...(asked.caller === undefined ? {} : { caller: asked.caller }),
      subjectHash: hashSubject(subject),
      claim: asked.claim,
      requestedAtMs,
      expiresAtMs: requestedAtMs + timeoutS * 1_000,
      state: 'pending',
      reviewer: '',
      comment: '',
    };
    const rule = findRule(policy, subject);
    if (rule !== undefined && rule.decision !== 'wait') {
      this.#views.set(view.id, view);
      this.#trim();
      const state = ({ approve: 'approved', deny: 'denied', expire: 'expired' } as const)[rule.decision];
      return this.#close(view, { state, reviewer: 'policy', comment: rule.comment ?? '' });
    }
    return this.#wait(view, timeoutS * 1_000, signal);
  }

  #checkCrowd(agent: string): void {
    const pending = [...this.#waiting.keys()].filter((id) => this.#views.get(id)?.agent === agent);
    if (pending.length >= MAX_PENDING_PER_AGENT)
      throw new UserError({
        kind: 'failed',
        code: 'too-many-approvals',
        message: `${agent} has ${pending.length} undecided requests for approval already.`,
        hint: 'Decide some of them first.',
      });
  }

  async #wait(view: ApprovalView, timeoutMs: number, signal: AbortSignal | undefined): Promise<ApprovalView> {
    const closed = new Promise<ApprovalView>((settle) => {
      const timer = setTimeout(() => void this.#close(view, { state: 'expired' }), timeoutMs);
      this.#waiting.set(view.id, { settle, timer });
    });
    const cancel = () => void this.#close(view, { state: 'cancelled' });
    signal?.addEventListener('abort', cancel, { once: true });
    this.#put(view);
    if (signal?.aborted) cancel();
    try {
      return await closed;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /**
   * Decides a pending request, once and for all.
   * @throws UserError unknown-approval, or already-decided
   */
  async decide(id: string, decision: Decision): Promise<ApprovalView> {
    const view = this.#views.get(id);
    if (view === undefined)
      throw new UserError({
        kind: 'usage',
        code: 'unknown-approval',
        message: `There is no request for approval ${JSON.stringify(id)}.`,
        hint: 'List them with `mirastack-agent approval list`.',
      });
    if (view.state !== 'pending')
      throw new UserError({
        kind: 'failed',
        code: 'already-decided',
        message: `The request ${id} is ${view.state} already${view.reviewer === '' ? '' : ` (${view.reviewer})`}.`,
      });
    const state = decision.approved ? 'approved' : 'denied';
    return this.#close(view, { state, reviewer: decision.reviewer, comment: decision.comment ?? '' });
  }

  /**
   * Spends an approval on the one thing that it allows.
   * @throws UserError approval-mismatch when it is for something else, spent, expired or no approval at all
   */
  use(id: string, subject: ApprovalSubject): void {
    const view = this.#views.get(id);
    const fault =
      view?.state !== 'approved'
        ? `it is ${view?.state ?? 'unknown'}`
        : Date.now() >= view.expiresAtMs
          ? 'it has expired'
          : view.subjectHash === hashSubject(subject)
            ? undefined
            : 'it was given for something else';
    if (fault !== undefined)
      throw new UserError({
        kind: 'failed',
        code: 'approval-mismatch',
        message: `The approval ${id} does not allow ${subject.action} of ${subject.agent}: ${fault}.`,
      });
    this.#put({ ...(view as ApprovalView), state: 'used' });
  }

  /** Ends every wait. */
  stop(): void {
    for (const id of [...this.#waiting.keys()])
      void this.#close(this.#views.get(id) as ApprovalView, { state: 'cancelled' });
  }

  /** A decision counts once it is on disk: an engine that dies now must not ask again what was denied. */
  async #close(view: ApprovalView, end: Partial<ApprovalView>): Promise<ApprovalView> {
    const known = this.#views.get(view.id);
    if (known !== undefined && known.state !== 'pending') return known;
    const closed = { ...view, ...end, decidedAtMs: Date.now() };
    const waiting = this.#waiting.get(view.id);
    this.#waiting.delete(view.id);
    clearTimeout(waiting?.timer);
    await this.#put(closed);
    waiting?.settle(closed);
    return closed;
  }

  #put(view: ApprovalView): Promise<void> {
    this.#views.set(view.id, view);
    this.#trim();
    this.#onChange(view);
    return this.#file.save(() => [...this.#views.values()]);
  }

  #trim(): void {
    for (const [id, view] of this.#views) {
      if (this.#views.size <= MAX_KEPT) return;
      if (isClosed(view)) this.#views.delete(id);
    }
  }
}
