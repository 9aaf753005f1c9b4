import { ActionError } from '../lib/action-error.ts';

const MAX_NUMBERS = 10_000;

/** What a list of numbers looks like. A type, not an interface, so that it counts as JSON output. */
export type Summary = {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly median: number;
  /** Of the whole population: divided by count. */
  readonly stddev: number;
  /** How many numbers lie above the threshold; 0 without one. */
  readonly outliers: number;
};

export interface SummaryOptions {
  /** Decimals that results are rounded to. */
  readonly precision: number;
  readonly threshold: number | undefined;
}

/** The numbers of a param, which is a JSON list. */
export function parseNumbers(text: string): readonly number[] {
  const fault = new ActionError('numbers must be a JSON list of numbers, for example [1, 2.5, 3]');
  let numbers: unknown;
  try {
    numbers = JSON.parse(text);
  } catch {
    throw fault;
  }
  if (!Array.isArray(numbers) || !numbers.every((item) => Number.isFinite(item))) throw fault;
  if (numbers.length === 0) throw new ActionError('numbers must hold at least one number');
  if (numbers.length > MAX_NUMBERS) throw new ActionError(`numbers must hold at most ${MAX_NUMBERS} numbers`);
  return numbers;
}

/** Computes the summary of at least one number. */
export function summarise(numbers: readonly number[], { precision, threshold }: SummaryOptions): Summary {
  const round = (value: number) => Number(value.toFixed(precision));
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const median = (at(Math.floor((count - 1) / 2)) + at(Math.floor(count / 2))) / 2;
  return {
    count,
    min: round(at(0)),
    max: round(at(count - 1)),
    mean: round(mean),
    median: round(median),
    stddev: round(Math.sqrt(variance)),
    outliers: threshold === undefined ? 0 : sorted.filter((value) => value > threshold).length,
  };
}

/** Throws unless a summary that is known in advance comes out right. */
export function checkArithmetic(): void {
  const expected = { count: 4, min: 2, max: 8, mean: 5, median: 5, stddev: 2.236068, outliers: 1 };
  const actual = summarise([8, 2, 6, 4], { precision: 6, threshold: 7 });
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`the self-check failed: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }
}
