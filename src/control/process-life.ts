import { readFileSync } from 'node:fs';
import { systemCode } from '../support/errors.ts';

interface Stat {
  readonly state: string;
  readonly start: string;
}

/** State and start of a process as Linux tells them; undefined where there is no /proc or no such process. */
function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before these fields may hold spaces and parentheses of its own.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0], fields[19]];
    return state === undefined || start === undefined ? undefined : { state, start };
  } catch {
    return undefined;
  }
}

/** When a process started, as a text that only compares; null where the system does not tell. */
export const processStart = (pid: number): string | null => readStat(pid)?.start ?? null;

/**
 * Whether this very process still runs. A number that went to another process since, which its start
 * gives away, counts as gone; so does a dead process that nobody has collected.
 */
export function isRunning(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if (systemCode(error) !== 'EPERM') return false;
  }
  const stat = readStat(pid);
  if (stat === undefined) return true;
  return stat.state !== 'Z' && stat.state !== 'X' && (start === null || stat.start === start);
}
