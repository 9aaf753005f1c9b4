import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../../support/errors.ts';

/** Lines that arrive within this time are written together. */
const BATCH_MS = 100;

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  });
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

  /** The documents that count, oldest first. A torn last line, as a crash leaves it, is passed over. */
  async load(): Promise<unknown[]> {
    if (this.#path === undefined) return [];
    const text = `${await readIfThere(this.#older)}\n${await readIfThere(this.#path)}`;
    const lines = text.split('\n').filter((line) => line !== '');
    const documents = lines.slice(-this.#limit).flatMap((line) => {
      try {
        return [JSON.parse(line) as unknown];
      } catch {
        return [];
      }
    });
    await this.#rewrite(documents.map((document) => JSON.stringify(document)));
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
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    this.#file ??= await open(path, 'a', 0o600);
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
    if (lines.length > 0) {
      const staged = `${path}.new`;
      await writeFile(staged, `${lines.join('\n')}\n`, { mode: 0o600 });
      await rename(staged, path);
    }
    await rm(this.#older, { force: true });
  }

  get #older(): string {
    return `${this.#path}.old`;
  }
}
