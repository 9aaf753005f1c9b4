import { type Intent, refOf } from './intent.ts';
import type { IndexEntry, IntentIndex } from './intent-index.ts';
import { type Hit, Matcher, type MayRun } from './matcher.ts';
import { Sentence } from './sentence.ts';
import type { IntentRef } from './types.ts';

/** Two intents that cover the same text. */
export interface IntentOverlap {
  /**
   * - `same`: equal phrases but for case and white space, or patterns written alike
   * - `phrase-in-phrase`: `left` occurs in `right`
   * - `pattern-on-phrase`: the pattern `left` matches in the phrase `right`
   */
  readonly kind: 'same' | 'phrase-in-phrase' | 'pattern-on-phrase';
  /** `full`: whoever says `right` gives both a match of the same length, so priority or name decides. */
  readonly extent: 'full' | 'partial';
  readonly scope: 'between-agents' | 'within-agent';
  readonly left: IntentRef;
  readonly right: IntentRef;
  /** The piece of `right` that both cover. */
  readonly text: string;
  /** False when the piece begins or ends inside a word of `right`. */
  readonly wholeWords: boolean;
}

export interface OverlapReport {
  readonly overlaps: readonly IntentOverlap[];
  /** False when there were too many to list, or too many patterns to try. */
  readonly complete: boolean;
}

/** Most overlaps that are listed; ten thousand equal phrases would make fifty million pairs. */
const MAX_OVERLAPS = 10_000;
/** Most work of patterns on phrases, as program size times length: a second or two. */
const MAX_PATTERN_STEPS = 2 ** 27;

function describe(
  kind: IntentOverlap['kind'],
  left: Intent,
  right: Intent,
  at: Hit,
  text: Sentence,
): IntentOverlap {
  const full = kind === 'same' || (at.start === 0 && at.end === text.text.length);
  return {
    kind,
    extent: full ? 'full' : 'partial',
    scope: left.destination.agent === right.destination.agent ? 'within-agent' : 'between-agents',
    left: refOf(left),
    right: refOf(right),
    text: text.originalText(at.start, at.end),
    wholeWords: text.isWholeWords(at.start, at.end),
  };
}

function byTenant(entries: readonly IndexEntry[]): Intent[][] {
  const groups = new Map<string | undefined, Intent[]>();
  for (const { tenantId, intents } of entries) {
    const group = groups.get(tenantId) ?? [];
    groups.set(tenantId, group);
    for (const intent of intents) group.push(intent);
  }
  return [...groups.values()];
}

/** Pairs of patterns that are written alike; whether two different ones cover the same text is not decided. */
function* samePatterns(intents: readonly Intent[]): Generator<IntentOverlap> {
  const seen = new Map<string, Intent[]>();
  for (const intent of intents) {
    if (intent.kind !== 'pattern') continue;
    const alike = seen.get(intent.pattern) ?? [];
    seen.set(intent.pattern, alike);
    const text = new Sentence(intent.pattern);
    for (const left of alike)
      yield describe('same', left, intent, { intent, start: 0, end: text.text.length }, text);
    alike.push(intent);
  }
}

/** What matches each phrase, found by matching the phrase like a sentence. */
function* onPhrases(intents: readonly Intent[], mayRun: MayRun): Generator<IntentOverlap> {
  const matcher = new Matcher(intents);
  const order = new Map(intents.map((intent, index) => [intent, index]));
  for (const [index, right] of intents.entries()) {
    if (right.kind !== 'phrase') continue;
    const text = new Sentence(right.pattern);
    for (const hit of matcher.match(text, mayRun)) {
      const left = hit.intent;
      if (left.kind === 'phrase' && left.key === right.key) {
        if ((order.get(left) as number) < index) yield describe('same', left, right, hit, text);
      } else if (left.destination !== right.destination) {
        yield describe(
          left.kind === 'phrase' ? 'phrase-in-phrase' : 'pattern-on-phrase',
          left,
          right,
          hit,
          text,
        );
      }
    }
  }
}

/**
 * Which intents cover the same text, within each tenant. An action's own intents are compared for equality
 * only: that one is a part of another does no harm there.
 */
export function listOverlaps(index: IntentIndex): OverlapReport {
  const overlaps: IntentOverlap[] = [];
  let steps = 0;
  const mayRun: MayRun = ({ programSize }, { text }) => {
    steps += programSize * text.length;
    return steps <= MAX_PATTERN_STEPS;
  };
  for (const intents of byTenant(index.entries()))
    for (const found of [samePatterns(intents), onPhrases(intents, mayRun)])
      for (const overlap of found) {
        if (overlaps.length === MAX_OVERLAPS) return { overlaps, complete: false };
        overlaps.push(overlap);
      }
  return { overlaps, complete: steps <= MAX_PATTERN_STEPS };
}
