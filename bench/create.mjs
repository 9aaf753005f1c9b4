// How long it takes to make a project, and how much memory: ours from the packed tarball, beside an empty Node and the
// creators of other projects; and what each makes `npx` fetch. Nothing is installed, no repository is made.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOurs, installPeer } from './lab/creators.mjs';
import { compare, machine, rotated } from './lab/rows.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 31);
const USAGE_ROUNDS = Math.max(10, Math.ceil(ROUNDS / 2));
const EXIT_USAGE = fileURLToPath(new URL('subjects/exit-usage.cjs', import.meta.url));
const MIB = 1_024 ** 2;

const BASE = 'node -e 0';

/** Runs a subject once in a folder of its own. Each but Node alone must have made a project there. */
function runOnce(name, args, folder, env = {}) {
  const place = mkdtempSync(join(folder, 'place-'));
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: place,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const tookMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  if (!name.startsWith(BASE) && readdirSync(place).length !== 1) throw new Error(`${name} made no project`);
  rmSync(place, { recursive: true });
  return tookMs;
}

/** Highest resident memory and CPU time, as the process itself knows them at its end. */
function usageOf(name, args, folder) {
  const file = join(folder, 'usage');
  runOnce(name, ['--require', EXIT_USAGE, ...args], folder, { USAGE_FILE: file });
  const { peakKib, cpuUs } = JSON.parse(readFileSync(file, 'utf8'));
  return { peakMib: peakKib / 1_024, cpuMs: cpuUs / 1_000 };
}

function collect(subjects, rounds, sample) {
  const samples = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, args] of rotated(Object.entries(subjects), round))
      samples[name].push(sample(name, args));
  return samples;
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'mirastack-bench-'));
  try {
    const ours = installOurs(folder);
    const vite = installPeer('create-vite', '9.3.0', 'index.js');
    const astro = installPeer('create-astro', '5.2.4', 'create-astro.mjs');
    const grafana = installPeer('@grafana/create-plugin', '7.1.7', 'dist/bin/run.js');
    const flags = ['my-agent', '--yes', '--no-git', '--no-install'];
    const subjects = {
      [BASE]: ['-e', '0'],
      [`${BASE} (A/A)`]: ['-e', '0'],
      'ours, TypeScript': [ours.program, ...flags],
      'ours, Go': [ours.program, ...flags, '--language', 'go'],
      'ours, Python': [ours.program, ...flags, '--language', 'python'],
      'create-vite, vanilla-ts': [
        vite.program,
        ...['my-app', '--template', 'vanilla-ts', '--no-interactive', '--no-immediate'],
      ],
      // create-astro fetches its template from the network, so it is weighed only.
      '@grafana/create-plugin, panel': [
        grafana.program,
        ...[
          'generate',
          '--plugin-type',
          'panel',
          '--plugin-name',
          'bench',
          '--org-name',
          'acme',
          '--no-backend',
        ],
      ],
    };
    // What is on the disk is in memory from here on, for all alike.
    collect(subjects, 2, (name, args) => runOnce(name, args, folder));
    const times = collect(subjects, ROUNDS, (name, args) => runOnce(name, args, folder));
    const usages = collect(subjects, USAGE_ROUNDS, (name, args) => usageOf(name, args, folder));
    const pick = (field) =>
      Object.fromEntries(Object.entries(usages).map(([name, list]) => [name, list.map((one) => one[field])]));
    const weights = { ours, 'create-vite': vite, 'create-astro': astro, '@grafana/create-plugin': grafana };
    const weightRow = (subject, value, unit) => ({ subject, median: value, p95: value, unit, ratio: null });
    const rows = [
      ...compare(times, 'ms', (subject) => `time: ${subject}`),
      ...compare(pick('cpuMs'), 'ms', (subject) => `CPU time: ${subject}`),
      ...compare(pick('peakMib'), 'MiB', (subject) => `peak memory: ${subject}`),
      ...Object.entries(weights).flatMap(([name, { packages, bytes }]) => [
        weightRow(`fetched by npx: ${name}`, packages, packages === 1 ? 'package' : 'packages'),
        weightRow(`unpacked: ${name}`, Number((bytes / MIB).toFixed(2)), 'MiB'),
      ]),
    ];
    return { bench: 'create', n: ROUNDS, machine: machine(), rows };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
