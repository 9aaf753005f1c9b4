// `npm run bench -- <name> [--json]`: one bench, as a table or as one JSON document.
import { readdirSync } from 'node:fs';

const [name, ...flags] = process.argv.slice(2);
const benches = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.replace(/\.mjs$/, ''))
  .filter((file) => !['run', 'measure'].includes(file));
if (name === undefined || !benches.includes(name)) {
  process.stderr.write(`There is no bench ${JSON.stringify(name ?? '')}; there is ${benches.join(', ')}.\n`);
  process.exit(2);
}

/** A ratio that two equal subjects also reach says nothing about which is better. */
function ratioText({ ratio, aa }) {
  if (ratio === null) return '';
  if (aa === undefined) return `ratio ${ratio}`;
  const [low, high] = aa;
  return `ratio ${ratio}${ratio !== 1 && ratio >= low && ratio <= high ? ` inconclusive (A/A ${low}–${high})` : ''}`;
}

const { run } = await import(`./${name}.mjs`);
const result = await run();
if (flags.includes('--json')) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
} else {
  process.stdout.write(`${result.bench}: n = ${result.n}, ${result.machine}\n`);
  const width = Math.max(36, ...result.rows.map(({ subject }) => subject.length));
  for (const row of result.rows)
    process.stdout.write(
      `${row.subject.padEnd(width)} median ${row.median} ${row.unit}  p95 ${row.p95} ${row.unit}  ${ratioText(row)}`.trimEnd() +
        '\n',
    );
}
