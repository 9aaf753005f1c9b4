import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, MAX_TOKENS, parseTemplate } from '../../src/gotemplate/index.ts';
import { compareParse } from './comparison.ts';
import { HAND_PICKED } from './hand-picked.ts';
import { askGo, HAS_GO, type Question } from './judge.ts';
import { chooserFrom } from './random.ts';
import { mutate, TemplateWriter } from './templates.ts';

const GENERATED = 4_000;

/** Half as written, half broken once more; some with no flaw meant. */
function generated(): Question[] {
  const choose = chooserFrom(1);
  const writers = [0, 0.01, 0.05].map((flaws) => new TemplateWriter(choose, flaws));
  return Array.from({ length: GENERATED }, () => {
    const text = choose.pick(writers as [TemplateWriter]).template();
    return { name: 't', text: choose.chance(0.4) ? mutate(text, choose) : text };
  });
}

const repeat = (text: string, count: number): string => text.repeat(count);

/** Go takes these, we do not: it has no limit there, ours keeps stack, time and memory bounded. */
const EXCEPTIONS: readonly { readonly reason: string; readonly text: string }[] = [
  { reason: 'nesting', text: `{{${repeat('(', MAX_DEPTH + 1)}1${repeat(')', MAX_DEPTH + 1)}}}` },
  { reason: 'nesting', text: repeat('{{if .}}', MAX_DEPTH + 1) + repeat('{{end}}', MAX_DEPTH + 1) },
  { reason: 'nesting', text: `{{if .}}${repeat('{{else if .}}', MAX_DEPTH)}{{end}}` },
  { reason: 'tokens', text: repeat('{{.}}', Math.ceil(MAX_TOKENS / 3)) },
];

describe.skipIf(!HAS_GO)('as Go itself', () => {
  test('every hand-picked template', () => {
    expect(HAND_PICKED.length).toBeGreaterThan(200);
    const questions = HAND_PICKED.map((text) => ({ name: 'n/é', text }));
    expect(compareParse(questions, askGo(questions))).toEqual([]);
  });

  test(`${GENERATED} generated templates: verdicts, messages and trees`, () => {
    const questions = generated();
    const verdicts = askGo(questions);
    const rejected = verdicts.filter((verdict) => verdict.error !== undefined).length;
    expect(rejected).toBeGreaterThan(GENERATED / 4);
    expect(GENERATED - rejected).toBeGreaterThan(GENERATED / 4);
    expect(compareParse(questions, verdicts)).toEqual([]);
  });

  test('just below our limits', () => {
    const texts = [
      `{{${repeat('(', MAX_DEPTH)}1${repeat(')', MAX_DEPTH)}}}`,
      repeat('{{range .}}', MAX_DEPTH) + repeat('{{end}}', MAX_DEPTH),
      repeat('{{.}}', Math.floor((MAX_TOKENS - 1) / 3)),
    ];
    const questions = texts.map((text) => ({ name: 't', text }));
    expect(compareParse(questions, askGo(questions))).toEqual([]);
  });

  test("a percent sign in the name: Go takes it for one of fmt's, we print it", () => {
    const questions = ['{{', '{{nope}}', '{{.x'].map((text) => ({ name: '5%s', text }));
    const verdicts = askGo(questions);
    expect(compareParse(questions, verdicts).length).toBe(questions.length);
    for (const { text } of questions) {
      const result = parseTemplate('5%s', text);
      expect(result.ok ? '' : result.error.message).toMatch(/^template: 5%s:1: /);
    }
  });

  test('what is excepted differs in each case, and only from acceptance', () => {
    const questions = EXCEPTIONS.map(({ text }) => ({ name: 't', text }));
    const verdicts = askGo(questions);
    expect(verdicts.map((verdict) => verdict.error)).toEqual(EXCEPTIONS.map(() => undefined));
    expect(compareParse(questions, verdicts).length).toBe(EXCEPTIONS.length);
  });
});

describe('places', () => {
  const errorOf = (text: string) => {
    const result = parseTemplate('t', text);
    return result.ok ? undefined : result.error;
  };

  test('the fault, in lines and columns of an editor and in bytes', () => {
    expect(errorOf('é😀\n  {{ nope }}')).toEqual({
      message: 'template: t:2: function "nope" not defined',
      line: 2,
      column: 6,
      offset: 12,
    });
  });

  test('the fault may lie before the line that Go names', () => {
    expect(errorOf('{{$x\n\n}}')).toEqual({
      message: 'template: t:3: undefined variable "$x"',
      line: 1,
      column: 3,
      offset: 2,
    });
  });

  test('functions that the caller adds are known', () => {
    expect(parseTemplate('t', '{{nope 1}}', { functions: ['nope'] }).ok).toBe(true);
    expect(parseTemplate('t', '{{print 1}}', { functions: ['nope'] }).ok).toBe(true);
  });

  test('a lone surrogate is read as U+FFFD', () => {
    const result = parseTemplate('t', 'a\ud800b');
    expect(result.ok && result.template.text).toBe('a\ufffdb');
  });
});

describe('inputs that would break a parser', () => {
  const MIB = 1_048_576;
  const fill = (text: string): string => repeat(text, Math.ceil(MIB / text.length));
  const cases: readonly (readonly [string, string, RegExp | undefined])[] = [
    ['parentheses', `{{${repeat('(', 100_000)}`, /nest deeper than 200 levels$/],
    ['ifs', repeat('{{if .}}', 100_000), /nest deeper than 200 levels$/],
    ['blocks', repeat('{{block "x" .}}', 100_000), /nest deeper than 200 levels$/],
    ['else ifs', `{{if .}}${repeat('{{else if .}}', 100_000)}`, /nest deeper than 200 levels$/],
    ['actions', fill('{{.}}'), /more than 50000 tokens$/],
    ['operands', `{{print${fill(' 1')}}}`, /more than 50000 tokens$/],
    ['a word', `{{${fill('a')}}}`, /not defined$/],
    ['a number', `{{${fill('1')}}}`, /illegal number syntax/],
    ['a hexadecimal number', `{{0x${fill('f')}p1}}`, /illegal number syntax/],
    ['an open string', `{{"${fill('a')}`, /unterminated quoted string$/],
    ['open comments', fill('{{/* '), /unclosed comment$/],
    ['spaces', `{{${fill(' ')}`, /unclosed action$/],
    ['text', fill('text\n'), undefined],
    ['escapes', `{{"${fill('\\xff')}"}}`, undefined],
  ];

  test.each(cases)('%s', (_, text, message) => {
    const result = parseTemplate('t', text);
    if (message === undefined) expect(result.ok).toBe(true);
    else expect(result.ok ? '' : result.error.message).toMatch(message);
  });
});
