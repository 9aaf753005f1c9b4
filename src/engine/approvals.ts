import { randomBytes } from 'node:crypto';
import { UserError } from '../support/errors.ts';
import {
  type ApprovalClaim,
  type ApprovalSubject,
  type ApprovalView,
  cutApproval,
  hashSubject,
  isApprovalView,
  isClosed,
  sizeOfApproval,
} from './approval-view.ts';
import { findRule, type Policy } from './policy.ts';
import type { StateFile } from './state/state-file.ts';

const DEFAULT_TIMEOUT_S = 600;
/** Decided requests that are kept to look at. */
const MAX_KEPT = 500;
/** More undecided requests of one agent than any person reads. */
const MAX_PENDING_PER_AGENT = 100;
/** Of all agents together: more than any person reads, and than memory should hold. */
const MAX_PENDING = 500;
const MAX_PENDING_CHARS = 16 * 1024 * 1024;

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
  /** Whose share of the undecided requests it counts as; undefined for a person, who has no limit. */
  readonly party: string | undefined;
  readonly subject: ApprovalSubject;
  readonly claim: ApprovalClaim;
  /** Seconds until it expires; the policy's time where it is left out or longer. */
  readonly timeoutS?: number;
}

interface Waiting {
  readonly party: string | undefined;
  readonly settle: (view: ApprovalView) => void;
  readonly timer: NodeJS.Timeout;
}

/** Every request for approval, and the only way to get and to use a decision. */
export class Approvals {
  readonly #policy: () => Policy;
  readonly #file: StateFile;
  readonly #onChange: (view: ApprovalView) => void;
  readonly #views = new Map<string, ApprovalView>();
  readonly #waiting = new Map<string, Waiting>();
  #stopped = false;

  constructor(options: {
    readonly policy: () => Policy;
    readonly file: StateFile;
    readonly onChange: (view: ApprovalView) => void;
  }) {
    this.#policy = options.policy;
    this.#file = options.file;
    this.#onChange = options.onChange;
  }

  /**
   * Takes what an earlier engine knew; whatever it waited for ended with it.
   * @returns how many records were not usable
   */
  restore(document: unknown): number {
    const records: readonly unknown[] = Array.isArray(document) ? document : [];
    const views = records.filter(isApprovalView) as ApprovalView[];
    for (const view of views) {
      const ended = isClosed(view) ? view : { ...view, state: 'cancelled' as const };
      this.#views.set(view.id, cutApproval(ended));
    }
    this.#trim();
    return records.length - views.length;
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
    this.#checkCrowd(asked);
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
    return this.#wait(view, { party: asked.party, timeoutMs: timeoutS * 1_000 }, signal);
  }

  #checkCrowd({ party, subject, claim }: ApprovalRequest): void {
    if (party === undefined) return;
    const waiting = [...this.#waiting].map(([id, { party }]) => ({ party, view: this.#views.get(id) }));
    const own = waiting.filter((item) => item.party === party).length;
    const chars = waiting.reduce(
      (sum, { view }) => sum + (view === undefined ? 0 : sizeOfApproval(view)),
      sizeOfApproval({ params: subject.params, claim }),
    );
    const isCrowded =
      own >= MAX_PENDING_PER_AGENT || waiting.length >= MAX_PENDING || chars > MAX_PENDING_CHARS;
    if (isCrowded)
      throw new UserError({
        kind: 'failed',
        code: 'too-many-approvals',
        message: `${party === '' ? 'Agents that are not registered have' : `${party} has`} ${own} undecided requests for approval already, and all agents together ${waiting.length}.`,
        hint: 'Decide some of them first: `mirastack-agent approval list`.',
      });
  }

  async #wait(
    view: ApprovalView,
    { party, timeoutMs }: { readonly party: string | undefined; readonly timeoutMs: number },
    signal: AbortSignal | undefined,
  ): Promise<ApprovalView> {
    const closed = new Promise<ApprovalView>((settle) => {
      const timer = setTimeout(() => void this.#close(view, { state: 'expired' }), timeoutMs);
      this.#waiting.set(view.id, { party, settle, timer });
    });
    const cancel = () => void this.#close(view, { state: 'cancelled' });
    signal?.addEventListener('abort', cancel, { once: true });
    this.#put(view);
    if (this.#stopped || signal?.aborted) cancel();
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
        hint: 'A decision counts once; to ask again, invoke the action again.',
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
        hint: 'Invoke the action again: a new request shows what would run now.',
      });
    this.#put({ ...(view as ApprovalView), state: 'used' });
  }

  /** Ends every wait, and from now on each at once. */
  stop(): void {
    this.#stopped = true;
    for (const id of [...this.#waiting.keys()])
      void this.#close(this.#views.get(id) as ApprovalView, { state: 'cancelled' });
  }

  /** A decision counts once it is on disk: an engine that dies now must not ask again what was denied. */
  async #close(view: ApprovalView, end: Partial<ApprovalView>): Promise<ApprovalView> {
    const known = this.#views.get(view.id);
    if (known !== undefined && known.state !== 'pending') return known;
    const closed = cutApproval({ ...view, ...end, decidedAtMs: Date.now() });
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
    // What is pending now ends with the engine, so its params need not be there whole either.
    return this.#file.save(() => [...this.#views.values()].map(cutApproval));
  }

  #trim(): void {
    for (const [id, view] of this.#views) {
      if (this.#views.size <= MAX_KEPT) return;
      if (isClosed(view)) this.#views.delete(id);
    }
  }
}
