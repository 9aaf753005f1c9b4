import { createHash } from 'node:crypto';
import {
  type BlastRadius,
  type JsonValue,
  PERMISSIONS,
  type Permission,
  type TimeRange,
} from '../contract/index.ts';
import { excerpt } from './excerpt.ts';
import { isNumber, isText, isTexts, isTimeRange, oneOf, optional, shapeOf } from './state/shape.ts';

const STATES = ['pending', 'approved', 'used', 'denied', 'expired', 'cancelled'] as const;
/** Where a request for approval stands. `used` means that its one execution has begun. */
export type ApprovalState = (typeof STATES)[number];

const ORIGINS = ['action', 'agent'] as const;

/** Exactly what an approval allows. Anything else needs another one. */
export interface ApprovalSubject {
  readonly tenantId: string;
  readonly executionId: string;
  readonly stepId: string;
  readonly agent: string;
  /** Empty for a request that an agent makes outside of any execution the engine knows. */
  readonly action: string;
  readonly permission: Permission;
  /** As they will be sent to the agent; each cut to 256 characters once the request is decided. */
  readonly params: Readonly<Record<string, string>>;
  /** As it will be sent to the agent. */
  readonly timeRange?: TimeRange;
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
  readonly origin: (typeof ORIGINS)[number];
  /** What the agent that called the action through CallPlugin says it is; absent when a person did. */
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

/** SHA-256 over the subject, with the params in the order of their names. */
export function hashSubject(subject: ApprovalSubject): string {
  const { tenantId, executionId, stepId, agent, action, permission, params, timeRange } = subject;
  const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  const time =
    timeRange === undefined
      ? null
      : [
          timeRange.startEpochMs,
          timeRange.endEpochMs,
          timeRange.timezone ?? '',
          timeRange.originalExpression ?? '',
        ];
  const text = JSON.stringify([tenantId, executionId, stepId, agent, action, permission, sorted, time]);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Whether nothing can come of a request any more. What an agent asked itself ends with the answer. */
export const isClosed = ({ state, origin }: ApprovalView): boolean =>
  state !== 'pending' && (state !== 'approved' || origin === 'agent');

/** Whether a document is a request for approval that an engine kept. */
export const isApprovalView = shapeOf({
  id: isText,
  origin: oneOf(ORIGINS),
  caller: optional(isText),
  tenantId: isText,
  executionId: isText,
  stepId: isText,
  agent: isText,
  action: isText,
  permission: oneOf(PERMISSIONS),
  params: isTexts,
  timeRange: optional(isTimeRange),
  subjectHash: isText,
  claim: shapeOf({ text: isText }),
  requestedAtMs: isNumber,
  expiresAtMs: isNumber,
  state: oneOf(STATES),
  reviewer: isText,
  comment: isText,
  decidedAtMs: optional(isNumber),
});

/** The characters of a request that agents chose. */
export function sizeOfApproval({ params, claim }: Pick<ApprovalView, 'params' | 'claim'>): number {
  const texts = Object.entries(params).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  const { text, ...rest } = claim;
  return texts + text.length + JSON.stringify(rest).length;
}

const MAX_KEPT_PARAM = 256;
const MAX_KEPT_CONTEXT = 4 * 1024;

/** What is kept of a decided request: its hash says what was decided, and long texts are there in part. */
export function cutApproval<View extends ApprovalView>(view: View): View {
  const { params, claim } = view;
  const context = claim.context === undefined ? '' : JSON.stringify(claim.context);
  return {
    ...view,
    params: Object.fromEntries(
      Object.entries(params).map(([name, text]) => [name, excerpt(text, MAX_KEPT_PARAM)]),
    ),
    ...(context.length > MAX_KEPT_CONTEXT
      ? { claim: { ...claim, context: excerpt(context, MAX_KEPT_CONTEXT) } }
      : {}),
  };
}
