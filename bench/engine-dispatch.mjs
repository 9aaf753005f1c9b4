// What the engine adds to a call. In one process: its own dispatch, with state on disk, against a client that calls
// the same agent directly. Between processes: a caller that goes through CallPlugin, against one that goes directly.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleSubject, cpuMsOf, startEngineProcess } from './lab/engine.mjs';
import { buildGo, makeProject } from './lab/programs.mjs';
import { compare, machine, rotated } from './lab/rows.mjs';
import { launch } from './lab/subject.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 30);
/** Short, so that what disturbs the machine for a second disturbs all subjects. */
const SLICE_MS = 300;
const WARM_UP_MS = 2_000;
const CONCURRENCY = 16;
const SIZE = 1_024;
const TENANT_ID = '824a1531-d24a-549c-8003-23b0f2d206cd';

/** Until the engine has probed it, an agent is not sure to be there. */
async function whenHealthy(engine) {
  for (;;) {
    const { agents } = await engine.order('agents');
    if (agents.some(({ health }) => health === 'healthy')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Samples of one agent: milliseconds of wall and of CPU time a call, by cell and subject. */
async function measureAgent(script, launchAgent) {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'mirastack-bench-state-'));
  const engine = startEngineProcess(script);
  const caller = startEngineProcess(script);
  let agent;
  try {
    const { address } = await engine.order('start', { tenantIds: [TENANT_ID], stateDirectory });
    await caller.order('tenant', { tenantId: TENANT_ID });
    agent = await launchAgent({ MIRASTACK_ENGINE_ADDR: address, MIRASTACK_PLUGIN_TENANT_ID: TENANT_ID });
    await whenHealthy(engine);
    const direct = { kind: 'direct', address: agent.address };
    const cells = {
      'in the engine': {
        'a direct client call': [engine, direct],
        'a direct client call (A/A)': [engine, direct],
        "the engine's dispatch": [engine, { kind: 'invoke' }],
      },
      'from agent to agent': {
        'a direct client call': [caller, direct],
        'a direct client call (A/A)': [caller, direct],
        'CallPlugin through the engine': [caller, { kind: 'callPlugin', address }],
      },
    };
    const processes = [engine.pid, caller.pid, agent.pid];
    const cpuMs = () => processes.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
    const measure = async ([process, order], millis) => {
      const fields = { ...order, size: SIZE, concurrency: CONCURRENCY, millis };
      const before = cpuMs();
      const { calls, seconds } = await process.order('load', fields);
      return { wall: (seconds * 1_000) / calls, cpu: (cpuMs() - before) / calls };
    };
    const samples = {};
    for (const [cell, subjects] of Object.entries(cells)) {
      const none = () => Object.fromEntries(Object.keys(subjects).map((subject) => [subject, []]));
      samples[cell] = { wall: none(), cpu: none() };
      for (const subject of Object.values(subjects)) await measure(subject, WARM_UP_MS);
    }
    for (let round = 0; round < ROUNDS; round++)
      for (const [cell, subjects] of Object.entries(cells))
        for (const [name, subject] of rotated(Object.entries(subjects), round)) {
          const { wall, cpu } = await measure(subject, SLICE_MS);
          samples[cell].wall[name].push(wall);
          samples[cell].cpu[name].push(cpu);
        }
    return samples;
  } finally {
    await agent?.stop();
    await Promise.all([engine.stop(), caller.stop()]);
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

export async function run() {
  const script = await bundleSubject('engine-process');
  const project = makeProject();
  const agents = {
    'agent on our runtime': (env) =>
      launch(process.execPath, [join(project.folder, 'subjects', 'agent.mjs')], { env }),
  };
  const goAgent = buildGo('agent');
  if (goAgent !== undefined)
    agents['agent on the stand-in of the Go SDK'] = (env) => launch(goAgent, [], { env });
  try {
    const rows = [];
    for (const [name, launchAgent] of Object.entries(agents))
      for (const [cell, { wall, cpu }] of Object.entries(await measureAgent(script, launchAgent))) {
        const label = (what) => (subject) => `${name}, c=${CONCURRENCY}, ${cell}, ${what}: ${subject}`;
        rows.push(
          ...compare(wall, 'ms/call', label('time')),
          ...compare(cpu, 'ms/call', label('CPU of all processes')),
        );
      }
    return { bench: 'engine-dispatch', n: ROUNDS, machine: machine(), rows };
  } finally {
    project.remove();
  }
}
