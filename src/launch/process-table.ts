import { readdirSync, readFileSync } from 'node:fs';

/** Every process of one launcher carries this variable, and so does what they start, in whatever session. */
export const MARKER_VARIABLE = 'MIRASTACK_DEV_SESSION';

/** Undefined where there is no /proc (macOS), which is not the same as no processes. */
function listPids(): number[] | undefined {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isSafeInteger(pid) && pid > 0 && pid !== process.pid);
  } catch {
    return undefined;
  }
}

/** Read synchronously: /proc never waits for a disk, and a thousand promises cost more than the reads. */
function readProcFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    // It ended meanwhile, or belongs to somebody else: none of ours either way.
    return '';
  }
}

/** Zombies are no members: nobody may ever reap them, and they do nothing. */
function isGroupMember(pid: number, groupId: number): boolean {
  const stat = readProcFile(pid, 'stat');
  // The program's name stands in parentheses and may contain anything, so fields count from the last one.
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(group) === groupId && state !== 'Z' && state !== 'X';
}

/** Sends a signal to a process (positive) or a group (negative); false when there is none to send it to. */
export function sendSignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

/** The live processes of one launch. */
export interface LaunchedProcesses {
  readonly members: readonly number[];
  /** Those that left the group but kept the marker. */
  readonly strays: readonly number[];
}

/** Finds what lives of a launch: its group, and whatever has exactly its marker in its environment. */
export function findLaunched(groupId: number, marker: string): LaunchedProcesses {
  const groupExists = sendSignal(-groupId, 0);
  const pids = listPids();
  if (pids === undefined) return { members: groupExists ? [groupId] : [], strays: [] };
  const entry = `${MARKER_VARIABLE}=${marker}`;
  const members = groupExists ? pids.filter((pid) => isGroupMember(pid, groupId)) : [];
  const strays = pids.filter(
    (pid) => !members.includes(pid) && readProcFile(pid, 'environ').split('\0').includes(entry),
  );
  return { members, strays };
}
