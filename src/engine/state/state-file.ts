import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../../support/errors.ts';

/** Writes a file so that readers, and we after a crash, see the old content or the new, never half of one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const staged = `${path}.new`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(staged, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(staged, path);
}

/** One JSON document on disk, always written whole. Without a path it keeps nothing. */
export class StateFile {
  readonly #path: string | undefined;
  readonly #onError: (error: unknown) => void;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(path: string | undefined, onError: (error: unknown) => void) {
    this.#path = path;
    this.#onError = onError;
  }

  /** What was saved last; undefined when there is nothing, or nothing readable. */
  async load(): Promise<unknown> {
    if (this.#path === undefined) return undefined;
    try {
      return JSON.parse(await readFile(this.#path, 'utf8'));
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /**
   * Saves what `value` gives when its turn comes; saves that wait for one under way share the next.
   * Resolves when it is on disk, or when its failure was told: a full disk must not stop the engine.
   */
  save(value: () => unknown): Promise<void> {
    const path = this.#path;
    if (path === undefined) return Promise.resolve();
    if (this.#next !== undefined) return this.#next;
    const written = this.#writing
      .then(() => {
        this.#next = undefined;
        return replaceFile(path, `${JSON.stringify(value(), null, 2)}\n`);
      })
      .catch(this.#onError);
    this.#next = written;
    this.#writing = written;
    return written;
  }

  /** Resolves when no save is under way any more. */
  settle(): Promise<void> {
    return this.#writing;
  }
}
