/** A member of a {@link RecencyList}. The list alone sets the two links. */
export interface Linked<T> {
  older: T | undefined;
  newer: T | undefined;
}

/**
 * Items from the least to the most recently used. Linked rather than a Map's own order: finding the first key of
 * a Map walks over what was deleted before it, which evictions delete one after the other.
 */
export class RecencyList<T extends Linked<T>> {
  oldest: T | undefined;
  #newest: T | undefined;

  append(item: T): void {
    item.older = this.#newest;
    item.newer = undefined;
    if (this.#newest === undefined) this.oldest = item;
    else this.#newest.newer = item;
    this.#newest = item;
  }

  remove(item: T): void {
    if (item.older === undefined) this.oldest = item.newer;
    else item.older.newer = item.newer;
    if (item.newer === undefined) this.#newest = item.older;
    else item.newer.older = item.older;
    item.older = undefined;
    item.newer = undefined;
  }

  clear(): void {
    this.oldest = undefined;
    this.#newest = undefined;
  }
}
