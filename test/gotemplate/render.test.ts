import { describe, expect, test } from 'vitest';
import { MAX_OUTPUT, parseTemplate, type RenderResult, renderTemplate } from '../../src/gotemplate/index.ts';
import { compareRendering } from './comparison.ts';
import { askGo, HAS_GO } from './judge.ts';
import { chooserFrom } from './random.ts';
import { RENDERED } from './rendered.ts';
import { RenderWriter } from './rendered-templates.ts';

const GENERATED = 2_000;

/** Questions of the generated set that the preview declines, by the end of its message, and how often. */
const DECLINED: Readonly<Record<string, number>> = {
  'not supported in the preview: a slice beyond the end of a list': 2,
  'not supported in the preview: bytes that are no UTF-8 text': 6,
  'not supported in the preview: call at the end of a pipeline': 1,
};

function render(text: string, data: unknown = {}): RenderResult {
  const parsed = parseTemplate('t', text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return renderTemplate(parsed.template, data);
}

describe.skipIf(!HAS_GO)('as Go itself', () => {
  test('every hand-picked template and its data', () => {
    const questions = RENDERED.map(([text, data]) => ({ name: 't/é', text, data }));
    const { differences, unsupported } = compareRendering(questions, askGo(questions));
    expect(differences).toEqual([]);
    expect(unsupported).toEqual([]);
  });

  test(`${GENERATED} generated templates and data, byte for byte`, () => {
    const writer = new RenderWriter(chooserFrom(1));
    // Through JSON, as Go sees it: there is no -0.
    const questions = Array.from({ length: GENERATED }, () => {
      const { text, data } = writer.case();
      return { name: 't', text, data: JSON.parse(JSON.stringify(data)) as unknown };
    });
    const { agreed, failed, differences, unsupported } = compareRendering(questions, askGo(questions));
    expect(differences).toEqual([]);
    expect(agreed - failed).toBeGreaterThan(GENERATED / 3);
    const counts: Record<string, number> = {};
    for (const message of unsupported) {
      const words = message.replace(/^.*>: /s, '').replace(/ \(.*\)$/, '');
      counts[words] = (counts[words] ?? 0) + 1;
    }
    expect(counts).toEqual(DECLINED);
  });
});

describe('what the preview declines', () => {
  test.each([
    [
      'complex numbers',
      '{{1i}}',
      'template: t:1:2: executing "t" at <1i>: not supported in the preview: complex numbers (1i)',
    ],
    ['addresses', '{{printf "%p" .}}', 'not supported in the preview: addresses (%p)'],
    [
      'slices beyond the end',
      '{{slice .l 0 2}}',
      'not supported in the preview: a slice beyond the end of a list',
    ],
    [
      'parts of characters',
      '{{slice "é" 0 1}}',
      'not supported in the preview: bytes that are no UTF-8 text',
    ],
    [
      'data that is no JSON',
      '{{.f}}',
      'not supported in the preview: the data holds a value of type function, which JSON cannot',
    ],
  ])('%s', (_, text, message) => {
    const result = render(text, { l: [1], f: () => 1 });
    expect(result.ok).toBe(false);
    if (!result.ok) {
      expect(result.error.kind).toBe('unsupported');
      expect(result.error.message.endsWith(message)).toBe(true);
    }
  });

  test('functions of the engine', () => {
    const parsed = parseTemplate('t', 'a {{upper .x}}', { functions: ['upper'] });
    const result = parsed.ok && renderTemplate(parsed.template, {});
    expect(result).toEqual({
      ok: false,
      text: 'a ',
      error: {
        kind: 'unsupported',
        message:
          'template: t:1:4: executing "t" at <upper>: not supported in the preview: the function upper',
        ...{ line: 1, column: 5, offset: 4 },
      },
    });
  });
});

describe('no template runs on and on', () => {
  const long = 'é'.repeat(500_000);
  const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, index]));
  const deep = (levels: number): unknown =>
    levels === 0 ? 1 : JSON.parse('['.repeat(levels) + ']'.repeat(levels));

  test.each([
    ['iterations', '{{range 1000000000}}{{end}}', {}, /stops after 1000000 steps$/],
    [
      'nested iterations',
      '{{range 9999}}{{range 9999}}{{range 9999}}{{end}}{{end}}{{end}}',
      {},
      /1000000 steps$/,
    ],
    [
      'output',
      '{{range 100000}}twenty characters!!!{{end}}',
      {},
      /stops after 1048576 characters of output$/,
    ],
    [
      'a text that doubles',
      `{{$x := "ab"}}${'{{$x = print $x $x}}'.repeat(30)}`,
      {},
      /texts longer than 1048576/,
    ],
    ['a width', '{{printf "%9999999d" 1}}', {}, /texts longer than 1048576 characters$/],
    [
      'a template that calls itself',
      '{{define "r"}}{{template "r"}}{{end}}{{template "r"}}',
      {},
      /deeper than 400 levels$/,
    ],
    ['lengths of a long text', '{{range 100000}}{{len $.s}}{{end}}', { s: long }, /1000000 steps$/],
    ['bytes of a long text', '{{range 100000}}{{index $.s 1}}{{end}}', { s: long }, /1000000 steps$/],
    [
      'keys of a large map',
      '{{range 100000}}{{if $.m}}{{len $.m}}{{end}}{{end}}',
      { m: keys },
      /1000000 steps$/,
    ],
    ['deep data', '{{.}}', deep(5_000), /does not print data deeper than 200 levels$/],
  ])('%s', (_, text, data, message) => {
    const result = render(text, data);
    expect(result.ok ? '' : result.error.message).toMatch(message);
    expect(result.text.length).toBeLessThanOrEqual(MAX_OUTPUT);
    if (!result.ok) expect(result.error.kind).toBe('limit');
  });

  test('keys of JavaScript objects are no keys of the data', () => {
    expect(render('{{.constructor}} {{.__proto__}}', {}).text).toBe('<no value> <no value>');
    expect(render('{{.__proto__}}', JSON.parse('{"__proto__": 1}')).text).toBe('1');
  });
});
