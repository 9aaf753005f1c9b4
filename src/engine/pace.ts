/** Strangers choose the keys, so there must be an end to them. */
const MAX_KEYS = 10_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Lets each key have so many tokens a second, and as many at once as the burst says. */
export class Pace {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: { readonly perSecond: number; readonly burst: number }) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
  }

  /** Takes tokens of a key, no more than a whole burst; false when it does not have them. */
  take(key: string, tokens = 1): boolean {
    const bucket = this.#bucketOf(key);
    const nowMs = performance.now();
    const earned = ((nowMs - bucket.filledAtMs) / 1_000) * this.#perSecond;
    bucket.tokens = Math.min(this.#burst, bucket.tokens + earned);
    bucket.filledAtMs = nowMs;
    const cost = Math.min(tokens, this.#burst);
    if (bucket.tokens < cost) return false;
    bucket.tokens -= cost;
    return true;
  }

  #bucketOf(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= MAX_KEYS) this.#buckets.clear();
    const bucket = { tokens: this.#burst, filledAtMs: performance.now() };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
