import { WireError } from './status.ts';

/** Deeper than any message of the platform, shallow enough that no recursive reader overflows its stack. */
export const MAX_JSON_DEPTH = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

/** Whether JSON text nests deeper than `limit`; works on malformed text too, without recursion. */
function exceedsDepth(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPENERS.has(byte)) {
      if (++depth > limit) return true;
    } else if (CLOSERS.has(byte)) depth--;
  }
  return false;
}

/** Keeps the byte order mark, so that JSON.parse refuses it as Go does. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON.parse rounds integers beyond 2^53, so longer ones travel through it as strings with this mark. */
const INTEGER_MARK = '\u0000int64:';
const LONG_DIGITS = /\d{16}/;
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** The digits of an integer that was too long for a number, or undefined for any other value. */
export function longInteger(value: unknown): bigint | undefined {
  return typeof value === 'string' && value.startsWith(INTEGER_MARK)
    ? BigInt(value.slice(INTEGER_MARK.length))
    : undefined;
}

/** Writes JSON in which every bigint stands as a plain integer. */
export function stringifyExact(value: unknown): string {
  let marked = false;
  const text = JSON.stringify(value, (_key, item) => {
    if (typeof item !== 'bigint') return item;
    marked = true;
    return `${INTEGER_MARK}${item}`;
  });
  return marked ? text.replace(/"\\u0000int64:(-?\d+)"/g, '$1') : text;
}

/**
 * Parses UTF-8 JSON text. Integers of 16 digits and more come back marked (see `longInteger`).
 * @param path names the place in errors
 * @throws WireError INVALID_ARGUMENT for invalid UTF-8, malformed JSON or nesting beyond the limit
 */
export function parseJsonText(bytes: Uint8Array, path: string): unknown {
  if (exceedsDepth(bytes, MAX_JSON_DEPTH))
    throw new WireError('INVALID_ARGUMENT', `${path}: JSON nests deeper than ${MAX_JSON_DEPTH}`);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new WireError('INVALID_ARGUMENT', `${path}: not valid UTF-8`);
  }
  if (LONG_DIGITS.test(text))
    text = text.replace(STRING_OR_LONG_INTEGER, (token) =>
      token.startsWith('"') ? token : `"\\u0000int64:${token}"`,
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WireError('INVALID_ARGUMENT', `${path}: malformed JSON: ${(error as Error).message}`);
  }
}
