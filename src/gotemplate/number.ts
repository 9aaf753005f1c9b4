import type { NumberValue } from './nodes.ts';
import { quote, readUnit } from './quote.ts';

/** A number, or why it is none, in Go's words. */
export type NumberReading = { readonly value: NumberValue } | { readonly error: string };

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** Reads `'a'`. */
export function readCharacter(source: string): NumberReading {
  const read = readUnit(source, 1, "'");
  if (read === undefined) return { error: 'invalid syntax' };
  if (read.next !== source.length - 1) return { error: `malformed character constant: ${source}` };
  const code = 'byte' in read.unit ? read.unit.byte : read.unit.codePoint;
  return { value: { type: 'int', value: BigInt(code) } };
}

/** Reads an integer, a float or an imaginary number. A large integer is an error, even if a float could hold it. */
export function readNumber(source: string): NumberReading {
  if (source.endsWith('i') && typeof readFloat(source.slice(0, -1)) === 'number')
    return { value: { type: 'complex' } };
  const integer = readInteger(source);
  if (integer !== undefined) {
    // Go takes the e of a signed hexadecimal number for an exponent's.
    if (/^[+-]0[xX].*[eE]/.test(source)) return { value: { type: 'float', value: Number(integer) } };
    return { value: { type: 'int', value: integer } };
  }
  const float = readFloat(source);
  if (typeof float !== 'number') return { error: `illegal number syntax: ${quote(source)}` };
  if (!/[.eEpP]/.test(source)) return { error: `integer overflow: ${quote(source)}` };
  return { value: { type: 'float', value: float } };
}

/** An integer that fits 64 bits: signed, or unsigned where there is no sign. */
function readInteger(source: string): bigint | undefined {
  if (/^[1-9]\d{0,14}$/.test(source)) return BigInt(Number(source));
  const match = /^([+-]?)(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|0[0-7_]*|[1-9][\d_]*)$/.exec(source);
  if (match === null || !separatesDigits(source) || !/[\da-fA-F]$/.test(source)) return undefined;
  const [, sign = '', digits = ''] = match;
  const plain = digits.replaceAll('_', '').replace(/^0([0-7]+)$/, '0o$1');
  // 64 bits are 64 binary digits at most: what is longer but for leading zeros never needs to be computed.
  if (plain.replace(/^0[xob]0*/i, '').length > 64) return undefined;
  const value = sign === '-' ? -BigInt(plain) : BigInt(plain);
  const max = sign === '' ? UINT64_MAX : INT64_MAX;
  return value >= INT64_MIN && value <= max ? value : undefined;
}

/** What Go's strconv.ParseFloat makes of it, or the end of its message. */
function readFloat(source: string): number | 'invalid syntax' | 'value out of range' {
  const decimal = /^[+-]?(?:[\d_]+\.?[\d_]*|\.[\d_]*)(?:[eE][+-]?\d[\d_]*)?$/.test(source);
  const hex = /^([+-]?)0[xX]([\da-fA-F_]*)\.?([\da-fA-F_]*)[pP]([+-]?\d[\d_]*)$/.exec(source);
  const mantissa = hex === null ? source.replace(/[eE].*/, '') : `${hex[2]}${hex[3]}`;
  if (!(decimal || hex) || !/[\da-fA-F]/.test(mantissa) || !separatesDigits(source)) return 'invalid syntax';
  const value = hex === null ? Number(source.replaceAll('_', '')) : hexFloat(hex);
  return Number.isFinite(value) ? value : 'value out of range';
}

function hexFloat(match: RegExpExecArray): number {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match.map((part) =>
    part?.replaceAll('_', ''),
  );
  const value = scale(BigInt(`0x${whole}${fraction}`), Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}

/** mantissa times two to the power; the mantissa is rounded once, then scaled in steps that stay in range. */
function scale(mantissa: bigint, power: number): number {
  const bits = mantissa.toString(2).length;
  const surplus = Math.max(0, bits - 64);
  // A sticky bit keeps a tie from being taken for one.
  const lost = surplus > 0 && mantissa % (1n << BigInt(surplus)) !== 0n ? 1n : 0n;
  let value = Number((mantissa >> BigInt(surplus)) | lost);
  let rest = Math.max(-5_000, Math.min(5_000, power + surplus));
  if (value === 0) return 0;
  for (; rest > 1_000; rest -= 1_000) value *= 2 ** 1_000;
  for (; rest < -1_000; rest += 1_000) value *= 2 ** -1_000;
  return value * 2 ** rest;
}

const DECIMAL_PREFIX = /^[+-]?(?:0[oObB](?:_(?=\d))?)?/;
const HEX_PREFIX = /^[+-]?0[xX](?:_(?=[\da-fA-F]))?/;

/** An underscore stands between digits, or between a base's prefix and a digit. */
function separatesDigits(source: string): boolean {
  if (!source.includes('_')) return true;
  if (HEX_PREFIX.test(source))
    return !/(?<![\da-fA-F])_|_(?![\da-fA-F])/.test(source.replace(HEX_PREFIX, ''));
  return !/(?<!\d)_|_(?!\d)/.test(source.replace(DECIMAL_PREFIX, ''));
}

const COMPLEX_SYNTAX = 'syntax error scanning complex number';
/** What Go's fmt scans as a float. It takes a leading i for the start of "inf". */
const FLOAT_TOKEN =
  /[+-]?i?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eEpP][+-]?[\d_]*)?)/y;

/** Reads `1+2i` as Go scans it: what is no float is told as strconv tells it, all else is one message. */
export function readComplex(source: string): NumberReading {
  let at = 0;
  for (const isLast of [false, true]) {
    FLOAT_TOKEN.lastIndex = at;
    const part = FLOAT_TOKEN.exec(source)?.[0] ?? '';
    at += part.length;
    const next = source[at];
    if (isLast ? next !== 'i' : next !== '+' && next !== '-') return { error: COMPLEX_SYNTAX };
    const float = readFloat(part);
    if (typeof float === 'string') return { error: `strconv.ParseFloat: parsing ${quote(part)}: ${float}` };
  }
  return { value: { type: 'complex' } };
}
