/** A place where programs are tried out: folders and processes of its own, nothing of which stays. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import { CAN_SEE_PROCESSES, listProcesses, type Process } from './processes.ts';

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

/** How a program ended, and everything it said. */
export interface Outcome {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workplace {
  /** Absolute, without links. */
  readonly folder: string;
  /** Where the session files of engines started here are. */
  readonly sessions: string;
  /** Makes a folder of that name, or one with a name of its own. */
  makeFolder(name?: string): string;
  /** Starts a Node program; it is killed by `close` at the latest. */
  start(script: string, args?: readonly string[], options?: StartOptions): Child;
  /** Starts any other program. */
  spawn(command: string, args: readonly string[], options?: StartOptions): Child;
  /** Live processes that were started here, or by such, and have kept its environment. Linux only. */
  processes(): readonly Process[];
  /** Runs a Node program, with nothing on stdin, until it ends. */
  run(script: string, args?: readonly string[], options?: StartOptions): Promise<Outcome>;
  close(): Promise<void>;
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

export function createWorkplace(): Workplace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-e2e-')));
  const runtimeFolder = join(folder, 'runtime');
  mkdirSync(runtimeFolder, { mode: 0o700 });
  const children = new Set<Child>();
  let folders = 0;
  const spawn: Workplace['spawn'] = (command, args, { cwd = folder, env } = {}) => {
    // Session files of its own: tests of other files, and a developer's engines, are not seen.
    const child = startChild(command, args, { cwd, env: { XDG_RUNTIME_DIR: runtimeFolder, ...env } });
    children.add(child);
    void child.exited.then(() => children.delete(child));
    return child;
  };
  const start: Workplace['start'] = (script, args = [], options) =>
    spawn(process.execPath, [script, ...args], options);
  const processes = () =>
    listProcesses().filter(({ environment }) => environment.includes(`XDG_RUNTIME_DIR=${runtimeFolder}`));
  return {
    folder,
    processes,
    sessions: join(runtimeFolder, 'mirastack'),
    makeFolder(name) {
      folders += 1;
      const path = join(folder, name ?? `folder-${folders}`);
      mkdirSync(path, { recursive: true });
      return path;
    },
    start,
    spawn,
    async run(script, args, options) {
      const child = start(script, args, options);
      child.process.stdin?.end();
      const code = await child.exited;
      const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
      return { code, stdout: text(child.stdout), stderr: text(child.stderr) };
    },
    async close() {
      await Promise.all([...children].map((child) => child.stop('SIGKILL')));
      // A net under tests that fail because something was left.
      if (CAN_SEE_PROCESSES) for (const { pid } of processes()) sendKill(pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
