// Parsing 1,000 prompt templates of 2 KB: ours, with Go's own parser as the base, in one run.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { ROOT } from '../scripts/steps.mjs';
import { compare, machine, rotated } from './lab/rows.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 30);
const WARM_UP_ROUNDS = 5;
const TEMPLATES = 1_000;
const BYTES = 2_048;

const BASE = "Go's text/template";
const OURS = 'our parser';

/** What prompts are made of; a digit sign stands for a number that differs from template to template. */
const PARTS = [
  'You look at the service {{.service}} in {{.cluster.name | printf "%q"}}.\nAnswer in at most # sentences.\n',
  '{{range $i, $item := .items}}{{$i}}. {{$item.name}}: {{printf "%.2f" $item.value}}\n{{else}}No items.\n{{end}}',
  '{{if and .error (gt (len .error.message) #)}}The last call failed: {{.error.message}}{{else if .warning}}{{.warning}}{{end}}\n',
  '{{- /* shown only to the approver */ -}}\n{{with $x := .approval.reason_#}}Reason: {{$x}}{{else}}No reason given.{{end}}\n',
  'Give numbers with their unit, name the time range, and never guess a value that is not in the data.\n',
  '{{$limit := #}}{{range .series}}{{if ge .points $limit}}{{.name}} has {{.points}} points{{break}}{{end}}{{end}}\n',
  '{{template "footer" .}}{{index .labels "team_#"}} {{slice .trace 0 8}} {{eq .kind "log" "trace"}}\n',
];

function makeTemplate(number) {
  let text = '';
  let size = 0;
  for (let at = number; size < BYTES; at++) {
    const part = PARTS[at % PARTS.length].replaceAll('#', String(number + at));
    text += part;
    size += Buffer.byteLength(part);
  }
  return text;
}

/** The room as the programs have it: bundled. */
async function loadRoom(folder) {
  const bundle = await rolldown({ input: join(ROOT, 'src/gotemplate/index.ts'), platform: 'node' });
  const file = join(folder, 'gotemplate.mjs');
  await bundle.write({ format: 'esm', file });
  await bundle.close();
  return import(pathToFileURL(file).href);
}

/** A running Go program that parses them all each time it is asked, and says how many milliseconds that took. */
function startGo(texts) {
  const program = join(ROOT, '.cache/bench/gotemplate-judge');
  mkdirSync(join(ROOT, '.cache/bench'), { recursive: true });
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: join(ROOT, 'test/gotemplate/judge'),
    stdio: 'pipe',
  });
  const child = spawn(program, ['time'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(texts)}\n`);
  return {
    sample: async () => {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('the Go program ended');
      return Number(value);
    },
    stop: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'mirastack-bench-'));
  const texts = Array.from({ length: TEMPLATES }, (_, number) => makeTemplate(number));
  const go = startGo(texts);
  try {
    const { parseTemplate } = await loadRoom(folder);
    const ours = () => {
      const startedAt = performance.now();
      for (const text of texts) if (!parseTemplate('t', text).ok) throw new Error('a template was refused');
      return performance.now() - startedAt;
    };
    const subjects = { [BASE]: go.sample, [`${BASE} (A/A)`]: go.sample, [OURS]: ours };
    const samples = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++)
      for (const [name, sample] of rotated(Object.entries(subjects), round + WARM_UP_ROUNDS)) {
        const value = await sample();
        if (round >= 0) samples[name].push(value);
      }
    return { bench: 'gotemplate', n: ROUNDS, machine: machine(), rows: compare(samples, 'ms') };
  } finally {
    await go.stop();
    rmSync(folder, { recursive: true });
  }
}
