/** Character codes of the lexer's alphabet. Everything that has a meaning in an action is ASCII. */
const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}]$/u;
/** What Go's unicode.IsPrint says no to: control, format, private and unassigned characters, and spaces but one. */
const UNPRINTABLE = /^(?! )[\p{C}\p{Z}]$/u;

const ASCII_WORD = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_')
  ASCII_WORD[character.charCodeAt(0)] = 1;

/** Space, tab, carriage return and newline: what separates words, and what a trim marker removes. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** A character of names and numbers: a letter, a decimal digit or an underscore. */
export function isWord(codePoint: number): boolean {
  if (codePoint < 128) return ASCII_WORD[codePoint] === 1;
  return LETTER_OR_DIGIT.test(String.fromCodePoint(codePoint));
}

/** Whether Go would print the character as it is, rather than escape it. */
export function isPrintable(character: string): boolean {
  return !UNPRINTABLE.test(character);
}

/** How many UTF-16 units the character takes. */
export function widthOf(codePoint: number): 1 | 2 {
  return codePoint > 0xffff ? 2 : 1;
}

/** `U+0041 'A'`, as Go's `%#U`. */
export function nameCharacter(codePoint: number): string {
  const hex = codePoint.toString(16).toUpperCase().padStart(4, '0');
  const character = String.fromCodePoint(codePoint);
  return isPrintable(character) ? `U+${hex} '${character}'` : `U+${hex}`;
}
