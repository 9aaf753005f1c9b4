/**
 * Characters that are legal in a string literal but lie about it: they reorder or hide what a reader
 * sees (bidirectional controls, zero-width and other format characters), or end a line in some tools.
 */
const DECEPTIVE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** The same for prose, where joiners build emoji and some format characters are letters. */
const HIDDEN =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0001}-\u{e007f}]/gu;
/** Control characters and line ends: what makes one line into several. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;
const LONE_SURROGATE = /\p{Cs}/gu;
const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** `\uXXXX` for every UTF-16 unit of a character. */
function toUnicodeEscape(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** A JSON string literal, quotes included. The value survives exactly, lone surrogates too. */
function json(value: string): string {
  return JSON.stringify(value).replace(DECEPTIVE, toUnicodeEscape);
}

/** A TypeScript or JavaScript string literal in single quotes, quotes included. */
function ts(value: string): string {
  const body = json(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${body}'`;
}

function toOneLine(value: string): string {
  return value.replace(LONE_SURROGATE, '\ufffd').replace(BREAKS, ' ').replace(HIDDEN, '').trim();
}

/** Text of one Markdown line that renders as the very characters given: no markup, no HTML, no table cell. */
function md(value: string): string {
  return toOneLine(value)
    .replace(/[\\`*_[\]<>|&~$]/g, '\\$&')
    .replace(/^([#+=-])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** Text inside a block or line comment: one line that cannot end the comment. */
function comment(value: string): string {
  return toOneLine(value).replaceAll('*/', '* /');
}

/** A name that has passed the name rules and stands bare in code. Anything else is our own mistake. */
function ident(value: string): string {
  if (!IDENTIFIER.test(value)) throw new Error(`not an identifier: ${JSON.stringify(value)}`);
  return value;
}

/** The only ways a value gets into a rendered file, by the helper's name in templates. */
export const ESCAPES = { comment, ident, json, md, ts } as const satisfies Record<
  string,
  (value: string) => string
>;
