import type { Chooser } from './random.ts';

export interface RenderCase {
  readonly text: string;
  readonly data: unknown;
}

type Words = readonly [string, ...string[]];

const FLOATS: readonly [number, ...number[]] = [
  ...([0, 1, -1, 2, 3, 5, 10, 42, 0.5, 1.5, 2.5, -0.25, 100_000, 999_999, 1_000_000, 1_234_567] as const),
  ...[1e20, 1e21, 123456789012345680000, 1e-4, 1e-5, 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 2 ** 53],
  ...[1e6 + 0.5, 0.000123456, 255, 65, 233, 128_512, 8.5, 0.05, 0.15, 1e15 + 0.3],
];
const STRINGS: Words = [
  ...([
    '',
    'a',
    'abc',
    'two words',
    'é',
    '日本',
    '😀',
    '<b class="x">',
    "it's & more",
    'tab\tnewline\n',
  ] as const),
  ...[
    '%d',
    '100%',
    '\\back',
    '`tick`',
    '\u0001\u007f',
    '\u00a0\u200b',
    'x=1;y=2',
    '\u2028',
    '{{.a}}',
    '\ufeff',
  ],
];
const KEYS: Words = ['a', 'b', 'n', 's', 'l', 'o', 'é', 'Z', '10', '9', '😀', '\uffee'];
const CONSTANTS: Words = [
  ...([
    '0',
    '1',
    '2',
    '3',
    '-1',
    '42',
    "'a'",
    "'😀'",
    '0x1e',
    '-0x1e',
    '1.0',
    '1.5',
    '0.5',
    '1e6',
    '1e-7',
  ] as const),
  ...[
    '""',
    '"a"',
    '"abc"',
    '"é日"',
    '`raw`',
    '"<&>"',
    'true',
    'false',
    '9223372036854775807',
    '0x1p-2',
    '2.0',
  ],
];
const RARE: Words = [
  'nil',
  '18446744073709551615',
  '.missing',
  '$.missing',
  '.o.missing',
  '.nothing',
  '(.missing)',
  '1e300',
];
const NUMBERS: Words = [
  '.n',
  '.o.n',
  '1',
  '2',
  '0',
  '(len .s)',
  '(len .l)',
  '(index .l 0)',
  '1.5',
  '$.n',
  "'a'",
];
const INTS: Words = ['0', '1', '2', '(len .s)', '(len .l)', "'a'", '(index .s 0)', '-1', '(len .o)'];
const TEXTS: Words = [
  '.s',
  '.o.s',
  '"abc"',
  '(print .n)',
  '(printf "%v" .l)',
  '""',
  '(index .t 0)',
  '$.s',
  '`é日`',
];
const LISTS: Words = ['.l', '.t', '.o.l', '$.l', '(slice .t 1)', '(index .g 0)', '.g'];
const MAPS: Words = ['.o', '$', '.', '(index .r 0)', '.o.o'];
const VERBS: Words = [
  ...([
    'v',
    'd',
    's',
    'q',
    't',
    'f',
    'g',
    'x',
    'c',
    'e',
    'U',
    'T',
    'X',
    'b',
    'o',
    'O',
    'G',
    'E',
    'F',
  ] as const),
  ...['z', '%', '!', 'w', 'é'],
];

/** Data in which every key that the templates name has its type, most of the time. */
function dataFrom(choose: Chooser): unknown {
  const { below, chance, pick } = choose;
  const list = <T>(make: () => T): T[] => Array.from({ length: below(4) }, make);
  const anything = (depth: number): unknown => {
    switch (below(depth > 2 ? 4 : 6)) {
      case 0:
        return pick(FLOATS);
      case 1:
        return pick(STRINGS);
      case 2:
        return chance(0.5);
      case 3:
        return chance(0.5) ? null : pick(FLOATS);
      case 4:
        return list(() => anything(depth + 1));
      default:
        return Object.fromEntries(list(() => [pick(KEYS), anything(depth + 1)] as const));
    }
  };
  const inner = {
    n: pick(FLOATS),
    s: pick(STRINGS),
    l: list(() => anything(1)),
    o: { a: { b: { c: anything(1) } } },
  };
  const data: Record<string, unknown> = {
    ...{ n: pick(FLOATS), s: pick(STRINGS), yes: chance(0.5), nothing: null, o: inner, any: anything(0) },
    ...{
      l: list(() => anything(1)),
      t: ['x', ...list(() => pick(STRINGS))],
      g: [[1, 2], list(() => anything(2))],
    },
    ...{ r: [{ a: 1 }, ...list(() => ({ [pick(KEYS)]: anything(1) }))] },
  };
  if (chance(0.1)) data[pick(KEYS)] = anything(0);
  if (chance(0.03)) return anything(0);
  return data;
}

/** Makes templates that do something with such data. */
export class RenderWriter {
  readonly #choose: Chooser;
  #budget = 0;
  #depth = 0;
  #defined = false;

  constructor(choose: Chooser) {
    this.#choose = choose;
  }

  case(): RenderCase {
    const { chance } = this.#choose;
    this.#budget = 2 + this.#choose.below(8);
    this.#defined = false;
    let text = chance(0.3) ? `{{define "x"}}{{.}}${chance(0.2) ? this.#body(false) : ''}{{end}}` : '';
    this.#defined = text !== '';
    if (chance(0.9)) text += '{{$x := 0}}{{$i := 0}}';
    do text += this.#item(false);
    while (this.#budget > 0);
    return { text, data: dataFrom(this.#choose) };
  }

  #body(inRange: boolean): string {
    let text = '';
    do text += this.#item(inRange);
    while (this.#budget > 0 && this.#choose.chance(0.5));
    return text;
  }

  #item(inRange: boolean): string {
    const { below, chance, pick } = this.#choose;
    this.#budget--;
    switch (below(this.#budget > 0 && this.#depth < 4 ? 12 : 7)) {
      case 0:
        return pick([' ', 'text ', '\n', 'é ', '|', '\n  ']);
      case 1:
        return `{{$x ${pick([':=', ':=', ':=', '='])} ${this.#value()}}}{{$x}}`;
      case 2:
        if (!this.#defined && chance(0.95)) return ' ';
        return `{{template "x"${chance(0.8) ? ` ${this.#value()}` : ''}}}`;
      case 7:
        return this.#nest(
          () => `{{if ${this.#value()}}}${this.#body(inRange)}${this.#else('if', inRange)}{{end}}`,
        );
      case 8:
        return this.#nest(
          () => `{{with ${this.#value()}}}${this.#body(inRange)}${this.#else('with', inRange)}{{end}}`,
        );
      case 9:
      case 10:
        return this.#nest(() => this.#range());
      case 11:
        if (inRange) return `{{if ${this.#value()}}}{{${pick(['break', 'continue'])}}}{{end}}`;
        return this.#nest(() => `{{block "y${below(100)}" ${this.#value()}}}${this.#body(false)}{{end}}`);
      default:
        return `${chance(0.1) ? '{{- ' : '{{'}${this.#value()}${chance(0.1) ? ' -}}' : '}}'}`;
    }
  }

  #nest(write: () => string): string {
    this.#depth++;
    const text = write();
    this.#depth--;
    return text;
  }

  #else(kind: 'if' | 'with', inRange: boolean): string {
    const { chance } = this.#choose;
    if (chance(0.2)) return `{{else ${kind} ${this.#value()}}}${this.#body(inRange)}`;
    return chance(0.5) ? `{{else}}${this.#body(inRange)}` : '';
  }

  #range(): string {
    const { chance, pick } = this.#choose;
    const over = chance(0.9)
      ? pick([pick(LISTS), pick(MAPS), pick(['3', '0', '(len .l)', '-1'])])
      : this.#value();
    const names = pick(['', '', '$x := ', '$i, $x := ', '$i, $x := ', '$i, $x = ']);
    const body = names === '' ? '{{.}}' : names.startsWith('$x') ? '{{$x}},' : '{{$i}}={{$x}} ';
    const otherwise = chance(0.4) ? `{{else}}${this.#body(false)}` : '';
    return `{{range ${names}${over}}}${body}${chance(0.6) ? this.#body(true) : ''}${otherwise}{{end}}`;
  }

  /** A pipeline. */
  #value(): string {
    const { chance, pick } = this.#choose;
    let text = this.#call();
    if (chance(0.15))
      text += ` | ${pick(['print', 'printf "%v"', 'html', 'js', 'urlquery', 'not', 'println 1'])}`;
    if (chance(0.02)) text += ` | ${pick(['len', 'printf', 'eq 1', 'eq "a"'])}`;
    if (chance(0.02))
      text += ` | ${pick(['index .l', 'and 1', 'or 0', 'lt 1', 'slice', 'call', '.n', 'printf "%d" 1', 'println'])}`;
    return text;
  }

  #call(): string {
    const { below, chance, pick } = this.#choose;
    switch (below(16)) {
      case 0:
        return `${pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge'])} ${this.#pair()}`;
      case 1:
        return `${pick(['and', 'or'])} ${this.#operand()} ${this.#operand()}${chance(0.3) ? ` ${this.#operand()}` : ''}`;
      case 2:
        return `not ${this.#operand()}`;
      case 3:
        return `len ${chance(0.95) ? pick([pick(TEXTS), pick(LISTS), pick(MAPS)]) : this.#operand()}`;
      case 4:
        if (chance(0.5)) return `index ${pick(['.t', '.g', '.r', '"abc"'])} ${pick(['0', '0', '1', '2'])}`;
        if (chance(0.7)) return `index ${pick(MAPS)} ${pick(['"a"', '"n"', '"o" "a"'])}`;
        return `index ${pick([pick(LISTS), pick(MAPS), pick(TEXTS)])} ${this.#operand()}`;
      case 5:
        if (chance(0.7))
          return `slice ${pick(['.t', '.g', '"abc"'])} ${pick(['0', '1', '0 1', '1 1', '0 0 1'])}`;
        return `slice ${pick([pick(LISTS), pick(TEXTS)])} ${pick(['0', '1', '0 1', '1 2', this.#operand()])}`;
      case 6:
      case 7:
      case 8:
        return this.#printf();
      case 9:
        return `${pick(['print', 'println', 'html', 'js', 'urlquery'])}${this.#several()}`;
      case 10:
        return `${pick(['.any', '.o.o.a.b.c', '.l', '.o', '.', '$'])}${chance(0.2) ? pick(['.a', '.n', '.a.b']) : ''}`;
      case 11:
        return chance(0.15)
          ? `${pick(['call', 'index', 'slice', 'eq', 'lt', 'not', 'len', 'and'])}${this.#several()}`
          : pick(NUMBERS);
      case 12:
        return chance(0.05) ? `${this.#operand()} ${this.#operand()}` : pick(TEXTS);
      default:
        return this.#operand();
    }
  }

  #several(): string {
    let text = '';
    for (let count = this.#choose.below(4); count > 0; count--) text += ` ${this.#operand()}`;
    return text;
  }

  #pair(): string {
    const { chance, pick } = this.#choose;
    if (chance(0.35)) return `${pick(TEXTS)} ${pick(TEXTS)}`;
    if (chance(0.45)) return `${pick(INTS)} ${pick(INTS)}`;
    if (chance(0.6)) return `${pick(['.n', '.o.n', '1.5', '1e6'])} ${pick(['.n', '$.n', '0.5', '1.0'])}`;
    if (chance(0.5)) return `${pick(CONSTANTS)} ${pick(RARE)}`;
    return `${this.#operand()} ${this.#operand()}${chance(0.1) ? ` ${this.#operand()}` : ''}`;
  }

  #operand(): string {
    const { below, chance, pick } = this.#choose;
    if (chance(0.03)) return pick(RARE);
    switch (below(8)) {
      case 0:
        return pick(TEXTS);
      case 1:
        return pick(NUMBERS);
      case 2:
        return pick(LISTS);
      case 3:
        return pick(MAPS);
      case 4:
        return pick(['.yes', '.any', '.nothing', '$', '.', '(index .t 0)', '(index .s 0)', '.o.o.a']);
      case 5:
        return this.#depth < 3 && chance(0.4)
          ? this.#nest(() => `(${this.#value()})${chance(0.15) ? '.a' : ''}`)
          : pick(CONSTANTS);
      default:
        return pick(CONSTANTS);
    }
  }

  #printf(): string {
    const { below, chance, pick } = this.#choose;
    let format = '';
    let operands = '';
    for (let count = 1 + below(2); count > 0; count--) {
      if (chance(0.3)) format += pick(['a', ' ', 'é', '=']);
      format += `%${this.#directive()}${pick(VERBS)}`;
      if (chance(0.95))
        operands += ` ${chance(0.7) ? pick([pick(NUMBERS), pick(TEXTS), pick(CONSTANTS)]) : this.#operand()}`;
    }
    return `printf "${format}"${operands}`;
  }

  #directive(): string {
    const { below, chance, pick } = this.#choose;
    let text = '';
    while (chance(0.3)) text += pick(['+', '-', '#', ' ', '0']);
    if (chance(0.05)) text += pick(['[1]', '[2]', '[9]', '[x]', '[', '[]', '[1']);
    if (chance(0.3)) text += String(below(14));
    else if (chance(0.04)) text += pick(['*', '99999999999', '[2]*', '300']);
    if (chance(0.25)) text += `.${pick(['', '0', '1', '2', '3', '8', '20', '*', '[1]*', '40'])}`;
    return text;
  }
}
