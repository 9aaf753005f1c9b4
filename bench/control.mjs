// How long commands on a running engine take, against a Node that does nothing: `list --json`, and `invoke` of a
// trivial action. What `invoke` takes above `list` is measured round by round, so that a slow moment counts for both.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../scripts/steps.mjs';
import { compare, machine, median, quantile, rotated } from './lab/rows.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 31);
const TOOLKIT = join(ROOT, 'bin/mirastack-agent.js');

const BASE = 'node -e 0';
const LIST = 'mirastack-agent list --json';
const INVOKE = 'mirastack-agent invoke nothing --json';
const rounded = (ms) => Number(ms.toFixed(1));

const INFO = {
  name: 'bench_agent',
  version: '1.0.0',
  description: 'Answers at once',
  permission: 'READ',
  devopsStages: ['observe'],
  actions: [
    {
      id: 'nothing',
      description: 'Do nothing. Use this when you measure.',
      permission: 'READ',
      stages: ['observe'],
    },
  ],
};

/** The runtime as it is built; the engine runs in a process of its own, as users have it. */
async function startAgent(env) {
  const runtime = await import('../dist/runtime/index.js');
  return runtime.startAgent(
    {
      info: () => INFO,
      schema: () => ({ actions: INFO.actions }),
      execute: () => ({ output: {} }),
      healthCheck: () => {},
      configUpdated: () => {},
    },
    { env, log: { info: () => {}, warn: () => {}, error: () => {} } },
  );
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'mirastack-bench-'));
  const env = { ...process.env, XDG_RUNTIME_DIR: folder };
  const options = { cwd: folder, env };
  const engine = spawn(process.execPath, [TOOLKIT, 'engine', '--ephemeral', '--json'], options);
  const [line] = await once(createInterface({ input: engine.stdout }), 'line');
  const { grpcAddr, tenantId } = JSON.parse(line);
  const agent = await startAgent({
    MIRASTACK_ENGINE_ADDR: grpcAddr,
    MIRASTACK_PLUGIN_TENANT_ID: tenantId,
    MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
  });
  /** Not blocking: the agent answers in this process. */
  const timeOf = (args) => async () => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, { ...options, stdio: 'ignore' });
    const [status] = await once(child, 'exit');
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
    return performance.now() - startedAt;
  };
  const list = () => spawnSync(process.execPath, [TOOLKIT, 'list'], { ...options, encoding: 'utf8' }).stdout;
  try {
    while (!list().includes('healthy')) await new Promise((resolve) => setTimeout(resolve, 100));
    const base = timeOf(['-e', '0']);
    const subjects = {
      [BASE]: base,
      [`${BASE} (A/A)`]: base,
      [LIST]: timeOf([TOOLKIT, 'list', '--json']),
      [INVOKE]: timeOf([TOOLKIT, 'invoke', 'nothing', '--json']),
    };
    const samples = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, sample] of rotated(Object.entries(subjects), round))
        samples[name].push(await sample());
    const above = samples[INVOKE].map((ms, round) => ms - samples[LIST][round]);
    const row = {
      median: rounded(median(above)),
      p95: rounded(quantile(above, 0.95)),
      unit: 'ms',
      ratio: null,
    };
    const rows = [...compare(samples, 'ms'), { subject: 'invoke above list', ...row }];
    return { bench: 'control', n: ROUNDS, machine: machine(), rows };
  } finally {
    await agent.stop();
    engine.kill();
    await once(engine, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}
