/** Milliseconds below which no retry starts, so that even the luckiest draw is no storm. */
const FLOOR_MS = 1_000;
const FIRST_BOUND_MS = 2_000;

/**
 * The wait before retry number `attempt` (from 1): a random time between 1 s and a bound that doubles
 * from 2 s up to `maxMs`. Random, because a thousand agents lose one engine at the same moment.
 * Source: design.md, "Names that are fixed"; faults.md 0.7, A3, B9.
 */
export function backoffMs(attempt: number, maxMs: number, random: () => number = Math.random): number {
  const bound = Math.min(maxMs, FIRST_BOUND_MS * 2 ** (attempt - 1));
  return Math.round(Math.min(FLOOR_MS, bound) + random() * Math.max(0, bound - FLOOR_MS));
}
