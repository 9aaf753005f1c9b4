/** A place in a template's text. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
  /** From 0, in bytes of UTF-8, as Go counts. */
  readonly offset: number;
}

const STEP = 1_024;

/** Turns indexes of a text into places. Reads the text once, however many places are asked for. */
export class PlaceFinder {
  readonly #text: string;
  /** The index behind each newline. */
  #lineStarts: number[] | undefined;
  /** Bytes before every STEP-th index. */
  #bytesBefore: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The line of an index, from 1. */
  lineOf(index: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  placeOf(index: number): Place {
    const line = this.lineOf(index);
    return { line, column: index - this.lineStart(line) + 1, offset: this.byteOffset(index) };
  }

  /** The index at which a line starts. */
  lineStart(line: number): number {
    return this.#starts()[line - 1] ?? 0;
  }

  byteOffset(index: number): number {
    this.#bytesBefore ??= countBytes(this.#text);
    const step = Math.floor(index / STEP);
    return (this.#bytesBefore[step] ?? 0) + bytesIn(this.#text, step * STEP, index);
  }

  #starts(): number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.#text.indexOf('\n'); at !== -1; at = this.#text.indexOf('\n', at + 1))
        starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}

function countBytes(text: string): number[] {
  const counts = [0];
  let bytes = 0;
  for (let at = 0; at + STEP <= text.length; at += STEP) {
    bytes += bytesIn(text, at, at + STEP);
    counts.push(bytes);
  }
  return counts;
}

/** A surrogate pair takes four bytes, two for each half. */
function bytesIn(text: string, from: number, to: number): number {
  let bytes = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800 || (code >= 0xd800 && code <= 0xdfff)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}
