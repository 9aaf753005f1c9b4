import { setTimeout as sleep } from 'node:timers/promises';

/** As long as the SDKs wait at the end (protocol.md §4.5). */
const FLUSH_TIMEOUT_MS = 5_000;
/** A last chance for what came of calls that took the whole budget. */
const MIN_STOP_MS = 1_000;

/** Traces or metrics on their way out; the bounds are those of `Telemetry`. */
export interface Signal {
  flush(): Promise<void>;
  stop(budgetMs: number): Promise<void>;
}

/** False when it was not done in time, or failed. */
async function within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
  const over = new AbortController();
  const timeout = sleep(timeoutMs, false, { signal: over.signal }).catch(() => false);
  const done = await Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    timeout,
  ]);
  over.abort();
  return done;
}

/**
 * Ends a provider within bounds, whatever its collector does.
 * @param isWorking whether the last attempt to send worked
 * @param unregister takes the provider back from the process
 */
export function createSignal(
  provider: { forceFlush(): Promise<void>; shutdown(): Promise<void> },
  isWorking: () => boolean,
  unregister: () => void,
): Signal {
  let reached = true;
  return {
    flush: async () => {
      reached = await within(FLUSH_TIMEOUT_MS, provider.forceFlush());
    },
    stop: async (budgetMs) => {
      const timeoutMs = Math.min(FLUSH_TIMEOUT_MS, Math.max(MIN_STOP_MS, budgetMs));
      const stopped = within(timeoutMs, provider.shutdown());
      if (reached && isWorking()) await stopped;
      unregister();
    },
  };
}
