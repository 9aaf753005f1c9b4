import type { Intent } from './intent.ts';
import type { Hit } from './matcher.ts';

/** A match with what decides its place. */
export interface Ranked {
  readonly intent: Intent;
  readonly hit: Hit;
  /** Characters of the match. */
  readonly length: number;
  readonly wholeWords: boolean;
}

/** What put one match before another. */
export type Criterion = 'length' | 'priority' | 'whole-words' | 'name';

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** An agent's default intents come before its actions; the tenant only makes the order complete. */
function compareNames({ intent: a }: Ranked, { intent: b }: Ranked): number {
  return (
    compareText(a.destination.agent, b.destination.agent) ||
    compareText(a.destination.action ?? '', b.destination.action ?? '') ||
    compareText(a.pattern, b.pattern) ||
    compareText(a.destination.tenantId ?? '', b.destination.tenantId ?? '')
  );
}

/** The first criterion in which two matches differ. */
export function decidingCriterion(a: Ranked, b: Ranked): Criterion {
  if (a.length !== b.length) return 'length';
  if (a.intent.priority !== b.intent.priority) return 'priority';
  return a.wholeWords === b.wholeWords ? 'name' : 'whole-words';
}

/** Negative when `a` comes first. */
export function compareRanked(a: Ranked, b: Ranked): number {
  const criterion = decidingCriterion(a, b);
  switch (criterion) {
    case 'length':
      return b.length - a.length;
    case 'priority':
      return b.intent.priority - a.intent.priority;
    case 'whole-words':
      return a.wholeWords ? -1 : 1;
    case 'name':
      return compareNames(a, b);
    default:
      return criterion satisfies never;
  }
}
