// A server process under test: started, asked for its usage, stopped.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const PORT_LINE = /^MIRASTACK_PLUGIN_PORT=(\d+)$/;
/** The kernel counts the CPU time of a process in ticks of 10 ms. */
const US_PER_TICK = 10_000;

const ENV = {
  ...process.env,
  MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
  MIRASTACK_PLUGIN_TENANT_SLUG: 'bench',
  MIRASTACK_ENGINE_ADDR: '',
};

/** CPU time of all threads so far, in milliseconds, as the kernel counts it; undefined where it does not. */
function cpuMsOf(pid) {
  if (process.platform !== 'linux') return undefined;
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    try {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // A thread may end between the two.
    }
  return ns / 1e6;
}

/** Starts a server and gives how long it took to say its port, and how much CPU time, in milliseconds. */
export async function launch(command, args, { env = {}, ipc = false, cwd } = {}) {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc'] : [])],
  });
  let talk = '';
  child.stderr.on('data', (chunk) => {
    talk += chunk;
  });
  const exited = once(child, 'exit');
  let port;
  let startMs;
  let startCpuMs;
  const lines = createInterface({ input: child.stdout });
  const said = new Promise((resolve) => {
    lines.on('line', (line) => {
      const match = PORT_LINE.exec(line);
      if (match === null) return;
      startMs = performance.now() - startedAt;
      startCpuMs = cpuMsOf(child.pid);
      port = Number(match[1]);
      resolve();
    });
  });
  await Promise.race([
    said,
    exited.then(([code]) => {
      throw new Error(`${command} ${args.join(' ')} ended with ${code} before it said its port:\n${talk}`);
    }),
  ]);
  return {
    address: `127.0.0.1:${port}`,
    startMs,
    startCpuMs,
    pid: child.pid,
    /** CPU time so far, in microseconds, and the heap in bytes where the subject can tell. */
    async usage(question = 'cpu') {
      if (!ipc) {
        const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return { cpuUs: (Number(fields[11]) + Number(fields[12])) * US_PER_TICK };
      }
      const answer = once(child, 'message');
      child.send(question);
      return (await answer)[0];
    },
    async stop(signal = 'SIGKILL') {
      child.kill(signal);
      await exited;
    },
  };
}

/** Starts the grpc-go client; `load` gives it one order and waits for `{ calls, seconds }`. */
export function startClient(program) {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async load(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('the client ended; its reason is above');
      return JSON.parse(value);
    },
    stop() {
      child.stdin.end();
    },
  };
}
