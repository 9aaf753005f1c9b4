/** Mulberry32: the same numbers from the same seed, so that a failure comes back. From 0 up to 1. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const INT64_MAX = 2n ** 63n - 1n;
export const INT64_MIN = -(2n ** 63n);
const DATE_LIMIT = 8_640_000_000_000_000n;

/** Where a calendar, a clock or a number turns over. */
export const EDGES: readonly bigint[] = [
  ...[0n, 951_782_400_000n, 253_402_300_800_000n, -62_135_596_800_000n, -62_167_219_200_000n],
  ...[1_709_164_800_000n, 1_735_603_200_000n, 4_107_542_400_000n, 9_223_372_036_855n, 2n ** 53n],
  ...[DATE_LIMIT, -DATE_LIMIT, 1_774_973_400_120n, 1_774_973_400_100n, 1_775_133_000_000n],
].flatMap((ms) => [ms - 1n, ms, ms + 1n, ms + 43_200_000n, ms + 3_600_000n]);

export const between = (random: () => number, from: Date, to: Date): bigint =>
  BigInt(Math.floor(from.getTime() + random() * (to.getTime() - from.getTime())));

/** An instant anywhere in 64 bits; half of them between the years 0 and 9999. */
export function anyInstant(random: () => number): bigint {
  if (random() < 0.5) return between(random, new Date('0000-01-01'), new Date('9999-12-31'));
  const bits = BigInt(Math.floor(random() * 64));
  const wide = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
  return BigInt.asIntN(64, wide) >> bits;
}
