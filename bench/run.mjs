// `npm run bench -- <name> [--json]`: one bench, as a table or as one JSON document.
import { readdirSync } from 'node:fs';

const [name, ...flags] = process.argv.slice(2);
const benches = readdirSync(new URL('.', import.meta.url))
  .map((file) => file.replace(/\.mjs$/, ''))
  .filter((file) => !['run', 'measure'].includes(file));
if (name === undefined || !benches.includes(name)) {
  process.stderr.write(`There is no bench ${JSON.stringify(name ?? '')}; there is ${benches.join(', ')}.\n`);
  process.exit(2);
}
const { run } = await import(`./${name}.mjs`);
const result = await run();
if (flags.includes('--json')) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
} else {
  process.stdout.write(`${result.bench}: n = ${result.n}, ${result.machine}\n`);
  for (const { subject, median, p95, unit, ratio } of result.rows)
    process.stdout.write(
      `${subject.padEnd(36)} median ${median} ${unit}  p95 ${p95} ${unit}  ratio ${ratio}\n`,
    );
}
