import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Argv } from '../project/index.ts';
import { type ProcessExit, spawnFailure } from './launch-error.ts';
import { LastLines, LineSplitter } from './lines.ts';
import { MARKER_VARIABLE } from './process-table.ts';
import { Rungs } from './rungs.ts';
import type { Watchdog } from './watchdog.ts';

/** The stream a line came from. */
export type OutputStream = 'stdout' | 'stderr';

/** What to start. Secrets belong into `env`: every user of the machine can read `argv`. */
export interface SpawnOptions {
  readonly argv: Argv;
  readonly cwd: string;
  /** The whole environment; nothing is added to it but the marker. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called for every line, decoded as UTF-8 as far as it is, cut at 64 KiB, otherwise as it came. */
  readonly onLine?: ((stream: OutputStream, line: string) => void) | undefined;
}

/** What one launcher's processes have in common. */
export interface LaunchScope {
  readonly watchdog: Watchdog;
  /** The marker's value for the next launch: unique, and led by the launcher's own id. */
  nextMarker(): string;
  /** Every launch that still lives, for the launcher to end with itself. */
  readonly groups: Set<ProcessGroup>;
}

/** How long a process gets between the request to end and its end by force. */
export interface StopOptions {
  readonly graceMs: number;
}

/** A spawned process and everything it started, seen as one. */
export interface ProcessGroup {
  readonly pid: number;
  /** Resolves when nothing of it lives any more, with the end of the process that was spawned. */
  readonly exited: Promise<ProcessExit>;
  /** The newest lines so far. */
  lastLines(): readonly string[];
  /**
   * TERM to all of it, after `graceMs` KILL; resolves when nothing of it lives any more. May be called again
   * to shorten the wait.
   */
  stop(options: StopOptions): Promise<void>;
}

/** How long the pipes of an ended process may take to deliver what it printed last. */
const DRAIN_MS = 200;

/**
 * Spawns a process as the leader of its own group, marked in its environment and known to the watchdog.
 * @throws UserError `tool-missing`, `no-such-folder` or `spawn-failed` when nothing was spawned
 */
export async function spawnGroup(scope: LaunchScope, options: SpawnOptions): Promise<ProcessGroup> {
  const [program, ...args] = options.argv;
  const marker = scope.nextMarker();
  const child = execa(program, args, {
    cwd: options.cwd,
    env: { ...options.env, [MARKER_VARIABLE]: marker },
    extendEnv: false,
    detached: true,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    // execa would hold all output; the pipes are read below, and the end of the process is its `exit`.
    buffer: false,
    reject: false,
    cleanup: false,
  });
  const pid = child.pid;
  if (pid === undefined) throw spawnFailure(program, options.cwd, (await child).code);
  scope.watchdog.add(pid);

  const lastLines = new LastLines();
  const drained = (['stdout', 'stderr'] as const).map((name) => {
    const splitter = new LineSplitter((line) => {
      lastLines.add(line);
      options.onLine?.(name, line);
    });
    const stream = child[name];
    stream.on('data', (chunk: Buffer) => splitter.push(chunk));
    stream.on('error', () => {});
    return new Promise<void>((resolve) =>
      stream.once('close', () => {
        splitter.end();
        resolve();
      }),
    );
  });

  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  const rungs = new Rungs(pid, marker, ended);
  const exited = ended.then(async (exit) => {
    // What a process leaves behind when it ends by itself has lost its purpose; after a stop, the grace counts.
    await rungs.descend(stopGraceMs ?? 0);
    scope.watchdog.drop(pid);
    await Promise.race([Promise.all(drained), sleep(DRAIN_MS)]);
    // Something that dropped our marker may hold the pipes, and with them this process, open.
    child.stdout.destroy();
    child.stderr.destroy();
    scope.groups.delete(group);
    return { ...exit, lastLines: lastLines.lines };
  });
  // Whoever awaits it sees the error; a group that nobody awaits must not end us.
  exited.catch(() => {});
  let stopGraceMs: number | undefined;
  const group: ProcessGroup = {
    pid,
    exited,
    lastLines: () => lastLines.lines,
    async stop({ graceMs }) {
      stopGraceMs = graceMs;
      await rungs.descend(graceMs);
      await exited;
    },
  };
  scope.groups.add(group);
  return group;
}
