import { rename } from 'node:fs/promises';
import { messageOf } from '../../support/errors.ts';
import { readPrivateFile, replacePrivateFile, unusableState } from './private-files.ts';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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

  /**
   * What was saved last; undefined when there is nothing. A file that holds something else is put aside, so that the
   * next save does not overwrite what a person may still mend.
   * @param isUsable whether the document as a whole is of the right kind
   * @throws UserError state-not-readable (io)
   */
  async load(isUsable: (document: unknown) => boolean): Promise<unknown> {
    const text = this.#path === undefined ? undefined : await readPrivateFile(this.#path);
    if (text === undefined) return undefined;
    const document = parse(text);
    if (isUsable(document)) return document;
    await this.#putAside(this.#path as string);
    return undefined;
  }

  async #putAside(path: string): Promise<void> {
    const broken = `${path}.broken-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    await rename(path, broken).catch((error: unknown) => {
      throw unusableState(path, messageOf(error), error);
    });
    this.#onError(new Error(`${path} is not what an engine wrote, and is kept as ${broken}`));
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
        return replacePrivateFile(path, `${JSON.stringify(value(), null, 2)}\n`);
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
