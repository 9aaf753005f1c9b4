// Execute over loopback from one grpc-go client: calls a second and CPU time a call, our runtime against a
// bare grpc-js server that only parses and prints the same JSON, with the Go SDK's stand-in and, where the
// tests have installed it, the real Python SDK behind its mend beside.
import { join } from 'node:path';
import { ROOT } from '../scripts/steps.mjs';
import { buildGo, findPythonSdk, MEND_FOLDER, makeProject } from './lab/programs.mjs';
import { compare, machine, rotated } from './lab/rows.mjs';
import { launch, startClient } from './lab/subject.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 30);
/** Short, so that what disturbs the machine for a second disturbs all subjects. */
const SLICE_MS = 200;
const WARM_UP_MS = 1_500;
const CELLS = [1_024, 65_536].flatMap((size) => [1, 16, 128].map((concurrency) => ({ size, concurrency })));

const BASE = 'bare grpc-js server';
const OURS = 'our runtime';

export async function run() {
  const clientProgram = buildGo('client');
  if (clientProgram === undefined) throw new Error('this bench needs Go: its client is a grpc-go program');
  const project = makeProject();
  const client = startClient(clientProgram);
  const subjects = {};
  try {
    const node = (name) => launch(process.execPath, [join(project.folder, 'subjects', name)], { ipc: true });
    subjects[BASE] = await node('bare-server.mjs');
    subjects[`${BASE} (A/A)`] = await node('bare-server.mjs');
    subjects[OURS] = await node('agent.mjs');
    subjects['Go SDK (stand-in)'] = await launch(buildGo('agent'), []);
    const python = findPythonSdk();
    if (python !== undefined)
      subjects['Python SDK, mended'] = await launch(python, [join(ROOT, 'bench/subjects/python/agent.py')], {
        env: { PYTHONPATH: MEND_FOLDER, PYTHONDONTWRITEBYTECODE: '1' },
      });
    const samples = await collect(client, subjects);
    const rows = CELLS.flatMap((cell) => {
      const { throughput, cpu } = samples.get(cell);
      const label = (what) => (subject) =>
        `${cell.size / 1_024} KiB, c=${cell.concurrency}, ${what}: ${subject}`;
      return [
        ...compare(throughput, 'calls/s', label('throughput')),
        ...compare(cpu, 'µs/call', label('CPU')),
      ];
    });
    return { bench: 'execute', n: ROUNDS, machine: machine(), rows };
  } finally {
    client.stop();
    await Promise.all(Object.values(subjects).map((subject) => subject.stop()));
    project.remove();
  }
}

async function collect(client, subjects) {
  const all = Object.entries(subjects);
  const none = () => Object.fromEntries(all.map(([name]) => [name, []]));
  const samples = new Map(CELLS.map((cell) => [cell, { throughput: none(), cpu: none() }]));
  for (const [, { address }] of all)
    for (const cell of CELLS) await client.load({ ...cell, address, millis: WARM_UP_MS });
  for (let round = 0; round < ROUNDS; round++)
    for (const cell of CELLS)
      for (const [name, subject] of rotated(all, round)) {
        const before = await subject.usage();
        const { calls, seconds } = await client.load({ ...cell, address: subject.address, millis: SLICE_MS });
        const after = await subject.usage();
        const { throughput, cpu } = samples.get(cell);
        throughput[name].push(calls / seconds);
        cpu[name].push((after.cpuUs - before.cpuUs) / calls);
      }
  return samples;
}
