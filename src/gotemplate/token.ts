import { quote } from './quote.ts';
import { byteLength } from './text-bytes.ts';

export type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'range'
  | 'template'
  | 'with';

export type TokenKind =
  | Keyword
  | 'assign'
  | 'bool'
  | 'char-constant'
  | 'complex'
  | 'declare'
  | 'dot'
  | 'eof'
  | 'error'
  | 'field'
  | 'identifier'
  | 'left-delimiter'
  | 'left-paren'
  | 'nil'
  | 'number'
  | 'other'
  | 'pipe'
  | 'raw-string'
  | 'right-delimiter'
  | 'right-paren'
  | 'space'
  | 'string'
  | 'text'
  | 'variable';

export interface Token {
  readonly kind: TokenKind;
  /** Where it starts, in UTF-16 units. */
  readonly at: number;
  /** The token as written; the message of an error. */
  readonly value: string;
}

const WORDS: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ...(
    ['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with'] as const
  ).map((word) => [word, word] as const),
  ['nil', 'nil'],
  ['true', 'bool'],
  ['false', 'bool'],
]);

/** What a word in an action is; a word without a meaning of its own names a function. */
export function kindOfWord(word: string): TokenKind {
  return WORDS.get(word) ?? 'identifier';
}

/** How Go's messages show a token. Long ones are cut after ten characters. */
export function showToken({ kind, value }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'error') return value;
  if (kind === 'dot' || (kind !== 'bool' && kind === WORDS.get(value))) return `<${value}>`;
  if (byteLength(value) > 10) return `${quote([...value.slice(0, 20)].slice(0, 10).join(''))}...`;
  return quote(value);
}
