const ASCII_ONLY = /^\p{ASCII}*$/u;
/** The Turkish dotless i folds to itself: its capital is the plain I, whose fold is another letter. */
const DOTLESS_I = '\u0131';

function foldCodePoint(char: string): string {
  if (char === DOTLESS_I) return char;
  const upper = char.toUpperCase();
  const capital = upper.length === char.length ? upper : char;
  const lower = capital.toLowerCase();
  return lower.length === char.length ? lower : char;
}

/**
 * Unicode simple case folding: two texts are equal but for their case when their folds are equal.
 * Every code point keeps its length, so positions in the fold are positions in the text.
 */
export function foldCase(text: string): string {
  if (ASCII_ONLY.test(text)) return text.toLowerCase();
  let folded = '';
  for (const char of text) folded += foldCodePoint(char);
  return folded;
}

/** Half of a surrogate pair is no character; both sides of a comparison show it as one. */
export function mendSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** A phrase as it is looked for: folded, every run of white space as one space, none at the ends. */
export function normalisePhrase(phrase: string): string {
  return foldCase(mendSurrogates(phrase).replace(/\s+/gu, ' ').trim());
}

/** How many characters a reader would count in the source: code points, not UTF-16 units. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
