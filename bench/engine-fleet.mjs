// A thousand agents on one engine: how soon all are registered, what the engine costs then, how long a list of them
// takes, and how soon all are back after the engine was started anew. Base and its double are equal by design: what
// is judged are the absolute values.
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMsOf, memoryOf, startEngineProgram, startProgram } from './lab/engine.mjs';
import { buildGo } from './lab/programs.mjs';
import { compare, machine, median, quantile } from './lab/rows.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);
const COUNT = Number(process.env.BENCH_AGENTS ?? 1_000);
/** More than one heartbeat of each agent. */
const HOLD_MS = 6_000;
const LISTS = 20;
const MANY_MS = 60_000;

const WHAT = {
  coldMs: ['all registered after a cold start', 'ms'],
  cpuMs: ['CPU time of the engine until then', 'ms'],
  rssMiB: ['resident memory of the engine after 6 s of heartbeats', 'MiB'],
  peakMiB: ['highest resident memory of the engine', 'MiB'],
  listMs: ['list of all agents through the control API, median of 20', 'ms'],
  slowestListMs: ['list of all agents through the control API, slowest of 20', 'ms'],
  backP50Ms: ['back after the old engine ended, median agent', 'ms'],
  backP99Ms: ['back after the old engine ended, 99th percentile of agents', 'ms'],
};

/** Waits until every agent has one accepted registration after a moment; gives the milliseconds each took. */
async function allRegistered(fleet, sinceMs) {
  const times = await fleet.until((lines) => {
    const accepted = new Map();
    for (const { agent, atMs, error } of lines)
      if (agent >= 0 && error === undefined && atMs >= sinceMs && !accepted.has(agent))
        accepted.set(agent, atMs - sinceMs);
    return accepted.size === COUNT ? accepted : undefined;
  }, MANY_MS);
  return [...times.values()];
}

const startFleet = (program, engine, interval) =>
  startProgram(program, [
    ...['-engine', engine.address, '-tenant', engine.tenantId],
    ...['-count', String(COUNT), '-interval', interval],
  ]);

/** A cold start: the listeners stand, the engine listens, and then all come at once. */
async function coldStart(program) {
  const engine = await startEngineProgram();
  const fleet = startFleet(program, engine, '5s');
  try {
    const begun = await fleet.until(([first]) => first?.atMs, MANY_MS);
    const coldMs = Math.max(...(await allRegistered(fleet, begun)));
    const cpuMs = cpuMsOf(engine.pid);
    await sleep(HOLD_MS);
    const { rss, peak } = memoryOf(engine.pid);
    const lists = [];
    for (let index = 0; index < LISTS; index++) {
      const { agents, ms } = await engine.list();
      if (agents.length !== COUNT) throw new Error(`the engine lists ${agents.length} of ${COUNT} agents`);
      lists.push(ms);
    }
    return {
      coldMs,
      rssMiB: rss,
      peakMiB: peak,
      listMs: median(lists),
      slowestListMs: Math.max(...lists),
      cpuMs,
    };
  } finally {
    await fleet.stop('SIGKILL');
    await engine.stop();
  }
}

/** An engine that ends and comes back at the same address, and agents that beat every 2 s. */
async function restart(program) {
  const first = await startEngineProgram();
  const fleet = startFleet(program, first, '2s');
  let second;
  try {
    const begun = await fleet.until(([line]) => line?.atMs, MANY_MS);
    await allRegistered(fleet, begun);
    await sleep(2_000);
    await first.stop();
    // From here on nobody answers: the start of the new engine counts.
    const goneAt = Date.now();
    second = await startEngineProgram({ listen: first.address, tenantId: first.tenantId });
    const times = await allRegistered(fleet, goneAt);
    return { backP50Ms: quantile(times, 0.5), backP99Ms: quantile(times, 0.99) };
  } finally {
    await fleet.stop('SIGKILL');
    await second?.stop();
  }
}

export async function run() {
  const program = buildGo('fleet');
  if (program === undefined) throw new Error('this bench needs Go: its agents are a grpc-go program');
  const subjects = ['the engine', 'the engine (A/A)'];
  const samples = new Map(
    Object.keys(WHAT).map((what) => [what, Object.fromEntries(subjects.map((subject) => [subject, []]))]),
  );
  for (let round = 0; round < ROUNDS; round++)
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const seen = { ...(await coldStart(program)), ...(await restart(program)) };
      if (process.env.BENCH_VERBOSE) process.stderr.write(`${subject}: ${JSON.stringify(seen)}\n`);
      for (const [what, value] of Object.entries(seen)) samples.get(what)[subject].push(value);
    }
  const rows = [...samples].flatMap(([what, values]) => {
    const [text, unit] = WHAT[what];
    return compare(values, unit, (subject) => `${COUNT} agents, ${text}: ${subject}`);
  });
  return { bench: 'engine-fleet', n: ROUNDS, machine: machine(), rows };
}
