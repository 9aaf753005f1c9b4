// Whether a call leaves something behind: the heap after a forced collection, at call 20,000 and at call 100,000.
import { join } from 'node:path';
import { buildGo, makeProject } from './lab/programs.mjs';
import { machine, median, quantile } from './lab/rows.mjs';
import { launch, startClient } from './lab/subject.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);
const FIRST = 20_000;
const LAST = 100_000;
const LOAD = { size: 1_024, concurrency: 16 };

const SUBJECTS = {
  'bare grpc-js server': 'bare-server.mjs',
  'bare grpc-js server (A/A)': 'bare-server.mjs',
  'our runtime': 'agent.mjs',
};

/** Bytes a call of a fresh process. */
async function sample(client, script) {
  const subject = await launch(process.execPath, ['--expose-gc', script], { ipc: true });
  try {
    const heapAfter = async (calls) => {
      await client.load({ ...LOAD, address: subject.address, calls });
      return (await subject.usage('heap')).heapBytes;
    };
    const first = await heapAfter(FIRST);
    const last = await heapAfter(LAST - FIRST);
    return (last - first) / (LAST - FIRST);
  } finally {
    await subject.stop();
  }
}

export async function run() {
  const clientProgram = buildGo('client');
  if (clientProgram === undefined) throw new Error('this bench needs Go: its client is a grpc-go program');
  const project = makeProject();
  const client = startClient(clientProgram);
  try {
    const samples = new Map(Object.keys(SUBJECTS).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, script] of Object.entries(SUBJECTS))
        samples.get(name).push(await sample(client, join(project.folder, 'subjects', script)));
    const rows = [...samples].map(([subject, values]) => ({
      subject,
      median: Number(median(values).toFixed(2)),
      p95: Number(quantile(values, 0.95).toFixed(2)),
      unit: 'bytes/call',
      // The base grows by next to nothing: a ratio to it would say nothing.
      ratio: null,
    }));
    return { bench: 'memory', n: ROUNDS, machine: machine(), rows };
  } finally {
    client.stop();
    project.remove();
  }
}
