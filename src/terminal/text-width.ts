/** East Asian wide and fullwidth letters, and pictures that terminals draw over two columns (UAX #11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
/** Marks, joiners and variation selectors stand on the letter before them. */
const NO_WIDTH = /^[\p{M}\p{Cf}]+$/u;
const ASCII = /^[\x20-\x7e]*$/;

let segmenter: Intl.Segmenter | undefined;

/** What people call letters. The segmenter is made with the first letter that is not ASCII: it costs milliseconds. */
function graphemesOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function widthOfGrapheme(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** How many columns a line takes in a terminal. It must hold no control characters. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += widthOfGrapheme(grapheme);
  return width;
}

/** The text, with spaces up to a width. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** The text, or as much of it as fits before a `…`. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let out = '';
  let used = 1;
  for (const grapheme of graphemesOf(text)) {
    used += widthOfGrapheme(grapheme);
    if (used > width) break;
    out += grapheme;
  }
  return width < 1 ? '' : `${out.trimEnd()}…`;
}

/** Lines of at most a width, broken at spaces; a longer word is left whole, so that it can be copied. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && textWidth(longer) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines;
}

/** Lines of at most a width, broken at spaces, and inside a word where there is no other way. */
export function foldText(text: string, width: number): string[] {
  return wrapText(text, width).flatMap((line) => {
    if (textWidth(line) <= width) return [line];
    const pieces: string[] = [''];
    for (const grapheme of graphemesOf(line)) {
      const piece = pieces.at(-1) ?? '';
      if (textWidth(piece + grapheme) > width) pieces.push(grapheme);
      else pieces[pieces.length - 1] = piece + grapheme;
    }
    return pieces;
  });
}
