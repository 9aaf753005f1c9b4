import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Argv } from '../../src/project/index.ts';

/** The path of a fixture program. */
export const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/launch/${name}`, import.meta.url));

/** How to run a fixture program with this Node. */
export const node = (name: string, ...args: string[]): Argv => [process.execPath, fixture(name), ...args];

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** True while a process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' || !/\) [ZX] /.test(stat);
}

/** The processes that a launcher with this id has started, as far as /proc shows them. */
export function findBySession(sessionId: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && read(`/proc/${pid}/environ`).includes(`MIRASTACK_DEV_SESSION=${sessionId}.`));
}

/** The pids that fixture programs said, each as a line `pid=<n>`. */
export function saidPids(lines: readonly string[]): number[] {
  return lines.flatMap((line) => /^pid=(\d+)$/.exec(line)?.[1] ?? []).map(Number);
}
