/** The same choices from the same seed, so that a failure comes back. */
export interface Chooser {
  /** From 0 up to 1. */
  next(): number;
  /** From 0 up to `count`. */
  below(count: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  chance(share: number): boolean;
}

/** Xorshift with 32 bits of state. */
export function chooserFrom(seed: number): Chooser {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  for (let round = 0; round < 8; round++) next();
  return {
    next,
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    chance: (share) => next() < share,
  };
}
