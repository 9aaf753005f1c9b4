import { setTimeout as sleep } from 'node:timers/promises';
import { findLaunched, type LaunchedProcesses, sendSignal } from './process-table.ts';

const POLL_MS = 10;
/** A killed process that is still there after this long waits for a disk or a debugger. */
const UNKILLABLE_MS = 10_000;

/** Ends a launch in rungs, TERM and then KILL, and waits for the real end of all of it. */
export class Rungs {
  readonly #groupId: number;
  readonly #marker: string;
  readonly #leaderEnded: Promise<unknown>;
  #killAtMs = Number.POSITIVE_INFINITY;
  #done: Promise<void> | undefined;

  constructor(groupId: number, marker: string, leaderEnded: Promise<unknown>) {
    this.#groupId = groupId;
    this.#marker = marker;
    this.#leaderEnded = leaderEnded;
  }

  /** Starts the descent, or shortens the wait of the one on its way. */
  descend(graceMs: number): Promise<void> {
    this.#killAtMs = Math.min(this.#killAtMs, performance.now() + graceMs);
    this.#done ??= this.#run();
    return this.#done;
  }

  async #run(): Promise<void> {
    const first = this.#find();
    if (this.#overdueMs() < 0) this.#signal(first, 'SIGTERM');
    await this.#leaderEndedOrOverdue();
    for (;;) {
      const left = this.#find();
      const pids = [...left.members, ...left.strays];
      if (pids.length === 0) return;
      if (this.#overdueMs() > UNKILLABLE_MS) throw new Error(`processes ${pids.join(', ')} cannot be killed`);
      if (this.#overdueMs() >= 0) this.#signal(left, 'SIGKILL');
      await sleep(POLL_MS);
    }
  }

  #find(): LaunchedProcesses {
    return findLaunched(this.#groupId, this.#marker);
  }

  #overdueMs(): number {
    return performance.now() - this.#killAtMs;
  }

  /** Looking through all processes is not free, and while the leader lives its group does too. */
  async #leaderEndedOrOverdue(): Promise<void> {
    let ended = false;
    const noted = this.#leaderEnded.then(() => {
      ended = true;
    });
    while (!ended && this.#overdueMs() < 0) await Promise.race([noted, sleep(POLL_MS)]);
  }

  /** The group in one call, so that nobody can fork away between two; then those that left it. */
  #signal(launched: LaunchedProcesses, signal: NodeJS.Signals): void {
    if (launched.members.length > 0) sendSignal(-this.#groupId, signal);
    for (const pid of launched.strays) sendSignal(pid, signal);
  }
}
