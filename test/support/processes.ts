/** Live processes as Linux tells of them: what a test may find left behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** False where processes cannot be looked into. */
export const CAN_SEE_PROCESSES = existsSync('/proc/self/environ');

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** When it started, in the kernel's count: a number that comes again belongs to another process. */
  readonly startedAt: string;
  readonly argv: readonly string[];
  /** `NAME=value`. */
  readonly environment: readonly string[];
}

function look(pid: number): Process | undefined {
  try {
    const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
    const stat = read('stat');
    // The program's name stands in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent] = fields;
    // A zombie has ended; that nobody asked for its exit code is its parent's affair.
    if (state === 'Z' || state === 'X') return undefined;
    const words = (name: string) => read(name).split('\0').slice(0, -1);
    return {
      pid,
      parent: Number(parent),
      startedAt: fields[19] ?? '',
      argv: words('cmdline'),
      environment: words('environ'),
    };
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return undefined;
  }
}

/** Every process that this user may look into. */
export function listProcesses(): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (look(Number(name)) ?? []) : []));
}

/** What a process has started, and what that has started. */
export function descendantsOf(pid: number): readonly Process[] {
  const all = listProcesses();
  const below = (parent: number): readonly Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

/** A process in one line for messages: without its environment, which may hold what logs must not. */
export function describeProcess({ pid, argv }: Process): string {
  return `${pid} ${argv.join(' ')}`;
}

/** Those of the processes that still live, one line each. */
export function survivorsOf(processes: readonly Process[]): readonly string[] {
  return processes.filter(({ pid, startedAt }) => look(pid)?.startedAt === startedAt).map(describeProcess);
}
