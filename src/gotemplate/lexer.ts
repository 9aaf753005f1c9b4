import { isPrintable, isSpace, isWord, nameCharacter, widthOf } from './characters.ts';
import { quote } from './quote.ts';
import { kindOfWord, type Token, type TokenKind } from './token.ts';

const LEFT = '{{';
const RIGHT = '}}';
const DELIMITER = 2;
/** A minus sign and one space. */
const TRIM_MARKER = 2;

const MINUS = 45;
const END_OF_WORD = new Set([...' \t\r\n.,|:()'].map((character) => character.charCodeAt(0)));

/**
 * Cuts a template into tokens, one for each call (text/template, "Text and spaces", "Actions", "Arguments").
 * After an error token there is nothing more to ask for.
 */
export class Lexer {
  readonly #text: string;
  #at = 0;
  #inAction = false;
  #openParens = 0;
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** How many tokens there were. */
  get count(): number {
    return this.#count;
  }

  next(): Token {
    this.#count++;
    return this.#inAction ? this.#action() : this.#outside();
  }

  /** Text up to the next action. Comments are skipped here: only text stands around them. */
  #outside(): Token {
    const text = this.#text;
    for (;;) {
      const start = this.#at;
      const open = text.indexOf(LEFT, start);
      if (open === -1) {
        this.#at = text.length;
        return start < text.length ? this.#token('text', start) : this.#token('eof', start);
      }
      const afterOpen = open + DELIMITER;
      const trims = text.charCodeAt(afterOpen) === MINUS && isSpace(text.charCodeAt(afterOpen + 1));
      const end = trims ? trimmedEnd(text, start, open) : open;
      if (end > start) {
        this.#at = open;
        return { kind: 'text', at: start, value: text.slice(start, end) };
      }
      const inside = trims ? afterOpen + TRIM_MARKER : afterOpen;
      if (text.startsWith('/*', inside)) {
        const error = this.#skipComment(inside);
        if (error !== undefined) return error;
        continue;
      }
      this.#at = inside;
      this.#inAction = true;
      this.#openParens = 0;
      return { kind: 'left-delimiter', at: open, value: LEFT };
    }
  }

  #skipComment(start: number): Token | undefined {
    const close = this.#text.indexOf('*/', start + 2);
    if (close === -1) return this.#error(start, 'unclosed comment');
    const end = this.#rightDelimiter(close + 2);
    if (end === -1) return this.#error(start, 'comment ends before closing delimiter');
    this.#leave(close + 2, end);
    return undefined;
  }

  /** Where the closing delimiter is that starts here, perhaps with a trim marker; -1 if there is none. */
  #rightDelimiter(here: number): number {
    const text = this.#text;
    const code = text.charCodeAt(here);
    if (code === 125) return text.charCodeAt(here + 1) === 125 ? here : -1;
    if (!isSpace(code) || text.charCodeAt(here + 1) !== MINUS) return -1;
    const marked = here + TRIM_MARKER;
    return text.startsWith(RIGHT, marked) ? marked : -1;
  }

  /** Goes on behind the closing delimiter; white space goes with a trim marker. */
  #leave(here: number, delimiter: number): void {
    const next = delimiter + DELIMITER;
    this.#at = delimiter > here ? skipSpaces(this.#text, next) : next;
  }

  #action(): Token {
    const text = this.#text;
    const start = this.#at;
    const end = this.#rightDelimiter(start);
    if (end !== -1) {
      if (this.#openParens > 0) return this.#error(start, 'unclosed left paren');
      this.#leave(start, end);
      this.#inAction = false;
      return { kind: 'right-delimiter', at: end, value: RIGHT };
    }
    const code = text.codePointAt(start);
    if (code === undefined) return this.#error(start, 'unclosed action');
    this.#at = start + widthOf(code);
    if (isSpace(code)) return this.#spaces(start);
    switch (code) {
      case 34:
        return this.#quoted(start, '"', 'string', 'unterminated quoted string');
      case 39:
        return this.#quoted(start, "'", 'char-constant', 'unterminated character constant');
      case 96:
        return this.#rawString(start);
      case 36:
        return this.#name(start, 'variable');
      case 46:
        return this.#dot(start);
      case 58:
        if (text[this.#at] !== '=') return this.#error(start, 'expected :=');
        this.#at++;
        return this.#token('declare', start);
      case 61:
        return this.#token('assign', start);
      case 124:
        return this.#token('pipe', start);
      case 40:
        this.#openParens++;
        return this.#token('left-paren', start);
      case 41:
        this.#openParens--;
        return this.#openParens < 0
          ? this.#error(start, 'unexpected right paren')
          : this.#token('right-paren', start);
    }
    if (code === 43 || code === MINUS || (code >= 48 && code <= 57)) return this.#number(start);
    if (isWord(code)) return this.#word(start);
    if (code < 128 && isPrintable(String.fromCharCode(code))) return this.#token('other', start);
    return this.#error(start, `unrecognized character in action: ${nameCharacter(code)}`);
  }

  /** The last space stays behind if it belongs to a trim marker. */
  #spaces(start: number): Token {
    const text = this.#text;
    while (isSpace(text.charCodeAt(this.#at))) this.#at++;
    if (text.charCodeAt(this.#at) === MINUS && text.startsWith(RIGHT, this.#at + 1)) {
      this.#at--;
      if (this.#at === start) return this.#action();
    }
    return this.#token('space', start);
  }

  #quoted(start: number, mark: string, kind: TokenKind, unterminated: string): Token {
    const text = this.#text;
    for (; this.#at < text.length; this.#at++) {
      const character = text[this.#at];
      if (character === '\n') break;
      if (character === mark) {
        this.#at++;
        return this.#token(kind, start);
      }
      if (character === '\\') {
        this.#at++;
        if (text[this.#at] === '\n') break;
      }
    }
    return this.#error(start, unterminated);
  }

  #rawString(start: number): Token {
    const close = this.#text.indexOf('`', this.#at);
    if (close === -1) return this.#error(start, 'unterminated raw quoted string');
    this.#at = close + 1;
    return this.#token('raw-string', start);
  }

  /** A dot alone, a field, or a number like `.5`. */
  #dot(start: number): Token {
    const code = this.#text.charCodeAt(this.#at);
    // At the text's end too: Go reads a number there.
    if (!(code < 48 || code > 57)) return this.#number(start);
    if (this.#atEndOfWord()) return this.#token('dot', start);
    return this.#name(start, 'field');
  }

  #name(start: number, kind: 'variable' | 'field'): Token {
    this.#skipWord();
    return this.#atEndOfWord() ? this.#token(kind, start) : this.#badCharacter(start);
  }

  #word(start: number): Token {
    this.#skipWord();
    if (!this.#atEndOfWord()) return this.#badCharacter(start);
    const word = this.#text.slice(start, this.#at);
    return { kind: kindOfWord(word), at: start, value: word };
  }

  #skipWord(): void {
    for (;;) {
      const code = this.#text.codePointAt(this.#at);
      if (code === undefined || !isWord(code)) return;
      this.#at += widthOf(code);
    }
  }

  /** What may follow a name without a space between. */
  #atEndOfWord(): boolean {
    const text = this.#text;
    if (this.#at >= text.length) return true;
    return END_OF_WORD.has(text.charCodeAt(this.#at)) || text.startsWith(RIGHT, this.#at);
  }

  #badCharacter(start: number): Token {
    return this.#error(start, `bad character ${nameCharacter(this.#text.codePointAt(this.#at) ?? 0)}`);
  }

  /** What looks like a number; whether it is one, its value tells. Two joined by a sign are a complex number. */
  #number(start: number): Token {
    this.#at = start;
    if (!this.#scanNumber()) return this.#badNumber(start);
    const sign = this.#text[this.#at];
    if (sign !== '+' && sign !== '-') return this.#token('number', start);
    if (!this.#scanNumber() || this.#text[this.#at - 1] !== 'i') return this.#badNumber(start);
    return this.#token('complex', start);
  }

  #scanNumber(): boolean {
    NUMBER.lastIndex = this.#at;
    const length = NUMBER.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined || !isWord(code)) return true;
    this.#at += widthOf(code);
    return false;
  }

  #badNumber(start: number): Token {
    return this.#error(start, `bad number syntax: ${quote(this.#text.slice(start, this.#at))}`);
  }

  #token(kind: TokenKind, start: number): Token {
    return { kind, at: start, value: this.#text.slice(start, this.#at) };
  }

  #error(start: number, message: string): Token {
    return { kind: 'error', at: start, value: message };
  }
}

/** The characters of Go's number constants (Go specification, "Integer literals" to "Imaginary literals"), in order. */
const NUMBER =
  /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/y;

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}
