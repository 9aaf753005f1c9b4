import { type FileHandle, rename, rm } from 'node:fs/promises';
import { openPrivateLog, readPrivateFile, replacePrivateFile } from './private-files.ts';

/** Lines that arrive within this time are written together. */
const BATCH_MS = 100;

/** Stands for a line that is no JSON: null is no record either. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** The documents of a log's lines. A torn last line, as a crash leaves it, is passed over. */
function parseLines(text: string): unknown[] {
  const documents = text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
  return documents.at(-1) === null ? documents.slice(0, -1) : documents;
}

/**
 * A log of JSON documents on disk, one a line, of which the last `limit` count. Adding costs the caller nothing but
 * memory: lines are written in batches, so a killed engine loses at most the last of them.
 * Without a path it keeps nothing.
 */
export class LineFile {
  readonly #path: string | undefined;
  readonly #limit: number;
  readonly #onError: (error: unknown) => void;
  #lines = 0;
  #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #file: FileHandle | undefined;

  constructor(path: string | undefined, limit: number, onError: (error: unknown) => void) {
    this.#path = path;
    this.#limit = limit;
    this.#onError = onError;
  }

  /**
   * The documents that count, oldest first; null for a line that is none.
   * @throws UserError state-not-readable (io)
   */
  async load(): Promise<unknown[]> {
    if (this.#path === undefined) return [];
    const texts = [await readPrivateFile(this.#older), await readPrivateFile(this.#path)];
    const documents = texts.flatMap((text) => parseLines(text ?? '')).slice(-this.#limit);
    const kept = documents.filter((document) => document !== null);
    await this.#rewrite(kept.map((document) => JSON.stringify(document))).catch(this.#onError);
    return documents;
  }

  add(document: unknown): void {
    if (this.#path === undefined) return;
    this.#waiting.push(JSON.stringify(document));
    this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    if (lines.length > 0) this.#writing = this.#writing.then(() => this.#append(lines)).catch(this.#onError);
  }

  async #append(lines: readonly string[]): Promise<void> {
    const path = this.#path as string;
    this.#file ??= await openPrivateLog(path);
    await this.#file.appendFile(`${lines.join('\n')}\n`);
    this.#lines += lines.length;
    if (this.#lines < this.#limit) return;
    // Two files of which the older always has enough lines: nothing is read while the engine works.
    await this.#file.close();
    this.#file = undefined;
    this.#lines = 0;
    await rename(path, this.#older);
  }

  async #rewrite(lines: readonly string[]): Promise<void> {
    const path = this.#path as string;
    this.#lines = lines.length;
    if (lines.length > 0) await replacePrivateFile(path, `${lines.join('\n')}\n`);
    await rm(this.#older, { force: true });
  }

  get #older(): string {
    return `${this.#path}.old`;
  }
}
