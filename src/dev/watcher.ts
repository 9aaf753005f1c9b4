import { statSync } from 'node:fs';
import { type FSWatcher, watch } from 'chokidar';
import { messageOf, systemCode } from '../support/errors.ts';
import type { WatchFilter } from './watch-filter.ts';

export interface WatcherOptions {
  readonly filter: WatchFilter;
  /** Files were saved; `sinceMs` is the monotonic time of the first of them. */
  readonly onChange: (change: { readonly sinceMs: number }) => void;
  /** Watching got worse, or stopped; each is said once. */
  readonly onNotice: (message: string) => void;
}

/** An armed watcher. */
export interface Watcher {
  /** True while a save is under way that will be reported as soon as there is a pause. */
  readonly pending: boolean;
  close(): Promise<void>;
}

/** An editor may write several files, or one several times; it pauses no longer than this. */
const QUIET_MS = 30;
/** More than a person saves at once is a checkout, a formatter, a generator. Those pause longer. */
const MANY = 10;
const QUIET_AFTER_MANY_MS = 300;
/** After such a pause what comes next is no part of it. */
const BURST_END_MS = 1_000;
/** A program that writes all the time must not put off the restart for ever. */
const MAX_WAIT_MS = 2_000;
/** chokidar drops further changes of a file for 50 ms after the first; by then it reports again. */
const BLIND_MS = 60;
const POLL_INTERVAL_MS = 500;

const OUT_OF_WATCHES =
  'the system watches no more files for us (ENOSPC); polling instead. To mend it: sudo sysctl fs.inotify.max_user_watches=524288';
const OUT_OF_WATCHERS =
  'the system has no more file watchers or open files for us (EMFILE); polling instead. To mend it: sudo sysctl fs.inotify.max_user_instances=1024, or raise `ulimit -n`';

/** Enough to see that a file was written again, or replaced. */
function fingerprint(path: string): string {
  try {
    const { mtimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch {
    return 'absent';
  }
}

/** Gathers changed paths until there is a pause, then reports them as one save. */
class Coalescer {
  readonly #onChange: WatcherOptions['onChange'];
  readonly #paths = new Set<string>();
  #firstMs = 0;
  #latestMs = Number.NEGATIVE_INFINITY;
  /** How many changes came without a long pause between two, reported ones included. */
  #burst = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #blind = new Set<NodeJS.Timeout>();

  constructor(onChange: WatcherOptions['onChange']) {
    this.#onChange = onChange;
  }

  add(path: string): void {
    const nowMs = performance.now();
    if (this.#paths.size === 0) this.#firstMs = nowMs;
    this.#burst = nowMs - this.#latestMs > BURST_END_MS ? 1 : this.#burst + 1;
    this.#latestMs = nowMs;
    this.#paths.add(path);
    clearTimeout(this.#timer);
    const quietMs = this.#burst > MANY ? QUIET_AFTER_MANY_MS : QUIET_MS;
    const waitMs = Math.min(quietMs, Math.max(0, this.#firstMs + MAX_WAIT_MS - nowMs));
    this.#timer = setTimeout(() => this.#flush(), waitMs);
  }

  get pending(): boolean {
    return this.#paths.size > 0;
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const timer of this.#blind) clearTimeout(timer);
  }

  #flush(): void {
    // Noted before anybody reads the files, so that a later difference is one they may have missed.
    const seen = [...this.#paths].map((path) => [path, fingerprint(path)] as const);
    this.#paths.clear();
    this.#onChange({ sinceMs: this.#firstMs });
    const timer = setTimeout(() => {
      this.#blind.delete(timer);
      for (const [path, print] of seen) if (fingerprint(path) !== print) this.add(path);
    }, BLIND_MS);
    this.#blind.add(timer);
  }
}

/**
 * Watches what the filter names and resolves once it is armed. A root that is deleted or renamed is
 * reported, not followed.
 */
export async function createWatcher(options: WatcherOptions): Promise<Watcher> {
  const { filter, onNotice } = options;
  const coalescer = new Coalescer(options.onChange);
  const said = new Set<string>();
  let closed = false;
  let degraded = false;
  let armed = false;
  let current: FSWatcher | undefined;

  const say = (message: string) => {
    if (said.has(message) || closed) return;
    said.add(message);
    onNotice(message);
  };

  const arm = (polling: boolean): Promise<void> =>
    new Promise((resolve) => {
      const watcher = watch([...filter.roots], {
        ignored: (path) => filter.ignores(path),
        ignoreInitial: true,
        // A link to a folder above itself would make the tree endless.
        followSymlinks: false,
        ...(polling ? { usePolling: true, interval: POLL_INTERVAL_MS } : {}),
      });
      current = watcher;
      watcher.on('all', (event, path) => {
        if (event === 'unlinkDir' && filter.roots.includes(path))
          say(`${path} was removed or renamed: changes are not noticed any more until a restart`);
        else if (!event.endsWith('Dir') && filter.matches(path)) coalescer.add(path);
      });
      watcher.on('error', (error) => {
        const code = systemCode(error);
        // chokidar reports one error for each file it could not watch, and then that it is ready.
        if (code !== 'ENOSPC' && code !== 'EMFILE') say(`watching: ${messageOf(error)}`);
        else if (!degraded && !closed) {
          degraded = true;
          say(code === 'ENOSPC' ? OUT_OF_WATCHES : OUT_OF_WATCHERS);
          const wasArmed = armed;
          void watcher.close();
          void arm(true).then(() => {
            // What changed while nobody watched is unknown: better one build too many.
            if (wasArmed) options.onChange({ sinceMs: performance.now() });
            resolve();
          });
        }
      });
      watcher.on('ready', () => {
        if (watcher === current) resolve();
      });
    });

  await arm(false);
  armed = true;
  return {
    get pending() {
      return coalescer.pending;
    },
    async close() {
      closed = true;
      coalescer.close();
      await current?.close();
    },
  };
}
