// What one hostile agent can do to the others: their 99th percentile with and without it, and the engine's memory.
// The others are an agent that calls another through the engine, and one that uses the cache, each on a schedule.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleSubject, cpuMsOf, memoryOf, startEngineProcess, startProgram } from './lab/engine.mjs';
import { buildGo } from './lab/programs.mjs';
import { compare, machine, median, quantile } from './lab/rows.mjs';
import { launch } from './lab/subject.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);
const SLICE_MS = 4_000;
const PER_SECOND = 150;
/** The hostile agent is at full strength when the measurement begins. */
const RUN_UP_MS = 2_000;
const TENANT_ID = '824a1531-d24a-549c-8003-23b0f2d206cd';

const WITHOUT = 'without it';
const DOUBLE = 'without it (A/A)';
const WITH = 'with a hostile agent at 20 % of a core';
const LOADS = { callPlugin: 'CallPlugin', cache: 'CacheSet and CacheGet' };

/** Makes the kernel forget the highest memory so far. */
const forgetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, '5');

async function measureRound(programs, script) {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'mirastack-bench-state-'));
  const engine = startEngineProcess(script);
  const caller = startEngineProcess(script);
  let agent;
  let hostile;
  try {
    const { address } = await engine.order('start', { tenantIds: [TENANT_ID], stateDirectory });
    await caller.order('tenant', { tenantId: TENANT_ID });
    agent = await launch(programs.agent, [], {
      env: { MIRASTACK_ENGINE_ADDR: address, MIRASTACK_PLUGIN_TENANT_ID: TENANT_ID },
    });
    hostile = startProgram(programs.hostile, ['-engine', address, '-tenant', TENANT_ID]);
    await hostile.until(([ready]) => ready, 30_000);
    const say = (word) => {
      hostile.child.stdin.write(`${word}\n`);
      return hostile.until((lines) => lines.find((line) => line.word === word), 10_000);
    };
    for (;;) {
      const { agents } = await engine.order('agents');
      if (agents.some(({ name }) => name === 'bench_agent')) break;
      await sleep(50);
    }
    const slice = async (millis) => {
      const seen = {};
      for (const kind of Object.keys(LOADS)) {
        const { latencies } = await caller.order('load', {
          kind,
          address,
          size: 1_024,
          perSecond: PER_SECOND,
          millis,
        });
        seen[kind] = quantile(latencies, 0.99);
      }
      return seen;
    };
    await slice(1_500);
    const p99 = {};
    const peak = {};
    for (const subject of [WITHOUT, DOUBLE, WITH]) {
      if (subject === WITH) {
        await say('on');
        await sleep(RUN_UP_MS);
      }
      if (subject === DOUBLE) forgetPeak(engine.pid);
      const cpu = cpuMsOf(engine.pid);
      p99[subject] = await slice(SLICE_MS);
      peak[subject] = memoryOf(engine.pid).peak;
      if (process.env.BENCH_VERBOSE)
        process.stderr.write(`${subject}: engine CPU ${cpuMsOf(engine.pid) - cpu} ms\n`);
    }
    const { share, counts } = await say('off');
    const seen = {
      p99,
      grown: { [DOUBLE]: peak[DOUBLE] - peak[WITHOUT], [WITH]: peak[WITH] - peak[DOUBLE] },
      share,
    };
    if (process.env.BENCH_VERBOSE) process.stderr.write(`${JSON.stringify({ ...seen, peak, counts })}\n`);
    return seen;
  } finally {
    await agent?.stop();
    await hostile?.stop('SIGKILL');
    await Promise.all([engine.stop(), caller.stop()]);
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

export async function run() {
  const programs = { agent: buildGo('agent'), hostile: buildGo('hostile') };
  if (programs.agent === undefined) throw new Error('this bench needs Go: its agents are grpc-go programs');
  const script = await bundleSubject('engine-process');
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound(programs, script));
  const rows = Object.entries(LOADS).flatMap(([kind, text]) => {
    const samples = Object.fromEntries(
      [WITHOUT, DOUBLE, WITH].map((subject) => [subject, rounds.map(({ p99 }) => p99[subject][kind])]),
    );
    return compare(samples, 'ms', (subject) => `99th percentile of ${text}: ${subject}`);
  });
  const absolute = (subject, values, unit) => ({
    subject,
    median: Number(median(values).toPrecision(4)),
    p95: Number(quantile(values, 0.95).toPrecision(4)),
    unit,
    ratio: null,
  });
  for (const subject of [DOUBLE, WITH])
    rows.push(
      absolute(
        `growth of the engine's memory: ${subject}`,
        rounds.map(({ grown }) => grown[subject]),
        'MiB',
      ),
    );
  rows.push(
    absolute(
      'CPU that the hostile agent took',
      rounds.map(({ share }) => share * 100),
      '% of a core',
    ),
  );
  return { bench: 'engine-hostile', n: ROUNDS, machine: machine(), rows };
}
