import { isPrintable } from '../characters.ts';
import { quote } from '../quote.ts';
import { bytesOf } from '../text-bytes.ts';
import { RenderFailure, unsupported } from './failure.ts';
import { type FloatFormat, formatFloat } from './float-text.ts';
import type { Meter } from './meter.ts';
import { dynamicTypeOf, entryOf, fromJson, sortedKeys, type Value } from './value.ts';

/** Flags, width and precision of a directive (Go's fmt, "Printing"). */
export interface Flags {
  plus: boolean;
  minus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v` and `%#v` mean something else than a plus and a sharp sign. */
  plusV: boolean;
  sharpV: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export function noFlags(): Flags {
  return {
    ...{ plus: false, minus: false, sharp: false, space: false, zero: false, plusV: false, sharpV: false },
    ...{ width: undefined, precision: undefined },
  };
}

/** Deeper data is not printed: each level takes a part of the stack. */
const MAX_DATA_DEPTH = 200;

/** Prints values by a verb, as Go's fmt does with the types that JSON data has. */
export class Printer {
  readonly #meter: Meter;
  #text = '';

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  get text(): string {
    return this.#text;
  }

  write(text: string): void {
    this.#text += text;
    this.#meter.spendOn(text.length);
    this.#meter.checkLength(this.#text.length);
  }

  /** Prints one operand. */
  print(value: Value, verb: string, flags: Flags): void {
    if (value.kind === 'none' || value.kind === 'nil') {
      if (verb === 'v' || verb === 'T') this.#padded('<nil>', flags);
      else this.#badVerb(value, verb, flags);
      return;
    }
    if (verb === 'T') {
      this.#padded(truncated(dynamicTypeOf(value), flags), flags);
      return;
    }
    if (verb === 'w') {
      this.#badVerb(value, verb, flags);
      return;
    }
    this.#value(value, verb, flags, 0);
  }

  #value(value: Value, verb: string, flags: Flags, depth: number): void {
    this.#meter.spend(1);
    if (depth > MAX_DATA_DEPTH)
      throw new RenderFailure(
        'limit',
        `the preview does not print data deeper than ${MAX_DATA_DEPTH} levels`,
      );
    if (verb === 'p' && (value.kind === 'list' || value.kind === 'map')) unsupported('addresses (%p)');
    switch (value.kind) {
      case 'none':
      case 'nil':
        this.write(flags.sharpV ? 'interface {}(nil)' : '<nil>');
        return;
      case 'bool':
        if (verb === 'v' || verb === 't') {
          this.#padded(String(value.value), flags);
          return;
        }
        this.#badVerb(value, verb, flags);
        return;
      case 'int':
      case 'uint8':
        this.#integer(value, verb, flags);
        return;
      case 'float64':
        this.#float(value, verb, flags);
        return;
      case 'string':
        this.#string(value, verb, flags);
        return;
      case 'list':
        this.#list(value.items, verb, flags, depth);
        return;
      case 'map':
        this.#map(value, verb, flags, depth);
        return;
      default:
        value satisfies never;
    }
  }

  #list(items: readonly unknown[], verb: string, flags: Flags, depth: number): void {
    this.write(flags.sharpV ? '[]interface {}{' : '[');
    items.forEach((item, index) => {
      if (index > 0) this.write(flags.sharpV ? ', ' : ' ');
      this.#value(fromJson(item, true), verb, flags, depth + 1);
    });
    this.write(flags.sharpV ? '}' : ']');
  }

  #map(value: Value & { kind: 'map' }, verb: string, flags: Flags, depth: number): void {
    this.write(flags.sharpV ? 'map[string]interface {}{' : 'map[');
    sortedKeys(value.entries).forEach((key, index) => {
      if (index > 0) this.write(flags.sharpV ? ', ' : ' ');
      this.#value({ kind: 'string', boxed: false, value: key }, verb, flags, depth + 1);
      this.write(':');
      this.#value(entryOf(value.entries, key), verb, flags, depth + 1);
    });
    this.write(flags.sharpV ? '}' : ']');
  }

  /** `%!d(string=text)`; the value is printed with the same flags. */
  #badVerb(value: Value, verb: string, flags: Flags): void {
    if (value.kind === 'none' || value.kind === 'nil') {
      this.write(`%!${verb}(<nil>)`);
      return;
    }
    this.write(`%!${verb}(${dynamicTypeOf(value)}=`);
    this.#value(value, 'v', flags, 0);
    this.write(')');
  }

  #padded(text: string, flags: Flags): void {
    const { width, minus, zero } = flags;
    const missing = width === undefined ? 0 : width - [...text].length;
    if (missing <= 0) {
      this.write(text);
      return;
    }
    this.#meter.spendOn(missing);
    if (minus) this.write(text + ' '.repeat(missing));
    else this.write((zero ? '0' : ' ').repeat(missing) + text);
  }

  #string(value: Value & { kind: 'string' }, verb: string, flags: Flags): void {
    this.#meter.spendReading(value);
    switch (verb) {
      case 'v':
        if (flags.sharpV) {
          this.#padded(quote(truncated(value.value, flags)), flags);
          return;
        }
        this.#padded(truncated(value.value, flags), flags);
        return;
      case 's':
        this.#padded(truncated(value.value, flags), flags);
        return;
      case 'q': {
        const text = truncated(value.value, flags);
        const raw = flags.sharp && isPlain(text);
        this.#padded(raw ? `\`${text}\`` : quote(text, '"', flags.plus), flags);
        return;
      }
      case 'x':
      case 'X':
        this.#hexString(value.value, verb, flags);
        return;
      default:
        this.#badVerb(value, verb, flags);
        return;
    }
  }

  #hexString(text: string, verb: 'x' | 'X', flags: Flags): void {
    const bytes = bytesOf(text).subarray(0, flags.precision);
    this.#meter.spendOn(5 * bytes.length);
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
    const prefix = flags.sharp ? '0x' : '';
    const lower = bytes.length === 0 ? '' : prefix + digits.join(flags.space ? ` ${prefix}` : '');
    this.#padded(verb === 'x' ? lower : lower.toUpperCase(), flags);
  }

  #integer(value: Value & { kind: 'int' | 'uint8' }, verb: string, flags: Flags): void {
    const { value: number } = value;
    switch (verb) {
      case 'v':
        if (flags.sharpV && value.kind === 'uint8') this.#digits(number, 16, verb, { ...flags, sharp: true });
        else this.#digits(number, 10, verb, flags);
        return;
      case 'd':
        this.#digits(number, 10, verb, flags);
        return;
      case 'b':
        this.#digits(number, 2, verb, flags);
        return;
      case 'o':
      case 'O':
        this.#digits(number, 8, verb, flags);
        return;
      case 'x':
      case 'X':
        this.#digits(number, 16, verb, flags);
        return;
      case 'c':
        this.#padded(characterOf(number), flags);
        return;
      case 'q':
        this.#padded(quote(characterOf(number), "'", flags.plus), flags);
        return;
      case 'U':
        this.#unicode(number, flags);
        return;
      default:
        this.#badVerb(value, verb, flags);
        return;
    }
  }

  #digits(number: bigint, base: 2 | 8 | 10 | 16, verb: string, flags: Flags): void {
    const { precision, width } = flags;
    const blank = { ...flags, zero: false };
    const sign = number < 0n ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
    if (precision === 0 && number === 0n) {
      this.#padded('', blank);
      return;
    }
    let count = precision ?? 0;
    if (precision === undefined && flags.zero && !flags.minus && width !== undefined)
      count = width - sign.length;
    this.#meter.spendOn(count);
    let digits = (number < 0n ? -number : number).toString(base).padStart(count, '0');
    if (flags.sharp) {
      if (base === 2) digits = `0b${digits}`;
      else if (base === 16) digits = `0x${digits}`;
      else if (base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
    }
    if (verb === 'O') digits = `0o${digits}`;
    this.#padded(sign + (verb === 'X' ? digits.toUpperCase() : digits), blank);
  }

  #unicode(number: bigint, flags: Flags): void {
    const code = BigInt.asUintN(64, number);
    const digits = code
      .toString(16)
      .toUpperCase()
      .padStart(Math.max(4, flags.precision ?? 4), '0');
    const isCharacter = code <= 0x10ffffn && !(code >= 0xd800n && code <= 0xdfffn);
    const character = isCharacter ? String.fromCodePoint(Number(code)) : '';
    const shown = flags.sharp && character !== '' && isPrintable(character) ? ` '${character}'` : '';
    this.#padded(`U+${digits}${shown}`, { ...flags, zero: false });
  }

  #float(value: Value & { kind: 'float64' }, verb: string, flags: Flags): void {
    const format = FLOAT_FORMATS[verb];
    if (format === undefined) {
      this.#badVerb(value, verb, flags);
      return;
    }
    const { precision = 'efEF'.includes(verb) ? 6 : undefined } = flags;
    if (precision !== undefined) this.#meter.spendOn(precision);
    let text = formatFloat(value.value, format, precision);
    if (flags.sharp && verb !== 'b') text = withPoint(text, format, precision);
    const negative = text.startsWith('-');
    const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
    const size = negative ? text.slice(1) : text;
    const missing = (flags.width ?? 0) - sign.length - size.length;
    if (sign !== '' && flags.zero && !flags.minus && missing > 0) {
      this.#meter.spendOn(missing);
      this.write(sign + '0'.repeat(missing) + size);
      return;
    }
    this.#padded(sign + size, flags);
  }
}

const FLOAT_FORMATS: Readonly<Record<string, FloatFormat>> = {
  ...({ v: 'g', b: 'b', e: 'e', E: 'E', f: 'f', F: 'f', g: 'g', G: 'G', x: 'x', X: 'X' } as const),
};

/** `%#g`: a point always, and trailing zeros up to the precision. */
function withPoint(text: string, format: FloatFormat, precision: number | undefined): string {
  const [, sign = '', mantissa = '', tail = ''] =
    /^(-?)(0[xX].*?)([pP].*)$/.exec(text) ?? /^(-?)([^eE]*)([eE].*)?$/.exec(text) ?? [];
  let digits = mantissa;
  if (format === 'g' || format === 'G' || format === 'x') {
    let missing = (precision ?? 6) - digits.replace('.', '').replace(/^0+/, '').length;
    if (!digits.includes('.')) {
      if (digits === '0') missing--;
      digits += '.';
    }
    if (missing > 0) digits += '0'.repeat(missing);
  } else if (!digits.includes('.')) digits += '.';
  return sign + digits + tail;
}

function truncated(text: string, { precision }: Flags): string {
  if (precision === undefined || text.length <= precision) return text;
  return [...text].slice(0, precision).join('');
}

/** Whether a raw string can hold the text: one line, no control characters but tabs, no backquote. */
function isPlain(text: string): boolean {
  return [...text].every((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code === 9 || (code >= 32 && code !== 0x7f && character !== '`' && character !== '\ufeff');
  });
}

/** What is no character becomes U+FFFD. */
function characterOf(code: bigint): string {
  const valid = code >= 0n && code <= 0x10ffffn && !(code >= 0xd800n && code <= 0xdfffn);
  return valid ? String.fromCodePoint(Number(code)) : '\ufffd';
}
