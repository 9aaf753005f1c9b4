import type { Permission } from '../contract/index.ts';
import { explainLoss, explainRefusal, explainWin } from './explanation.ts';
import type { IntentIndex } from './intent-index.ts';
import type { Hit } from './matcher.ts';
import { compareRanked, type Ranked } from './rank.ts';
import { Sentence } from './sentence.ts';
import type { IntentRef } from './types.ts';

/** One intent that matches a text, and what becomes of it. */
export interface IntentCandidate extends IntentRef {
  /** 1-based place in the list. */
  readonly rank: number;
  /** Closed: at most one candidate won, the first; `not-routed` ones stand after all others. */
  readonly outcome: 'won' | 'lost' | 'not-routed';
  readonly routed: boolean;
  /** One phrase for people: why it won, lost or is not routed. */
  readonly reason: string;
  /** The permission of the action; undefined for an agent's default intent. */
  readonly permission: Permission | undefined;
  /** The piece of the text as it was given. */
  readonly matchedText: string;
  /** Characters (code points) before it in the text as it was given. */
  readonly start: number;
  /** Its length in characters (code points), every run of white space counted as one. */
  readonly length: number;
  /** False when the match begins or ends inside a word. */
  readonly wholeWords: boolean;
  readonly priority: number;
}

export interface MatchOptions {
  /** Asks the agents of this tenant only. */
  readonly tenantId?: string;
}

function toRanked(hit: Hit, sentence: Sentence): Ranked {
  const { intent, start, end } = hit;
  return {
    intent,
    hit,
    length: sentence.lengthOf(start, end),
    wholeWords: sentence.isWholeWords(start, end),
  };
}

/**
 * Who would be asked about a text: every intent that matches, the winner first. Ordered by the length of the
 * match, then priority, then whole words before parts of words, then name (agent, action, intent). What is
 * not routed comes last, in the same order, with its reason.
 */
export function matchIntents(
  index: IntentIndex,
  text: string,
  options: MatchOptions = {},
): IntentCandidate[] {
  const sentence = new Sentence(text);
  const ranked = index
    .entries(options.tenantId)
    .flatMap((entry) => entry.matcher.match(sentence))
    .map((hit) => toRanked(hit, sentence))
    .sort(compareRanked);
  const routed = ranked.filter(({ intent }) => intent.destination.notRouted === undefined);
  const refused = ranked.filter(({ intent }) => intent.destination.notRouted !== undefined);
  const [winner] = routed;

  const describe = (item: Ranked, at: number): IntentCandidate => {
    const { intent, hit, length, wholeWords } = item;
    const { agent, tenantId, action, permission, notRouted } = intent.destination;
    const outcome = notRouted !== undefined ? 'not-routed' : item === winner ? 'won' : 'lost';
    const reason =
      winner === undefined || notRouted !== undefined
        ? explainRefusal(item, winner)
        : item === winner
          ? explainWin(winner, routed)
          : explainLoss(item, winner);
    return {
      rank: at + 1,
      agent,
      tenantId,
      action,
      permission,
      pattern: intent.pattern,
      kind: intent.kind,
      outcome,
      routed: notRouted === undefined,
      reason,
      matchedText: sentence.originalText(hit.start, hit.end),
      start: sentence.originalStart(hit.start),
      length,
      wholeWords,
      priority: intent.priority,
    };
  };
  return [...routed, ...refused].map(describe);
}
