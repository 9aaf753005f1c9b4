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
/** What YAML and XML do not take as characters at all. */
const NONCHARACTER = /\p{Noncharacter_Code_Point}/gu;
const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** Words of a closed alphabet, divided by single blanks: versions, addresses, commands of ours. */
const PLAIN_WORDS = /^[\w./@:+=~^,-]+( [\w./@:+=~^,-]+)*$/;

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

/** A JSON document in which no character lies about what it is; its line ends stay. */
export function writeJson(value: unknown): string {
  const show = (char: string) => (char === '\n' ? char : toUnicodeEscape(char));
  return `${JSON.stringify(value, null, 2).replace(DECEPTIVE, show)}\n`;
}

/** A TypeScript or JavaScript string literal in single quotes, quotes included. */
function ts(value: string): string {
  const body = json(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${body}'`;
}

/** `\uXXXX`, or `\UXXXXXXXX` beyond it: what Go, Python, TOML and YAML all read alike. */
function toCodePointEscape(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : toUnicodeEscape(char);
}

/** A string literal in double quotes, quotes included, that Go, Python, TOML and YAML all read as the value. */
function quoted(value: string): string {
  return JSON.stringify(value.replace(LONE_SURROGATE, '\ufffd'))
    .replace(DECEPTIVE, toCodePointEscape)
    .replace(NONCHARACTER, toCodePointEscape);
}

/** A text on one line, without what nobody sees. */
export function toOneLine(value: string): string {
  return value.replace(LONE_SURROGATE, '\ufffd').replace(BREAKS, ' ').replace(HIDDEN, '').trim();
}

/** Text of one Markdown line that renders as the very characters given: no markup, no HTML, no table cell. */
function md(value: string): string {
  return toOneLine(value)
    .replace(/[\\`*_[\]<>|&~$]/g, '\\$&')
    .replace(/^([#+=-])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** Text inside a comment: one line that can end neither a block comment nor a docstring nor markup. */
function comment(value: string): string {
  return toOneLine(value)
    .replaceAll('*/', '* /')
    .replace(/"(?="")/g, '" ')
    .replaceAll('-->', '-- >');
}

/** A name that has passed the name rules and stands bare in code. Anything else is our own mistake. */
function ident(value: string): string {
  if (!IDENTIFIER.test(value)) throw new Error(`not an identifier: ${JSON.stringify(value)}`);
  return value;
}

/** Words that need no quotes anywhere. Anything else is our own mistake. */
function bare(value: string): string {
  if (!PLAIN_WORDS.test(value)) throw new Error(`not plain words: ${JSON.stringify(value)}`);
  return value;
}

/** One word for a POSIX shell, quoted only where it must be. */
export function sh(value: string): string {
  return /^[\w./:@%+,=^-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** One word for a shell, on the right side of `:=` in a Makefile. */
function make(value: string): string {
  return sh(value).replaceAll('$', '$$$$').replaceAll('#', '\\#');
}

/** The only ways a value gets into a rendered file, by the helper's name in templates. */
export const ESCAPES = {
  bare,
  comment,
  go: quoted,
  ident,
  json,
  make,
  md,
  py: quoted,
  sh,
  toml: quoted,
  ts,
  yaml: quoted,
} as const satisfies Record<string, (value: string) => string>;
