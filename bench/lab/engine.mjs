// Engines under test: the program as users start it, and a process that does with the engine's rooms what a bench asks.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rolldown } from 'rolldown';
import { ROOT } from '../../scripts/steps.mjs';

/** The kernel counts the CPU time of a process in ticks of 10 ms. */
const MS_PER_TICK = 10;

/** Resident memory of a process in MiB: now, and its highest so far. */
export function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (field) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)[1]) / 1_024;
  return { rss: mebibytes('VmRSS'), peak: mebibytes('VmHWM') };
}

/** CPU time of a process so far, in milliseconds. */
export function cpuMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Starts a program that prints one JSON document a line; gives it, and a stream of its documents. */
export function startProgram(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  let talk = '';
  child.stderr?.on('data', (chunk) => {
    talk = `${talk}${chunk}`.slice(-4_000);
  });
  const exited = once(child, 'exit');
  const documents = [];
  let notify = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    documents.push(JSON.parse(line));
    notify();
  });
  return {
    child,
    documents,
    /** Waits until `done` gives a value of all documents so far. */
    async until(done, timeoutMs) {
      const endsAt = performance.now() + timeoutMs;
      for (;;) {
        const value = done(documents);
        if (value !== undefined) return value;
        if (child.exitCode !== null || performance.now() > endsAt)
          throw new Error(
            `${command} ${args.join(' ')}: not within ${timeoutMs} ms, exit ${child.exitCode}\n${talk}`,
          );
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, 100);
          notify = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}

/** `mirastack-agent engine`, as users start it; ready when its line has come. */
export async function startEngineProgram({
  listen = '127.0.0.1:0',
  tenantId = randomUUID(),
  args = [],
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mirastack-bench-engine-'));
  const program = startProgram(process.execPath, [
    join(ROOT, 'bin/mirastack-agent.js'),
    ...['engine', '--json', '--ephemeral', '--project', folder, '--listen', listen, '--tenant', tenantId],
    ...args,
  ]);
  const line = await program.until(([first]) => first, 20_000);
  const session = JSON.parse(readFileSync(line.sessionFile, 'utf8'));
  return {
    address: line.grpcAddr,
    tenantId,
    pid: line.pid,
    folder,
    /** Asks the control API for all agents; gives them and the milliseconds it took. */
    async list() {
      const startedAt = performance.now();
      const reply = await fetch(`${line.controlUrl}/api/agents`, {
        headers: { authorization: `Bearer ${session.token}` },
      });
      const { agents } = await reply.json();
      return { agents, ms: performance.now() - startedAt };
    },
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Bundles a script of bench/subjects with the rooms of `src/` that it imports, as the programs have them. */
export async function bundleSubject(name) {
  const bundle = await rolldown({
    input: join(ROOT, 'bench/subjects', `${name}.mjs`),
    platform: 'node',
    checks: { eval: false },
  });
  const dir = join(ROOT, '.cache/bench', name);
  await bundle.write({ dir, format: 'esm' });
  await bundle.close();
  return join(dir, `${name}.js`);
}

/** Starts bench/subjects/engine-process.mjs from its bundle; `order` gives it one order and waits for the answer. */
export function startEngineProcess(script, { flags = [] } = {}) {
  const child = spawn(process.execPath, [...flags, script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  return {
    pid: child.pid,
    async order(order, fields = {}) {
      const reply = once(child, 'message');
      child.send({ order, ...fields });
      const [{ answer, failure }] = await Promise.race([
        reply,
        exited.then(([code]) => {
          throw new Error(`the engine process ended with ${code}`);
        }),
      ]);
      if (failure !== undefined) throw new Error(failure);
      return answer;
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
