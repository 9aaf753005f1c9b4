import { CONFIG_FILE, readProjectConfig } from '../project/index.ts';
import { UserError } from '../support/errors.ts';
import { type Backend, type RunningBackend, startBackend } from './backend.ts';
import { buildProject } from './build.ts';
import { type Clock, systemClock } from './clock.ts';
import { CrashPolicy } from './crash-policy.ts';
import { agentEnvironment } from './environment.ts';
import type { DevEvent, DevEventBody } from './events.ts';
import { type Generation, launchGeneration } from './generation.ts';
import { stopThenLaunch } from './hand-over.ts';
import type { DevSession, DevSessionOptions } from './types.ts';
import { createWatchFilter } from './watch-filter.ts';
import { createWatcher, type Watcher } from './watcher.ts';

const STOP_GRACE_MS = 2_000;
/** A program that writes into the project all the time must not keep every build from being launched. */
const MAX_PASSED_OVER = 3;

/** A session that nothing has started yet. */
export function createDevSession(options: DevSessionOptions): DevSession {
  return new Session(options);
}

/**
 * One worker does builds and launches, one at a time. Whatever happens, a save, a crash, a wish, only says
 * what is wanted and wakes the worker, which looks again after every step: the last content wins, and no two
 * generations are ever on their way.
 */
class Session implements DevSession {
  readonly #options: DevSessionOptions;
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: DevEvent) => void>();
  readonly #crashes = new CrashPolicy();
  readonly #ending = new AbortController();
  readonly #wanted = { build: false, launch: false };
  readonly done: Promise<void>;
  #settle: { resolve: () => void; reject: (error: unknown) => void };
  #generation = 0;
  #current: Generation | undefined;
  #backend: RunningBackend | undefined;
  #watcher: Watcher | undefined;
  #unsubscribe: (() => void) | undefined;
  #attempt: AbortController | undefined;
  #starting: Promise<void> | undefined;
  #working: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #stopped: Promise<void> | undefined;
  /** Good builds in a row that were not launched, because a save was already under way. */
  #passedOver = 0;
  /** The monotonic time of the newest save or wish. */
  #sinceMs: number;
  /** The same of what was built last, or of the crash it is launched again for. */
  #answeredMs: number;

  constructor(options: DevSessionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#sinceMs = this.#clock.monotonicMs();
    this.#answeredMs = this.#sinceMs;
    this.#settle = { resolve: () => {}, reject: () => {} };
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.done.catch(() => {});
  }

  get generation(): number {
    return this.#generation;
  }

  get backend(): Backend | undefined {
    return this.#backend;
  }

  subscribe(listener: (event: DevEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(): Promise<void> {
    this.#starting = this.#begin();
    try {
      await this.#starting;
    } catch (error) {
      // What a stop interrupts has not failed.
      if (this.#isEnding()) return;
      await this.stop();
      throw error;
    }
    this.#rebuild(this.#sinceMs);
  }

  async #begin(): Promise<void> {
    const { project, launcher, engine, baseEnv, tenantId, control } = this.#options;
    this.#sinceMs = this.#clock.monotonicMs();
    project.language.checkTools(project.directory);
    this.#unsubscribe = engine.subscribe((event) => {
      if (event.type === 'warning') this.#warn(event.message);
    });
    this.#backend = await startBackend({
      project,
      launcher,
      baseEnv,
      signal: this.#ending.signal,
      onExit: (message) => this.#warn(message),
    });
    this.#emit({
      type: 'engine-listening',
      grpcAddr: engine.address,
      tenantId,
      pid: process.pid,
      ...control,
      backendEnv: this.#backend?.env ?? {},
    });
    const { watch } = project.config.dev;
    // Armed before the first build reads a file, so that no save falls between the two.
    this.#watcher = await createWatcher({
      filter: createWatchFilter({
        directory: project.directory,
        patterns: watch.length === 0 ? [] : [...watch, CONFIG_FILE],
        ignoredNames: project.language.ignoredNames,
      }),
      onChange: ({ sinceMs }) => this.#rebuild(sinceMs),
      onNotice: (message) => this.#warn(message),
    });
  }

  restart(): void {
    this.#rebuild(this.#clock.monotonicMs());
  }

  async stop({ graceMs = STOP_GRACE_MS }: { readonly graceMs?: number } = {}): Promise<void> {
    this.#ending.abort();
    this.#attempt?.abort();
    this.#cancelRetry?.();
    // A second call may be in more of a hurry than the one on its way.
    await Promise.all([this.#current?.retire({ graceMs }), this.#backend?.stop({ graceMs })]);
    this.#stopped ??= this.#finish(graceMs);
    return this.#stopped;
  }

  async #finish(graceMs: number): Promise<void> {
    // Both may have brought something up after the first look found nothing to stop.
    await this.#starting?.catch(() => {});
    await this.#watcher?.close();
    await this.#working;
    await Promise.all([this.#current?.retire({ graceMs }), this.#backend?.stop({ graceMs })]);
    this.#unsubscribe?.();
    this.#emit({ type: 'stopped' });
    this.#settle.resolve();
  }

  #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  #emit(body: DevEventBody, generation = this.#generation): void {
    const event = { ...body, at: new Date(this.#clock.epochMs()).toISOString(), generation };
    for (const listener of this.#listeners) listener(event);
  }

  #warn(message: string): void {
    if (!this.#isEnding()) this.#emit({ type: 'warning', message });
  }

  #rebuild(sinceMs: number): void {
    this.#sinceMs = sinceMs;
    this.#crashes.forget();
    this.#cancelRetry?.();
    this.#wanted.build = true;
    // What is being built now has already been overtaken.
    this.#attempt?.abort();
    this.#wake();
  }

  #wake(): void {
    if (this.#isEnding() || this.#working !== undefined) return;
    this.#working = this.#work().then(
      () => {
        this.#working = undefined;
        // A wish that came after the worker's last look found it still there, and did not wake it.
        if (this.#wanted.build || this.#wanted.launch) this.#wake();
      },
      (error: unknown) => this.#settle.reject(error),
    );
  }

  async #work(): Promise<void> {
    while (!this.#isEnding()) {
      if (this.#wanted.build) {
        this.#wanted.build = false;
        this.#wanted.launch = (await this.#build()) || this.#wanted.launch;
      } else if (this.#wanted.launch) {
        this.#wanted.launch = false;
        await this.#replace();
      } else return;
    }
  }

  /** True when what runs should be replaced by what was built. */
  async #build(): Promise<boolean> {
    const { project, launcher, baseEnv } = this.#options;
    const generation = this.#generation + 1;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#answeredMs = this.#sinceMs;
    this.#emit({ type: 'building' }, generation);
    const outcome = await buildProject({ project, launcher, env: baseEnv, signal: attempt.signal });
    this.#attempt = undefined;
    if (typeof outcome === 'object') this.#emit({ type: 'build-failed', ...outcome }, generation);
    if (outcome !== 'built' || this.#isEnding()) return false;
    const passOver = this.#watcher?.pending === true && this.#passedOver < MAX_PASSED_OVER;
    this.#passedOver = passOver ? this.#passedOver + 1 : 0;
    return !passOver;
  }

  async #replace(): Promise<void> {
    this.#cancelRetry?.();
    try {
      // Read afresh: it may be the file that was saved.
      const { dev } = readProjectConfig(this.#options.project.directory);
      await stopThenLaunch({
        retireOld: async () => this.#current?.retire({ graceMs: STOP_GRACE_MS }),
        launchNew: () => this.#launch(dev.env),
      });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const file = error.code === 'bad-config' ? { file: CONFIG_FILE } : {};
      this.#emit({ type: 'build-failed', message: error.message, ...file }, this.#generation + 1);
    }
  }

  async #launch(devEnv: Readonly<Record<string, string>>): Promise<void> {
    if (this.#isEnding()) return;
    const { project, launcher, engine, baseEnv, tenantId } = this.#options;
    this.#generation += 1;
    const number = this.#generation;
    this.#current = await launchGeneration({
      number,
      project,
      launcher,
      engine,
      clock: this.#clock,
      env: agentEnvironment({
        baseEnv,
        backendEnv: this.#backend?.env ?? {},
        devEnv,
        engineAddress: engine.address,
        tenantId,
      }),
      sinceMs: this.#answeredMs,
      emit: (body) => this.#emit(body, number),
      onCrash: (reason) => this.#crashed(number, reason),
    });
  }

  #crashed(number: number, reason: string): void {
    if (this.#isEnding() || number !== this.#generation) return;
    const verdict = this.#crashes.crashed(this.#clock.monotonicMs());
    if (verdict === 'give-up') {
      this.#warn(`the agent ${reason} too often; it is started again after the next save`);
      return;
    }
    this.#warn(`the agent ${reason}; it is started again in ${verdict.retryMs / 1000} s`);
    this.#cancelRetry = this.#clock.after(verdict.retryMs, () => {
      // A save may have brought up another one meanwhile.
      if (this.#current?.live) return;
      this.#answeredMs = this.#clock.monotonicMs();
      this.#wanted.launch = true;
      this.#wake();
    });
  }
}
