import type { Chooser } from './random.ts';

type Words = readonly [string, ...string[]];

/** What Go takes, and what it refuses or reads otherwise than one would think. */
interface Stock {
  readonly sound: Words;
  readonly odd: Words;
}

const FUNCTIONS: Stock = {
  sound: [
    ...([
      'and',
      'call',
      'html',
      'index',
      'slice',
      'js',
      'len',
      'not',
      'or',
      'print',
      'printf',
      'println',
    ] as const),
    ...['urlquery', 'eq', 'ge', 'gt', 'le', 'lt', 'ne'],
  ],
  odd: ['nope', 'breaks', 'Print', 'é', '_', 'TRUE', 'define', 'end', 'if', 'block', 'continue'],
};
const NUMBERS: Stock = {
  sound: [
    ...([
      '0',
      '1',
      '-1',
      '+7',
      '42',
      '0x1F',
      '0X_ff',
      '0o17',
      '0O7',
      '017',
      '0b101',
      '1_000',
      '0_7',
      '1.5',
    ] as const),
    ...['.5', '5.', '1e3', '1E-2', '1_0.2_5', '0x1p4', '0x.8p-1', '-0', '1i', '1.5i', '1+2i', '-1.5-2e1i'],
    ...['017+1i', '18446744073709551615', '-9223372036854775808', '0xep2', '00', '0x1P+3', '1e1_0', '+.5'],
    ...["'a'", "'é'", "'日'", "'\\n'", "'\\''", "'\\x41'", "'\\101'", "'\\u00e9'", "'\\U0001F600'", "'😀'"],
  ],
  odd: [
    ...([
      '08',
      '1__0',
      '0x1.8',
      '1e400',
      '1_e1',
      '1._5',
      '0x1i',
      '1+2',
      '1i+2i',
      '0x1+2i',
      '1e400+1i',
    ] as const),
    ...['3-', '0x', '18446744073709551616', '-9223372036854775809', '0b12', '0xg', '1p4', '0_', '0x1_p0'],
    ...['1+0b1i', '-.e1', '1+017i', "'ab'", "''", "'\\q'", "'\\400'", "'\\ud800'", "'\\u12'", "'", "'\\\"'"],
  ],
};
const STRINGS: Stock = {
  sound: [
    ...([
      '""',
      '"a"',
      '"two words"',
      '"\\""',
      '"\\n\\t"',
      '"é日😀"',
      '"\\u00e9"',
      '"\\xff"',
      '"\\xc3\\xa9"',
    ] as const),
    ...['"}}"', '"{{"', '`raw`', '`two\nlines`', '`}}`', '"x"', '"y"', '"z"', '"twelve characters"'],
    ...['"日本語日本語日本語日本"', '"\\a\\b\\f\\v\\r\\\\"', '"%d %s"', '``', '`\r\n`', '`\\q`'],
  ],
  odd: [
    '"\\q"',
    '"\\\'"',
    '"open',
    '`open',
    '"\\377\\400"',
    '"\\',
    '"\\ud800"',
    '"\\U00110000"',
    '"\\x4"',
    '"a\nb"',
  ],
};
const FIELDS: Stock = {
  sound: ['.a', '.B', '.a.b', '.a.B.c', '._x', '.é', '.日本', '.x1', '.if', '.nil', '.end.define'],
  odd: ['.1a', '.a..b', '.a.', '..a', '.a€', '.a-b', '.a"b"', '.a$x', '.²'],
};
const NAMES: Stock = {
  sound: ['$x', '$y', '$z', '$1', '$é', '$if', '$long_name'],
  odd: ['$', '$x.a', '$€', '$x-', '$unknown', '$x.'],
};
const TEXTS: Words = [
  ...([
    '',
    ' ',
    '\n',
    'text',
    ' text ',
    '\n\n',
    '\t x \r\n',
    '}}',
    '{',
    'é日😀',
    '- ',
    ' -',
    '\u00a0',
    '\ufeff',
  ] as const),
  ...['/*', 'two\nlines\n', '"', '`', '\v', '\u0085', '\u2003 '],
];
const ODD: Words = [
  ...([
    '%',
    '#',
    '{',
    '}',
    '\\',
    '&',
    '@',
    '€',
    '\u00a0',
    '\u0000',
    '\u0007',
    '·',
    '²',
    '٣',
    '\u200b',
    ',',
  ] as const),
  ...[
    ':',
    '=',
    ':=',
    '|',
    '(',
    ')',
    '!',
    ';',
    '-',
    '+',
    '/',
    '/*',
    '*/',
    '{{',
    '}}',
    '"',
    "'",
    '`',
    '\n',
    '.',
  ],
];

/** Makes templates of Go. */
export class TemplateWriter {
  readonly #choose: Chooser;
  readonly #flaws: number;
  #budget = 0;
  #names: string[] = [];

  /** @param flaws how often something odd takes the place of something sound, from 0 to 1 */
  constructor(choose: Chooser, flaws: number) {
    this.#choose = choose;
    this.#flaws = flaws;
  }

  /** A whole template. */
  template(): string {
    this.#budget = 4 + this.#choose.below(24);
    this.#names = [];
    let text = '';
    do text += this.#choose.chance(0.15) ? this.#define() : this.#item(0, false);
    while (this.#budget > 0 && this.#choose.chance(0.85));
    return text;
  }

  #flawed(): boolean {
    return this.#choose.chance(this.#flaws);
  }

  #from(stock: Stock): string {
    return this.#choose.pick(this.#flawed() ? stock.odd : stock.sound);
  }

  /** What is written inside sees the variables around it, and leaves none behind. */
  #scoped(write: () => string, keeps = true): string {
    const names = this.#names;
    this.#names = keeps ? [...names] : [];
    const text = write();
    this.#names = names;
    return text;
  }

  #body(depth: number, inRange: boolean): string {
    let text = '';
    while (this.#budget > 0 && this.#choose.chance(0.65)) text += this.#item(depth, inRange);
    return text;
  }

  #item(depth: number, inRange: boolean): string {
    const { chance, pick, below } = this.#choose;
    this.#budget--;
    if (chance(0.3)) return pick(TEXTS);
    if (chance(0.06)) return this.#delimited(`/*${pick(TEXTS)}*/`, !this.#flawed());
    if (inRange ? chance(0.08) : this.#flawed()) return this.#delimited(pick(['break', 'continue']), false);
    if (depth > 4 || chance(0.45)) return this.#delimited(this.#pipeline(0), false);
    switch (below(6)) {
      case 0:
        return this.#delimited(
          `template ${this.#from(STRINGS)}${chance(0.5) ? ` ${this.#pipeline(0)}` : ''}`,
          false,
        );
      case 1: {
        const start = this.#delimited(`block ${this.#from(STRINGS)} ${this.#pipeline(0)}`, false);
        return start + this.#scoped(() => this.#body(depth + 1, false), false) + this.#end();
      }
      default:
        return this.#scoped(() => this.#branch(depth, inRange));
    }
  }

  #branch(depth: number, inRange: boolean): string {
    const { chance, pick } = this.#choose;
    const kind = pick(['if', 'with', 'range']);
    let text = this.#delimited(
      `${kind} ${kind === 'range' ? this.#rangeClause() : this.#pipeline(0)}`,
      false,
    );
    text += this.#body(depth + 1, inRange || kind === 'range');
    while (kind === 'range' ? this.#flawed() : chance(0.25)) {
      const next = this.#flawed() ? pick(['if', 'with', 'range']) : kind;
      text += `${this.#delimited(`else ${next} ${this.#pipeline(0)}`, false)}${this.#body(depth + 1, inRange)}`;
    }
    if (chance(0.35)) text += `${this.#delimited('else', false)}${this.#body(depth + 1, inRange)}`;
    return text + this.#end();
  }

  #define(): string {
    const start = this.#delimited(`define ${this.#from(STRINGS)}`, false);
    return start + this.#scoped(() => this.#body(1, false), false) + this.#end();
  }

  #end(): string {
    return this.#flawed()
      ? this.#choose.pick(['', '{{end', '{{end .}}', '{{else}}'])
      : this.#delimited('end', false);
  }

  #rangeClause(): string {
    const { chance, pick } = this.#choose;
    if (chance(0.5)) return this.#pipeline(0);
    const comma = pick([', ', ',', ' , ', ',\n']);
    const names = [this.#from(NAMES)];
    if (chance(0.6)) names.push(this.#from(NAMES));
    if (this.#flawed()) names.push(this.#from(FIELDS));
    this.#names.push(...names);
    return `${names.join(comma)} ${pick([':=', ':=', '='])} ${this.#pipeline(1)}`;
  }

  #pipeline(depth: number): string {
    const { chance, pick } = this.#choose;
    let text = '';
    if (chance(0.12)) {
      const name = this.#from(NAMES);
      text = `${name}${this.#flawed() ? pick([' ', '=', ' , ', ':']) : pick([' := ', ':=', ' = ', '\n:= '])}`;
      this.#names.push(name);
    }
    text += this.#command(depth, this.#flawed());
    while (chance(0.2)) text += `${pick([' | ', '|', ' |', '\n| '])}${this.#command(depth, !this.#flawed())}`;
    return text;
  }

  #command(depth: number, calls: boolean): string {
    const { chance, pick } = this.#choose;
    let text = calls || chance(0.35) ? this.#from(FUNCTIONS) : this.#operand(depth);
    while (chance(0.3))
      text += `${this.#flawed() ? '' : pick([' ', ' ', '  ', '\n', '\t'])}${this.#operand(depth)}`;
    return text;
  }

  #operand(depth: number): string {
    const { below, chance, pick } = this.#choose;
    if (this.#flawed()) return pick(ODD);
    switch (below(10)) {
      case 0:
        return this.#from(NUMBERS);
      case 1:
        return this.#from(STRINGS);
      case 2:
        return this.#flawed() ? pick(['true.x', 'nil.x', '1.x', '"".x']) : pick(['true', 'false', 'nil']);
      case 3:
        return `${this.#names.length > 0 && chance(0.8) ? pick(this.#names as [string]) : '$'}${chance(0.3) ? this.#from(FIELDS) : ''}`;
      case 4:
        if (depth > 3) return '.';
        return `(${this.#pipeline(depth + 1)})${chance(0.3) ? this.#from(FIELDS) : ''}`;
      case 5:
        return `${this.#from(FUNCTIONS)}${chance(0.2) ? this.#from(FIELDS) : ''}`;
      case 6:
        return '.';
      default:
        return this.#from(FIELDS);
    }
  }

  #delimited(inside: string, tight: boolean): string {
    const { chance, pick } = this.#choose;
    const space = () => (tight || chance(0.6) ? '' : pick([' ', '\n', '\t', '  ', '\r\n']));
    const left = chance(0.12) ? pick(['{{- ', '{{-\n', '{{-\t']) : this.#flawed() ? '{{-' : '{{';
    const right = chance(0.12) ? pick([' -}}', '\n-}}', '\t-}}']) : this.#flawed() ? '-}}' : '}}';
    const tightRight = tight && right.length > 2 ? right : `${space()}${right}`;
    return `${left}${tight ? '' : space()}${inside}${tightRight}`;
  }
}

/** Breaks a template in one to three places: characters lost, doubled, swapped or put in. */
export function mutate(template: string, choose: Chooser): string {
  let text = template;
  for (let rounds = 1 + choose.below(3); rounds > 0; rounds--) {
    const at = choose.below(text.length + 1);
    const length = choose.chance(0.7) ? 1 : choose.below(8);
    switch (choose.below(5)) {
      case 0:
        text = text.slice(0, at) + text.slice(at + length);
        break;
      case 1:
        text = text.slice(0, at) + choose.pick(ODD) + text.slice(at);
        break;
      case 2:
        text = text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
        break;
      case 3:
        text = text.slice(0, at);
        break;
      default: {
        const from = choose.below(text.length + 1);
        text = text.slice(0, at) + text.slice(from, from + 1 + choose.below(12)) + text.slice(at);
      }
    }
  }
  return text;
}
