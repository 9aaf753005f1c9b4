// How long commands on a running engine take, against a Node that does nothing: `list --json`, and `invoke` of a
// trivial action.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../scripts/steps.mjs';
import { measure } from './measure.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 31);
const TOOLKIT = join(ROOT, 'bin/mirastack-agent.js');

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
    return await measure('control', ROUNDS, {
      'node -e 0': timeOf(['-e', '0']),
      'mirastack-agent list --json': timeOf([TOOLKIT, 'list', '--json']),
      'mirastack-agent invoke nothing --json': timeOf([TOOLKIT, 'invoke', 'nothing', '--json']),
    });
  } finally {
    await agent.stop();
    engine.kill();
    await once(engine, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}
