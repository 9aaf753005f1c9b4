import { foldCase, mendSurrogates } from './fold.ts';

const SPACE = /\s/u;
const WORD = /[\p{L}\p{N}\p{M}_]/u;

/** What a code point is to a sentence; a table for ASCII, because texts may be long. */
type CharClass = 'space' | 'word' | 'other';

const classify = (char: string): CharClass =>
  SPACE.test(char) ? 'space' : WORD.test(char) ? 'word' : 'other';

const ASCII_CLASSES: readonly CharClass[] = Array.from({ length: 128 }, (_, code) =>
  classify(String.fromCharCode(code)),
);

/**
 * A text to match against, prepared once for all intents: every run of white space is one space and
 * none is at the ends, so that a line break or a second blank decides nothing. Positions that the
 * methods take are UTF-16 units of `text`; what they give counts code points.
 */
export class Sentence {
  /** As it was given. */
  readonly original: string;
  /** With white space collapsed: what patterns see. */
  readonly text: string;
  /** `text`, folded: what phrases are looked for in. */
  readonly folded: string;
  /** Where each unit of `text`, and its end, stands in `original`: in units and in code points. */
  readonly #units: Int32Array;
  readonly #points: Int32Array;
  /** Code points of `text` before each unit. */
  readonly #lengths: Int32Array;
  /** 1 where a word goes on across the place before a unit, or the place is within a code point. */
  readonly #insideWord: Uint8Array;

  constructor(original: string) {
    this.original = original;
    const size = original.length + 1;
    this.#units = new Int32Array(size);
    this.#points = new Int32Array(size);
    this.#lengths = new Int32Array(size);
    this.#insideWord = new Uint8Array(size);
    this.text = this.#collapse(mendSurrogates(original));
    this.folded = foldCase(this.text);
  }

  #collapse(mended: string): string {
    const pieces: string[] = [];
    let filled = 0;
    let unit = 0;
    let point = 0;
    let blank: { readonly unit: number; readonly point: number } | undefined;
    let wasWord = false;
    const place = (width: number, atUnit: number, atPoint: number, isWord: boolean): void => {
      const count = pieces.length;
      for (let i = 0; i < width; i++) {
        this.#units[filled] = atUnit + i;
        this.#points[filled] = atPoint;
        this.#lengths[filled] = i === 0 ? count : count + 1;
        this.#insideWord[filled] = i > 0 || (isWord && wasWord) ? 1 : 0;
        filled++;
      }
      wasWord = isWord;
    };
    for (const char of mended) {
      const charClass = ASCII_CLASSES[char.charCodeAt(0)] ?? classify(char);
      if (charClass === 'space') {
        blank ??= { unit, point };
      } else {
        if (blank !== undefined && filled > 0) {
          place(1, blank.unit, blank.point, false);
          pieces.push(' ');
        }
        blank = undefined;
        place(char.length, unit, point, charClass === 'word');
        pieces.push(char);
      }
      unit += char.length;
      point++;
    }
    this.#units[filled] = blank?.unit ?? unit;
    this.#points[filled] = blank?.point ?? point;
    this.#lengths[filled] = pieces.length;
    return pieces.join('');
  }

  /** Whether neither end of the range lies inside a word. */
  isWholeWords(start: number, end: number): boolean {
    return this.#insideWord[start] === 0 && this.#insideWord[end] === 0;
  }

  /** The range as it stands in the original. */
  originalText(start: number, end: number): string {
    return this.original.slice(this.#units[start], this.#units[end]);
  }

  /** Code points before the range in the original. */
  originalStart(start: number): number {
    return this.#points[start] ?? 0;
  }

  /** Code points in the range, with white space collapsed: further blanks make no match longer. */
  lengthOf(start: number, end: number): number {
    return (this.#lengths[end] ?? 0) - (this.#lengths[start] ?? 0);
  }
}
