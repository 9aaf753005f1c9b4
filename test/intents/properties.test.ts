import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
// Plain JavaScript, shared with the bench.
// @ts-expect-error it has no types
import { EVIL_PATTERNS, evilTexts } from '../../bench/lab/evil-patterns.mjs';
import { foldCase } from '../../src/intents/fold.ts';
import { createIntentIndex, type IntentCandidate, matchIntents } from '../../src/intents/index.ts';
import { requiredLiterals } from '../../src/intents/literals.ts';
import { agent } from './agents.ts';

/** Numbers in [0, 1) that a seed repeats. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

class Maker {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = makeRandom(seed);
  }
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
  /** Few words and letters, so that phrases overlap, nest and meet inside words. */
  phrase(): string {
    const words = ['a', 'ab', 'aba', 'Abab', 'ba', 'b', 'é', 'É', 'ſ', 'S', 'k', '\u212A', '日', '😀', 'б'];
    return Array.from({ length: 1 + this.below(3) }, () => this.pick(words)).join(this.pick(['', ' ', '  ']));
  }
  text(): string {
    return Array.from({ length: this.below(9) }, () => this.phrase()).join(this.pick(['', ' ', ' \n ', 'x']));
  }
  /** A pattern that RE2 and JavaScript read alike. */
  pattern(depth = 2): string {
    const atoms = ['ab', 'ba', 'a', 'B', 'aba', '.', '[ab]', '[^a]', '\\w', ' ', '\\s', 'é'];
    if (depth === 0) return this.pick(atoms);
    const sub = () => this.pattern(depth - 1);
    switch (this.below(6)) {
      case 0:
        return `(?:${sub()}|${sub()})`;
      case 1:
        return `(${sub()})${this.pick(['?', '+', '{2}', '{1,3}', '{0,2}'])}`;
      case 2:
        return `^${sub()}`;
      case 3:
        return `${sub()}$`;
      default:
        return sub() + sub();
    }
  }
}

interface Found {
  readonly pattern: string;
  readonly start: number;
  readonly end: number;
}
const found = ({ pattern, start, length }: IntentCandidate): Found => ({
  pattern,
  start,
  end: start + length,
});
const sorted = (list: readonly Found[]) =>
  [...list].sort((a, b) => (a.pattern === b.pattern ? a.start - b.start : a.pattern < b.pattern ? -1 : 1));
const length = (text: string) => [...text].length;

const collapse = (text: string) => text.replace(/\s+/gu, ' ').trim();
const isWord = (text: string | undefined) => text !== undefined && /[\p{L}\p{N}\p{M}_]/u.test(text);

/** A phrase by plain search: V8 compares without regard to case, the first place in whole words counts. */
function findPhrase(phrase: string, text: string): Found[] {
  const source = collapse(phrase).replace(/[.]/g, '\\.');
  const places = [...text].flatMap((_, index, all) => {
    const rest = all.slice(index).join('');
    const match = new RegExp(`^${source}`, 'iu').exec(rest);
    if (match === null) return [];
    const end = index + length(match[0]);
    const within = (at: number) => isWord(all[at - 1]) && isWord(all[at]);
    return [{ pattern: phrase, start: index, end, whole: !within(index) && !within(end) }];
  });
  const best = places.find(({ whole }) => whole) ?? places[0];
  return best === undefined ? [] : [{ pattern: phrase, start: best.start, end: best.end }];
}

function findPattern(pattern: string, text: string): Found[] {
  // As in RE2, `\w` knows no letters beyond ASCII whatever the case, and `.` no line breaks.
  const match = new RegExp(pattern, 'iu').exec(text);
  if (match === null || match[0] === '') return [];
  const start = length(text.slice(0, match.index));
  return [{ pattern, start, end: start + length(match[0]) }];
}

describe('the index gives what a search of every intent gives', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('phrases, seed %i', (seed) => {
    const maker = new Maker(seed);
    const phrases = [...new Set(Array.from({ length: 60 }, () => maker.phrase()))];
    const index = createIntentIndex([agent('a', { go: phrases })]);
    for (let i = 0; i < 20; i++) {
      const text = collapse(maker.text());
      const expected = phrases.flatMap((phrase) => findPhrase(phrase, text));
      expect(sorted(matchIntents(index, text).map(found)), text).toEqual(sorted(expected));
    }
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed))('patterns, seed %i', (seed) => {
    const maker = new Maker(seed + 1_000);
    const patterns = [...new Set(Array.from({ length: 60 }, () => `${maker.pattern()}(?:)`))];
    const index = createIntentIndex([agent('a', { go: patterns })]);
    for (let i = 0; i < 20; i++) {
      // Letters whose folds differ between the two engines stay out: `\w` and `s`, `k`.
      const text = collapse(maker.text().replace(/[ſS\u212Ak]/gu, 'b'));
      const expected = patterns.flatMap((pattern) => findPattern(pattern, text));
      expect(sorted(matchIntents(index, text).map(found)), text).toEqual(sorted(expected));
    }
  });

  test('splitting the intents over agents, and adding and removing them, changes nothing', () => {
    const maker = new Maker(7);
    const make = (i: number) => agent(`a${i}`, { go: Array.from({ length: 5 }, () => maker.phrase()) });
    const agents = Array.from({ length: 30 }, (_, i) => make(i));
    const index = createIntentIndex(agents);
    for (let i = 0; i < 100; i++) {
      const at = maker.below(agents.length);
      const [gone] = agents.splice(at, 1);
      index.remove(gone?.agent ?? '');
      const added = make(100 + i);
      agents.push(added);
      index.add(added);
    }
    for (let i = 0; i < 50; i++) {
      const text = maker.text();
      expect(matchIntents(index, text)).toEqual(matchIntents(createIntentIndex(agents), text));
    }
  });
});

describe('letters that differ by case only', () => {
  const cased = Array.from({ length: 0x20000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((char) => char.toLowerCase() !== char || char.toUpperCase() !== char);
  const groups = new Map<string, string[]>();
  for (const char of cased) groups.set(foldCase(char), [...(groups.get(foldCase(char)) ?? []), char]);

  /** Letters that a phrase and a pattern compare differently. */
  const differing = cased.filter((char) => {
    const engine = RE2JS.compile(char, RE2JS.CASE_INSENSITIVE);
    const fold = foldCase(char);
    const others = cased.filter((other) => foldCase(other) !== fold).join('');
    return engine.test(others) || !(groups.get(fold) ?? []).every((other) => engine.test(other));
  });

  test('there are thousands, and all but a handful are the same to phrases and patterns', () => {
    expect(cased.length).toBeGreaterThan(2_500);
    expect(differing.length).toBeLessThan(10);
  });

  test('no pattern is kept from a text by a letter that folds differently', () => {
    const relied = (char: string) =>
      requiredLiterals(`qq${char}`)
        .flat()
        .some((literal) => literal.length > 2);
    expect(differing.filter(relied)).toEqual([]);
    expect(relied('é') && relied('Σ') && relied('K') && relied('日')).toBe(true);
  });
});

describe('required literals', () => {
  // They are what makes ten thousand patterns cheap, and come from what re2js does not document.
  test.each<[string, readonly (readonly string[])[]]>([
    ['restart.*Pod', [['restart'], ['pod']]],
    ['(?i)restart.*Pod', [['restart'], ['pod']]],
    ['show (logs|traces) now', [['show '], ['logs', 'traces'], [' now']]],
    ['\\d+ errors', [[' errors']]],
    ['(ab)?', []],
    ['\\w+', []],
    ['(abc|\\d)', []],
    ['É+tat', [['tat']]],
  ])('%s', (pattern, clauses) => {
    expect(requiredLiterals(pattern)).toEqual(clauses);
  });
});

describe('evil patterns', () => {
  const evil: readonly string[] = EVIL_PATTERNS;
  const texts: readonly string[] = evilTexts();

  test('there are thirty, and none is refused', () => {
    expect(new Set(evil).size).toBe(30);
    expect(createIntentIndex([agent('evil', { go: evil })]).size).toBe(30);
  });

  test.each(evil)('%s ends on 100 KB, and agrees with the other engine of re2js', (pattern) => {
    const index = createIntentIndex([agent('evil', { go: [pattern] })]);
    const engine = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    const seen = Math.floor(2 ** 21 / engine.programSize());
    for (const text of texts) {
      const [candidate] = matchIntents(index, text);
      const matches = engine.test(text.slice(0, seen));
      // An empty match counts for the engine and not for us.
      if (!matches || !engine.test('')) expect(candidate !== undefined).toBe(matches);
    }
  });

  test('of a long text a small pattern sees all, a large one only the beginning', () => {
    const filler = 'a '.repeat(5_000);
    const index = createIntentIndex([agent('a', { go: ['the en[d]$', '(?:x{900})?the end', 'the end'] })]);
    const matching = (text: string) => matchIntents(index, text).map(({ pattern }) => pattern);
    expect(matching(`${filler} the end`)).toEqual(['the en[d]$', 'the end']);
    expect(matching(`the end ${filler}`)).toEqual(['(?:x{900})?the end', 'the end']);
  });

  test.each(evil)('%s agrees with V8 on texts that V8 can bear', (pattern) => {
    const index = createIntentIndex([agent('evil', { go: [pattern] })]);
    const inJavaScript = pattern.replaceAll('\\pL', '\\p{L}').replaceAll('\\pN', '\\p{N}');
    const flags = inJavaScript.startsWith('(?s)') ? 'ius' : 'iu';
    const reference = new RegExp(inJavaScript.replace('(?s)', ''), flags);
    for (const text of ['aaaaaaaa', 'aaab', 'ababc', 'lorem ipsum.', 'a=b', 'xxy', 'zzz', 'Q', 'a #']) {
      const match = reference.exec(text);
      const matchedText = match === null || match[0] === '' ? [] : [{ matchedText: match[0] }];
      expect(matchIntents(index, text)).toMatchObject(matchedText);
    }
  });
});
