import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program under test and every line it wrote. */
export interface Child {
  readonly process: ChildProcess;
  readonly stdout: string[];
  readonly stderr: string[];
  /** Resolves with the code, or the signal, it ended with; both streams are read to their end by then. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** The first line of stdout, past or to come, for which `pick` gives a value. Rejects when the program ends first. */
  line<T>(pick: (line: string) => T | undefined): Promise<T>;
  /** Sends SIGTERM, unless it ended already, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** Starts a program; stdin is a pipe that stays open. */
export function startChild(
  command: string,
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): Child {
  const child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
  const stdout: string[] = [];
  const stderr: string[] = [];
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of [...listeners]) listener();
  };
  let ended = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout.push(line);
    notify();
  });
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
  const exited = once(child, 'close').then(([code, signal]) => {
    ended = true;
    notify();
    return (code ?? signal) as number | NodeJS.Signals;
  });
  return {
    process: child,
    stdout,
    stderr,
    exited,
    line: (pick) =>
      new Promise((resolve, reject) => {
        const check = () => {
          for (const line of stdout) {
            const value = pick(line);
            if (value === undefined) continue;
            listeners.delete(check);
            resolve(value);
            return;
          }
          if (!ended) return;
          listeners.delete(check);
          reject(new Error(`${command} ended first; stderr:\n${stderr.join('\n')}`));
        };
        listeners.add(check);
        check();
      }),
    stop: (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

/** Reads `MIRASTACK_PLUGIN_PORT=<n>`. */
export function portLine(line: string): number | undefined {
  const port = /^MIRASTACK_PLUGIN_PORT=(\d+)$/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}
