/** How rules read what people write for the LLM. */

/** Words that say nothing about what a sentence is about. */
const FILLERS = new Set(
  (
    'a an and any are as at be been but by can do does each for from had has have how if in into is it its may more most must ' +
    'need needs no not of on one only or other over own so some such than that the their them then there these they this ' +
    'those to up use used uses using was were what when where which who why will with within without you your warning'
  ).split(' '),
);

/** The words of a text, lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}_'’-]*/gu) ?? [];
}

/** The words that say what a text is about. */
export function meaningfulWords(text: string): string[] {
  return wordsOf(text).filter((word) => !FILLERS.has(word));
}

/** Fewer words cannot say both what an action does and when to use it. */
export const MIN_WORDS = 8;

export const isTooShort = (description: string): boolean => wordsOf(description).length < MIN_WORDS;
