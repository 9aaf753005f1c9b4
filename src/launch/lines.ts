/** A longer line is cut: a process that never ends a line must not fill our memory. */
export const MAX_LINE_BYTES = 64 * 1024;
/** How many lines of a process are kept to explain its end. */
const KEPT_LINES = 20;
const CUT_MARK = ' … [line cut at 64 KiB]';
const NEWLINE = 0x0a;

/** Turns chunks of bytes into lines, holding at most one line of `MAX_LINE_BYTES`. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #parts: Buffer[] = [];
  #size = 0;
  /** True while the rest of a line that was cut goes by. */
  #skipping = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#append(chunk.subarray(start, end));
      if (this.#skipping) this.#skipping = false;
      else this.#flush('');
      start = end + 1;
    }
    this.#append(chunk.subarray(start));
  }

  /** The stream has ended: what is left is a line too. */
  end(): void {
    if (this.#size > 0) this.#flush('');
  }

  #append(bytes: Buffer): void {
    if (this.#skipping || bytes.length === 0) return;
    const room = MAX_LINE_BYTES - this.#size;
    // Copied, because a small slice would keep the whole chunk alive.
    this.#parts.push(Buffer.from(bytes.subarray(0, room)));
    this.#size += Math.min(bytes.length, room);
    if (bytes.length <= room) return;
    this.#flush(CUT_MARK);
    this.#skipping = true;
  }

  #flush(mark: string): void {
    const line = Buffer.concat(this.#parts, this.#size).toString('utf8');
    this.#parts = [];
    this.#size = 0;
    this.#onLine((line.endsWith('\r') ? line.slice(0, -1) : line) + mark);
  }
}

/** The newest lines a process printed. */
export class LastLines {
  #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  get lines(): readonly string[] {
    return [...this.#lines];
  }
}
