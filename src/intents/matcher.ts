import { Automaton } from './automaton.ts';
import type { Intent, PatternIntent } from './intent.ts';
import type { Clause } from './literals.ts';
import type { Sentence } from './sentence.ts';

/**
 * How much work one pattern may make of one text: its program's size times the text's length. Of a longer
 * text it sees the beginning: a program of 20 steps sees 100 KB, the largest one 2,097 characters.
 */
const STEPS_PER_PATTERN = 2 ** 21;

/** Where an intent matches, in UTF-16 units of the sentence's `text`. */
export interface Hit {
  readonly intent: Intent;
  readonly start: number;
  readonly end: number;
}

/** Asked before a pattern runs; false leaves it out. */
export type MayRun = (pattern: PatternIntent, sentence: Sentence) => boolean;

interface Key {
  readonly text: string;
  readonly phrases: Intent[];
  /** Patterns that are worth a try where the key occurs. */
  readonly patterns: PatternIntent[];
}

interface Occurrence {
  readonly end: number;
  readonly wholeWords: boolean;
}

/** Where a pattern first matches, as Go finds it: leftmost, the first alternative. An empty match is none. */
function findPattern(intent: PatternIntent, sentence: Sentence): Hit | undefined {
  const seen = Math.floor(STEPS_PER_PATTERN / intent.programSize);
  const matcher = intent.engine.matcher(sentence.text.slice(0, seen));
  if (!matcher.find()) return undefined;
  const start = matcher.start();
  const end = matcher.end();
  return start === end ? undefined : { intent, start, end };
}

/** In how many of the patterns each literal is required. */
function countLiterals(patterns: readonly PatternIntent[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const literal of patterns.flatMap(({ clauses }) => clauses.flat()))
    counts.set(literal, (counts.get(literal) ?? 0) + 1);
  return counts;
}

/** The clause that the fewest other patterns share: the one that says most about a sentence. */
function rarestClause(pattern: PatternIntent, counts: ReadonlyMap<string, number>): Clause | undefined {
  const cost = (clause: Clause): number =>
    clause.reduce((sum, literal) => sum + (counts.get(literal) ?? 0), 0);
  let best: Clause | undefined;
  for (const clause of pattern.clauses) if (best === undefined || cost(clause) < cost(best)) best = clause;
  return best;
}

const contains = (folded: string, clauses: readonly Clause[]): boolean =>
  clauses.every((clause) => clause.some((literal) => folded.includes(literal)));

/** A set of intents, ready to be matched together. */
export class Matcher {
  readonly #keys: readonly Key[];
  readonly #automaton: Automaton;
  /** Patterns that no literal rules out: they run on every sentence. */
  readonly #always: readonly PatternIntent[];

  constructor(intents: readonly Intent[]) {
    const keys = new Map<string, Key>();
    const keyOf = (text: string): Key => {
      const key = keys.get(text) ?? { text, phrases: [], patterns: [] };
      keys.set(text, key);
      return key;
    };
    const patterns = intents.filter((intent) => intent.kind === 'pattern');
    const counts = countLiterals(patterns);
    const always: PatternIntent[] = [];
    for (const intent of intents) if (intent.kind === 'phrase') keyOf(intent.key).phrases.push(intent);
    for (const pattern of patterns) {
      const clause = rarestClause(pattern, counts);
      if (clause === undefined) always.push(pattern);
      else for (const literal of clause) keyOf(literal).patterns.push(pattern);
    }
    this.#always = always;
    this.#keys = [...keys.values()];
    this.#automaton = new Automaton(this.#keys.map(({ text }) => text));
  }

  /** The keys in the sentence, each at its first place on word boundaries, else at its first place. */
  #scan(sentence: Sentence): Map<number, Occurrence> {
    const found = new Map<number, Occurrence>();
    this.#automaton.scan(sentence.folded, (key, end) => {
      const earlier = found.get(key);
      if (earlier?.wholeWords) return;
      const start = end - (this.#keys[key] as Key).text.length;
      const wholeWords = sentence.isWholeWords(start, end);
      if (earlier === undefined || wholeWords) found.set(key, { end, wholeWords });
    });
    return found;
  }

  /** The patterns that may match a sentence with these keys in it. */
  #possiblePatterns(found: ReadonlyMap<number, Occurrence>, sentence: Sentence): Set<PatternIntent> {
    const possible = new Set(this.#always);
    for (const key of found.keys())
      for (const pattern of (this.#keys[key] as Key).patterns)
        if (contains(sentence.folded, pattern.clauses)) possible.add(pattern);
    return possible;
  }

  /** Every intent that matches, in no particular order. */
  match(sentence: Sentence, mayRun: MayRun = () => true): Hit[] {
    const found = this.#scan(sentence);
    const hits: Hit[] = [];
    for (const [index, { end }] of found) {
      const { text, phrases } = this.#keys[index] as Key;
      for (const intent of phrases) hits.push({ intent, start: end - text.length, end });
    }
    for (const pattern of this.#possiblePatterns(found, sentence)) {
      const hit = mayRun(pattern, sentence) ? findPattern(pattern, sentence) : undefined;
      if (hit !== undefined) hits.push(hit);
    }
    return hits;
  }
}
