// How every bench measures: subjects interleaved in one run, each ratio to the base beside an A/A ratio.
import { arch, cpus, platform } from 'node:os';

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/**
 * Runs every subject `n` times, one after the other in each round, so that what disturbs the machine disturbs all.
 * @param subjects name -> function that takes one sample and returns milliseconds; the first is the base, and is
 *   measured twice a round: its second row is the A/A ratio that no claim may hide in
 */
export async function measure(bench, n, subjects) {
  const [[baseName, baseSample]] = Object.entries(subjects);
  const all = { ...subjects, [`${baseName} (A/A)`]: baseSample };
  const samples = new Map(Object.keys(all).map((name) => [name, []]));
  for (let round = 0; round < n; round++)
    for (const [name, sample] of Object.entries(all)) samples.get(name).push(await sample());
  const sorted = (name) => [...samples.get(name)].sort((a, b) => a - b);
  const base = quantile(sorted(baseName), 0.5);
  const rows = Object.keys(all).map((subject) => {
    const values = sorted(subject);
    const median = quantile(values, 0.5);
    return {
      subject,
      median: Number(median.toFixed(2)),
      p95: Number(quantile(values, 0.95).toFixed(2)),
      unit: 'ms',
      ratio: Number((median / base).toFixed(2)),
    };
  });
  const machine = `${platform()} ${arch()}, ${cpus().length} cores, Node ${process.version}`;
  return { bench, n, machine, rows };
}
