/**
 * Go's strings are bytes, ours are UTF-16. Bytes that are not UTF-8 (`"\xff"`) are kept as lone surrogates, U+DC00 plus
 * the byte, which a well-formed text never holds.
 */
const BYTE_SURROGATE = 0xdc00;
const ALL_ASCII = /^[\0-\x7f]*$/;
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** The surrogate that stands for a byte which is no part of UTF-8 text. */
export function standInOf(byte: number): string {
  return String.fromCharCode(BYTE_SURROGATE + byte);
}

/** The byte behind a stand-in, or undefined for a character. */
export function byteBehind(codePoint: number): number | undefined {
  return codePoint >= 0xdc80 && codePoint <= 0xdcff ? codePoint - BYTE_SURROGATE : undefined;
}

/** Whether the string holds bytes that are no UTF-8 text. */
export function holdsBytes(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** How long the string is in Go, in bytes. */
export function byteLength(text: string): number {
  if (ALL_ASCII.test(text)) return text.length;
  if (!holdsBytes(text)) return Buffer.byteLength(text);
  let length = 0;
  for (const character of text) length += holdsBytes(character) ? 1 : Buffer.byteLength(character);
  return length;
}

/** The string of these bytes; what is not UTF-8 becomes stand-ins. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const { codePoint, length } = decode(bytes, at);
    text += length === 0 ? standInOf(bytes[at] ?? 0) : String.fromCodePoint(codePoint);
    at += length || 1;
  }
  return text;
}

const NO_TEXT = { codePoint: 0xfffd, length: 0 };

/** One character (Unicode standard, "UTF-8"): no longer than it must be, no surrogate, no more than U+10FFFF. */
function decode(bytes: Uint8Array, at: number): { codePoint: number; length: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { codePoint: first, length: 1 };
  if (first < 0xc2 || first > 0xf4) return NO_TEXT;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let codePoint = first & (0x7f >> length);
  for (let next = at + 1; next < at + length; next++) {
    const byte = bytes[next] ?? 0;
    if ((byte & 0xc0) !== 0x80) return NO_TEXT;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const least = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint < least || codePoint > 0x10ffff || surrogate ? NO_TEXT : { codePoint, length };
}

/** The bytes of the string in Go. */
export function bytesOf(text: string): Buffer {
  if (!holdsBytes(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const character of text) {
    const byte = byteBehind(character.codePointAt(0) ?? 0);
    parts.push(byte === undefined ? Buffer.from(character, 'utf8') : Buffer.from([byte]));
  }
  return Buffer.concat(parts);
}

/** A text without lone surrogates: each becomes U+FFFD, as on its way into UTF-8. */
export function wellFormed(text: string): string {
  return holdsBytes(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
}
