import type { IntentPattern, Permission, RoutingSemantics } from '../contract/index.ts';

/** One action, as far as routing looks at it. */
export interface IntentAction {
  readonly id: string;
  readonly permission: Permission;
  readonly intents: readonly IntentPattern[];
  /** Undefined when the agent sent none. */
  readonly routing?: RoutingSemantics;
  /** False when the author left the semantics out and they were derived (`deriveRouting`). */
  readonly routingDeclared: boolean;
}

/** One agent, as far as routing looks at it. */
export interface IntentAgent {
  readonly agent: string;
  /** Agents of different tenants never compete. */
  readonly tenantId?: string;
  readonly actions: readonly IntentAction[];
  /** The agent's own intents, which lead to no particular action. */
  readonly defaultIntents: readonly IntentPattern[];
}

/** How an intent is read. */
export type IntentKind = 'phrase' | 'pattern';

/** Whose intent it is. */
export interface IntentOwner {
  readonly agent: string;
  readonly tenantId: string | undefined;
  /** Undefined: one of the agent's default intents. */
  readonly action: string | undefined;
}

/** An intent where it is only named. */
export interface IntentRef extends IntentOwner {
  readonly pattern: string;
  readonly kind: IntentKind;
}

/**
 * What is wrong with an intent:
 * - `empty`: nothing but white space
 * - `too-long`: more than 512 characters
 * - `does-not-compile`: a pattern that the linear-time engine refuses, such as a lookahead
 * - `too-large`: a pattern that is short to write and huge to run, such as `a{0,1000}b`
 * - `matches-empty`: a pattern that matches the empty text, and so perhaps every sentence; it is kept
 * - `too-many`: the agent has more intents, or larger patterns, than one agent may have
 */
export type IntentFaultKind =
  | 'empty'
  | 'too-long'
  | 'does-not-compile'
  | 'too-large'
  | 'matches-empty'
  | 'too-many';

export interface IntentFault extends IntentOwner {
  readonly kind: IntentFaultKind;
  /** The intent as it was written; undefined for `too-many`, which speaks of all the rest. */
  readonly pattern: string | undefined;
  /** One sentence with the reason and what to do. */
  readonly message: string;
  /** Whether the intent is left out. */
  readonly dropped: boolean;
}
