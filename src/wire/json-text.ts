import type { JsonValue } from '../contract/index.ts';
import { WireError } from './status.ts';

/** Deeper than any message of the platform, shallow enough that no recursive reader overflows its stack. */
export const MAX_JSON_DEPTH = 100;

/** Whether the text holds more than `limit` brackets that open, strings included. */
function hasMoreOpeners(text: string, limit: number): boolean {
  let count = 0;
  for (const opener of ['{', '['])
    for (let at = text.indexOf(opener); at !== -1; at = text.indexOf(opener, at + 1))
      if (++count > limit) return true;
  return false;
}

/** Where a string that opens at `start` ends: behind its closing quote, or at the end of malformed text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** Whether JSON text nests deeper than `limit`; works on malformed text too, without recursion. */
function exceedsDepth(text: string, limit: number): boolean {
  // Most messages have fewer brackets than that, and then there is nothing to follow.
  if (!hasMoreOpeners(text, limit)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') {
      if (++depth > limit) return true;
    } else if (char === '}' || char === ']') depth--;
  }
  return false;
}

/** @throws WireError INVALID_ARGUMENT for JSON text that nests beyond the limit */
export function checkDepth(text: string, path: string): void {
  if (exceedsDepth(text, MAX_JSON_DEPTH))
    throw new WireError('INVALID_ARGUMENT', `${path}: JSON nests deeper than ${MAX_JSON_DEPTH}`);
}

/** Keeps the byte order mark, so that JSON.parse refuses it as Go does. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON.parse rounds integers beyond 2^53, so longer ones travel through it as strings with this mark. */
const INTEGER_MARK = '\u0000int64:';
const ESCAPED_MARK = '\\u0000int64:';
/** Not behind a backslash: there the quote is part of a string that only looks like a marked integer. */
const MARKED_INTEGER = /(?<!\\)"\\u0000int64:(-?\d+)"/g;
/** JSON.parse reads shorter integers exactly. */
const LONG_DIGITS = 16;
const QUOTE_OR_LONG_INTEGER = /"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

const MARKED = new RegExp(`^${INTEGER_MARK}(-?\\d+)$`);

/** The integer that was too long for a number, or undefined for any other value. */
export function longInteger(value: unknown): bigint | undefined {
  const digits = typeof value === 'string' ? MARKED.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : BigInt(digits);
}

/** A replacer costs every message; almost none holds a bigint, and then JSON.stringify says so by throwing. */
function stringify(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_key, item) =>
      typeof item === 'bigint' ? `${INTEGER_MARK}${item}` : item,
    );
  }
}

/** Writes JSON in which every bigint, and every integer marked on the way in, stands as a plain integer. */
export function stringifyExact(value: unknown): string {
  const text = stringify(value);
  return text.includes(ESCAPED_MARK) ? text.replace(MARKED_INTEGER, '$1') : text;
}

function readText(bytes: Uint8Array, path: string): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new WireError('INVALID_ARGUMENT', `${path}: not valid UTF-8`);
  }
  checkDepth(text, path);
  return text;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WireError('INVALID_ARGUMENT', `${path}: malformed JSON: ${(error as Error).message}`);
  }
}

/**
 * Parses UTF-8 JSON text.
 * @param path names the place in errors
 * @throws WireError INVALID_ARGUMENT for invalid UTF-8, malformed JSON or nesting beyond the limit
 */
export function parseJsonText(bytes: Uint8Array, path: string): JsonValue {
  return parse(readText(bytes, path), path) as JsonValue;
}

/** Puts every integer of 16 digits and more, outside strings, into a string with the mark. */
function markLongIntegers(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  const tokens = new RegExp(QUOTE_OR_LONG_INTEGER);
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match;
    if (token === '"') {
      tokens.lastIndex = endOfString(text, match.index);
    } else {
      parts.push(text.slice(copied, match.index), `"${ESCAPED_MARK}${token}"`);
      copied = match.index + token.length;
    }
  }
  return parts.join('') + text.slice(copied);
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
};

/** Whether 16 digits stand in a row: such a row covers a place that 16 divides, so only those are looked at. */
function hasLongDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += LONG_DIGITS) {
    if (!isDigit(text, at)) continue;
    let start = at;
    let end = at + 1;
    while (isDigit(text, start - 1)) start--;
    while (isDigit(text, end)) end++;
    if (end - start >= LONG_DIGITS) return true;
  }
  return false;
}

/** As `parseJsonText`, but integers of 16 digits and more come back marked (see `longInteger`). */
export function parseMarkedJson(bytes: Uint8Array, path: string): unknown {
  const text = readText(bytes, path);
  return parse(hasLongDigits(text) ? markLongIntegers(text) : text, path);
}
