const NONE = -1;

/**
 * Finds every key of a fixed set in a text, in one pass over the text: a trie with failure links
 * (Aho and Corasick, 1975) in typed arrays, so that half a million nodes of a hostile agent cost
 * megabytes and not gigabytes. Nodes are numbered in the order of the sorted keys, a parent before
 * its children; the root is 0.
 */
export class Automaton {
  /** The children of node n are `#children[#firstChild[n] … #firstChild[n + 1])`, ascending by unit. */
  readonly #firstChild: Int32Array;
  readonly #children: Int32Array;
  readonly #unit: Uint16Array;
  /** The key that ends at a node. */
  readonly #key: Int32Array;
  /** The longest proper suffix that is a node, and the longest that ends a key (0: there is none). */
  readonly #fail: Int32Array;
  readonly #nextKey: Int32Array;

  /** @param keys distinct, not empty; a key is known by its place in this list */
  constructor(keys: readonly string[]) {
    const capacity = keys.reduce((sum, key) => sum + key.length, 1);
    const parent = new Int32Array(capacity);
    this.#unit = new Uint16Array(capacity);
    this.#key = new Int32Array(capacity).fill(NONE);
    const count = this.#plant(keys, parent);
    this.#firstChild = new Int32Array(count + 1);
    this.#children = new Int32Array(count - 1);
    this.#link(parent, count);
    this.#fail = new Int32Array(count);
    this.#nextKey = new Int32Array(count);
    this.#connect(count);
  }

  /** Makes the nodes: sorted keys share the beginning of the key before them. Returns how many there are. */
  #plant(keys: readonly string[], parent: Int32Array): number {
    const order = keys.map((key, index) => ({ key, index })).sort((a, b) => (a.key < b.key ? -1 : 1));
    const path = [0];
    let count = 1;
    let previous = '';
    for (const { key, index } of order) {
      let shared = 0;
      while (shared < previous.length && previous.charCodeAt(shared) === key.charCodeAt(shared)) shared++;
      path.length = shared + 1;
      for (let i = shared; i < key.length; i++) {
        parent[count] = path[i] as number;
        this.#unit[count] = key.charCodeAt(i);
        path.push(count++);
      }
      this.#key[count - 1] = index;
      previous = key;
    }
    return count;
  }

  /** Lists the children of every node; ascending node numbers are ascending units. */
  #link(parent: Int32Array, count: number): void {
    for (let node = 1; node < count; node++) this.#add(this.#firstChild, (parent[node] as number) + 1, 1);
    for (let node = 0; node < count; node++)
      this.#add(this.#firstChild, node + 1, this.#firstChild[node] as number);
    const next = this.#firstChild.slice();
    for (let node = 1; node < count; node++) {
      const from = parent[node] as number;
      this.#children[next[from] as number] = node;
      this.#add(next, from, 1);
    }
  }

  #add(array: Int32Array, at: number, amount: number): void {
    array[at] = (array[at] as number) + amount;
  }

  /** Sets the failure links, shortest nodes first. */
  #connect(count: number): void {
    const queue = new Int32Array(count);
    let filled = 1;
    for (let taken = 0; taken < filled; taken++) {
      const node = queue[taken] as number;
      const last = this.#firstChild[node + 1] as number;
      for (let i = this.#firstChild[node] as number; i < last; i++) {
        const child = this.#children[i] as number;
        const fail = node === 0 ? 0 : this.#step(this.#fail[node] as number, this.#unit[child] as number);
        this.#fail[child] = fail;
        this.#nextKey[child] = this.#key[fail] === NONE ? (this.#nextKey[fail] as number) : fail;
        queue[filled++] = child;
      }
    }
  }

  #childOf(node: number, unit: number): number {
    let low = this.#firstChild[node] as number;
    let high = this.#firstChild[node + 1] as number;
    while (low < high) {
      const middle = (low + high) >> 1;
      const child = this.#children[middle] as number;
      const found = this.#unit[child] as number;
      if (found === unit) return child;
      if (found < unit) low = middle + 1;
      else high = middle;
    }
    return NONE;
  }

  #step(from: number, unit: number): number {
    let node = from;
    let child = this.#childOf(node, unit);
    while (child === NONE && node !== 0) {
      node = this.#fail[node] as number;
      child = this.#childOf(node, unit);
    }
    return child === NONE ? 0 : child;
  }

  /** Calls `visit` with every key that ends at `end` (in UTF-16 units), for all ends of `text` in order. */
  scan(text: string, visit: (key: number, end: number) => void): void {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      node = this.#step(node, text.charCodeAt(i));
      let ending = this.#key[node] === NONE ? (this.#nextKey[node] as number) : node;
      while (ending !== 0) {
        visit(this.#key[ending] as number, i + 1);
        ending = this.#nextKey[ending] as number;
      }
    }
  }
}
