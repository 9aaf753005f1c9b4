import type { Lexer } from './lexer.ts';
import type { Token } from './token.ts';

/** How many words, numbers, strings, spaces and signs a template may have. Go has no limit; ours bounds time and memory. */
export const MAX_TOKENS = 50_000;

/** Why a template does not parse: Go's words without the name and the line, which the caller knows. */
export class ParseFailure extends Error {
  override readonly name = 'ParseFailure';
  /** Where the fault is. */
  readonly at: number;
  /** The start of the last token that was read: Go names its line, which may come after the fault. */
  readonly lastRead: number;

  constructor(message: string, at: number, lastRead: number) {
    super(message);
    this.at = at;
    this.lastRead = lastRead;
  }
}

/** Reads the tokens of one tree, with some put back. */
export class TokenReader {
  readonly #lexer: Lexer;
  #first: Token | undefined;
  /** Behind the first; the next one last. */
  readonly #others: Token[] = [];
  #lastRead = 0;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  /** The start of the last token that came from the lexer. */
  get lastRead(): number {
    return this.#lastRead;
  }

  next(): Token {
    const known = this.#first;
    if (known !== undefined) {
      this.#first = this.#others.length === 0 ? undefined : this.#others.pop();
      return known;
    }
    const token = this.#lexer.next();
    this.#lastRead = token.at;
    if (this.#lexer.count > MAX_TOKENS)
      this.fail(`the template has more than ${MAX_TOKENS} tokens`, token.at);
    return token;
  }

  nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  /** The next token, which stays the next. */
  peek(): Token {
    if (this.#first !== undefined) return this.#first;
    const token = this.next();
    this.putBack(token);
    return token;
  }

  /** The next token that is no space, which becomes the next. */
  peekNonSpace(): Token {
    if (this.#first !== undefined && this.#first.kind !== 'space') return this.#first;
    const token = this.nextNonSpace();
    this.putBack(token);
    return token;
  }

  putBack(token: Token): void {
    if (this.#first !== undefined) this.#others.push(this.#first);
    this.#first = token;
  }

  fail(message: string, at: number): never {
    throw new ParseFailure(message, at, this.#lastRead);
  }
}
