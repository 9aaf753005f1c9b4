import { isPrintable } from './characters.ts';
import { byteBehind, standInOf, textOf } from './text-bytes.ts';

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};
const PLAIN = /^[ !#-&(-[\]-~]*$/;

/** Quotes as Go's `%q` (with the single quote: as `%q` of a character; `asciiOnly`: as `%+q`). */
export function quote(text: string, mark: '"' | "'" = '"', asciiOnly = false): string {
  if (PLAIN.test(text)) return `${mark}${text}${mark}`;
  let body = '';
  for (const character of text)
    body += character === mark ? `\\${mark}` : escapeCharacter(character, asciiOnly);
  return `${mark}${body}${mark}`;
}

function escapeCharacter(character: string, asciiOnly: boolean): string {
  const code = character.codePointAt(0) ?? 0;
  const byte = byteBehind(code);
  if (byte !== undefined) return `\\x${byte.toString(16)}`;
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  if (isPrintable(character) && !(asciiOnly && code > 0x7e)) return character;
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** One character of a constant: a code point, or a byte that may be a part of a character (`\xe2`). */
export type Unit = { readonly codePoint: number } | { readonly byte: number };

const SIMPLE: ReadonlyMap<string, number> = new Map([
  ...([
    ['a', 7],
    ['b', 8],
    ['f', 12],
    ['n', 10],
    ['r', 13],
    ['t', 9],
    ['v', 11],
    ['\\', 92],
  ] as const),
]);
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/**
 * Reads one character or escape of a quoted constant (Go specification, "Rune literals" and "String literals").
 * @returns the unit and where the next one starts, or undefined where the syntax is none
 */
export function readUnit(
  text: string,
  at: number,
  mark: '"' | "'",
): { unit: Unit; next: number } | undefined {
  const codePoint = text.codePointAt(at);
  if (codePoint === undefined || text[at] === mark || text[at] === '\n') return undefined;
  if (text[at] !== '\\') return { unit: { codePoint }, next: at + (codePoint > 0xffff ? 2 : 1) };
  const letter = text[at + 1] ?? '';
  const simple = letter === mark ? mark.charCodeAt(0) : SIMPLE.get(letter);
  if (simple !== undefined) return { unit: { codePoint: simple }, next: at + 2 };
  const digits = HEX_DIGITS.get(letter);
  if (digits !== undefined) {
    const value = hexValue(text, at + 2, digits);
    if (value === -1) return undefined;
    const next = at + 2 + digits;
    if (letter === 'x') return { unit: { byte: value }, next };
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return undefined;
    return { unit: { codePoint: value }, next };
  }
  const octal = text.slice(at + 1, at + 4);
  if (!/^[0-7]{3}$/.test(octal)) return undefined;
  const byte = Number.parseInt(octal, 8);
  return byte > 255 ? undefined : { unit: { byte }, next: at + 4 };
}

/** The number that so many hexadecimal digits make, or -1. */
function hexValue(text: string, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const code = text.charCodeAt(at);
    const digit = code >= 48 && code <= 57 ? code - 48 : (code | 32) - 87;
    if (!((code >= 48 && code <= 57) || (digit >= 10 && digit <= 15))) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** The value of a string constant with its marks, or undefined where an escape is none. */
export function unquote(constant: string): string | undefined {
  const body = constant.slice(1, -1);
  if (constant[0] === '`') return body.replaceAll('\r', '');
  if (!body.includes('\\')) return body;
  let text = '';
  let bytes = false;
  for (let at = 0; at < body.length; ) {
    const read = readUnit(body, at, '"');
    if (read === undefined) return undefined;
    if ('codePoint' in read.unit) text += String.fromCodePoint(read.unit.codePoint);
    else if (read.unit.byte < 0x80) text += String.fromCharCode(read.unit.byte);
    else {
      text += standInOf(read.unit.byte);
      bytes = true;
    }
    at = read.next;
  }
  return bytes ? joinBytes(text) : text;
}

/** Bytes that together are UTF-8 become characters: `"\xc3\xa9"` is `é`. */
function joinBytes(text: string): string {
  return text.replace(/[\udc80-\udcff]+/g, (run) => {
    const bytes = new Uint8Array(run.length);
    for (let at = 0; at < run.length; at++) bytes[at] = byteBehind(run.charCodeAt(at)) ?? 0;
    return textOf(bytes);
  });
}
