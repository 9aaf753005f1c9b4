/**
 * Lets a few through at a time, in the order in which they came. Who takes longer than the patience goes on, but no
 * longer counts, so that those who never end cannot hold up the rest.
 */
export class Turnstile {
  readonly #places: number;
  readonly #patienceMs: number;
  readonly #maxWaiting: number;
  readonly #queue: (() => void)[] = [];
  #taken = 0;

  constructor(options: {
    readonly places: number;
    readonly patienceMs: number;
    readonly maxWaiting: number;
  }) {
    this.#places = options.places;
    this.#patienceMs = options.patienceMs;
    this.#maxWaiting = options.maxWaiting;
  }

  /** Whether the queue is as long as it may be; who comes now should come again later. */
  get isFull(): boolean {
    return this.#queue.length >= this.#maxWaiting;
  }

  /** Does the work when its turn has come. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken < this.#places) this.#taken++;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    let counts = true;
    const leave = () => {
      if (!counts) return;
      counts = false;
      const next = this.#queue.shift();
      if (next === undefined) this.#taken--;
      else next();
    };
    const timer = setTimeout(leave, this.#patienceMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }
}
