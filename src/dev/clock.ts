/** Time, as far as a dev session needs it; a test brings its own. */
export interface Clock {
  /** Milliseconds since the epoch, for people. It may jump. */
  epochMs(): number;
  /** Milliseconds since some moment, for measuring. It never jumps. */
  monotonicMs(): number;
  /** Calls back once; the returned function prevents that. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The machine's own time. */
export const systemClock: Clock = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
