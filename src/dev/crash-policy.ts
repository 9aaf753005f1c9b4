const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
const MAX_CRASHES = 5;
/** Wide enough to count an agent that lives ten seconds each time, narrow enough to forget one of yesterday. */
const WINDOW_MS = 5 * 60_000;

/** What to do after a crash: launch again after a while, or wait for the next save. */
export type CrashVerdict = { readonly retryMs: number; readonly crashes: number } | 'give-up';

/**
 * Counts crashes in a sliding window, not in a row: an agent that gets ready and then dies, again and again,
 * is a crash loop too.
 */
export class CrashPolicy {
  #crashesAtMs: number[] = [];

  crashed(nowMs: number): CrashVerdict {
    this.#crashesAtMs = [...this.#crashesAtMs.filter((atMs) => nowMs - atMs < WINDOW_MS), nowMs];
    const crashes = this.#crashesAtMs.length;
    if (crashes >= MAX_CRASHES) return 'give-up';
    return { retryMs: Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (crashes - 1)), crashes };
  }

  /** The content has changed, and with it the reason to expect another crash. */
  forget(): void {
    this.#crashesAtMs = [];
  }
}
