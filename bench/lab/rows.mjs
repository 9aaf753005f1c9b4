// From samples to the rows of a bench: every ratio is the median of the ratios of single rounds.
import { arch, cpus, platform } from 'node:os';

/** The value below which `share` of the sorted values lie. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export const median = (values) => quantile(values, 0.5);

const rounded = (value) => Number(value.toPrecision(4));

/**
 * Between which two of `n` sorted values the true median lies with 95 % confidence, as indexes: the order
 * statistics that the binomial distribution gives.
 */
function medianInterval(n) {
  let term = 0.5 ** n;
  let tail = term;
  let outside = 0;
  while (2 * tail <= 0.05) {
    outside++;
    term *= (n - outside + 1) / outside;
    tail += term;
  }
  const low = Math.max(0, outside - 1);
  return [low, n - 1 - low];
}

/**
 * Rows of subjects that were measured side by side: sample i of each stems from round i.
 * @param samples subject -> its values; the first is the base, the second its double, which shows how far the
 *   ratio of two equal subjects lies from 1: the 95 % interval of its median stands in each row as `aa`
 * @param label puts the subject into words
 */
export function compare(samples, unit, label = (subject) => subject) {
  const [[, base], [, double]] = Object.entries(samples);
  const ratiosOf = (values) => values.map((value, round) => value / base[round]);
  const ofDouble = ratiosOf(double).sort((a, b) => a - b);
  const aa = medianInterval(ofDouble.length).map((index) => Number(ofDouble[index].toFixed(3)));
  return Object.entries(samples).map(([subject, values]) => ({
    subject: label(subject),
    median: rounded(median(values)),
    p95: rounded(quantile(values, 0.95)),
    unit,
    ratio: Number(median(ratiosOf(values)).toFixed(3)),
    aa,
  }));
}

/** The machine as benches name it. */
export const machine = () => `${platform()} ${arch()}, ${cpus().length} cores, Node ${process.version}`;

/** The subjects in an order that moves on by one each round, so that none always follows the same one. */
export function rotated(list, round) {
  const start = round % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
