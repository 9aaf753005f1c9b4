import type { EngineEvent } from '../engine/index.ts';
import {
  describeExit,
  LaunchError,
  type LaunchedAgent,
  type Launcher,
  type StopOptions,
} from '../launch/index.ts';
import type { Project } from '../project/index.ts';
import { messageOf } from '../support/errors.ts';
import type { Clock } from './clock.ts';
import type { DevEventBody } from './events.ts';
import { Readiness } from './readiness.ts';
import type { SessionEngine } from './types.ts';

export interface GenerationOptions {
  readonly number: number;
  readonly project: Project;
  readonly launcher: Launcher;
  readonly engine: SessionEngine;
  readonly clock: Clock;
  /** The whole environment of the agent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The monotonic time of the save, or whatever else led to this launch. */
  readonly sinceMs: number;
  readonly emit: (event: DevEventBody) => void;
  /** The agent ended although nobody had retired it. `reason` fits behind its name. */
  readonly onCrash: (reason: string) => void;
}

/** One launch of the agent: its process, and what the engine says about it. */
export interface Generation {
  readonly number: number;
  readonly live: boolean;
  /** Ends it; from the call on it reports nothing but its log. Call again to shorten the wait. */
  retire(options: StopOptions): Promise<void>;
}

const REGISTRATION_PATIENCE_MS = 10_000;
const HOPELESS_GRACE_MS = 2_000;

/** Turns what the engine says of one process into `ready` and warnings. */
class HealthReporter {
  readonly #options: GenerationOptions;
  readonly readiness = new Readiness();
  #ready = false;
  #lastComplaint = '';

  constructor(options: GenerationOptions) {
    this.#options = options;
  }

  look(): void {
    const { emit, clock, sinceMs } = this.#options;
    const known = this.readiness.instance;
    if (known?.health === 'healthy') {
      this.#lastComplaint = '';
      if (this.#ready) return;
      this.#ready = true;
      const ms = Math.round(clock.monotonicMs() - sinceMs);
      emit({ type: 'ready', agent: known.agent, version: known.version, ms });
    } else if (known?.health === 'unhealthy' && known.healthMessage !== this.#lastComplaint) {
      this.#lastComplaint = known.healthMessage;
      emit({ type: 'warning', message: `${known.agent} is unhealthy: ${known.healthMessage}` });
    }
  }
}

/** Launches the agent and follows it until it is retired. Resolves when its process has been spawned. */
export async function launchGeneration(options: GenerationOptions): Promise<Generation> {
  const { engine, launcher, project, emit, clock } = options;
  const reporter = new HealthReporter(options);
  let retired = false;
  let exited = false;
  let cancelPatience: (() => void) | undefined;
  emit({ type: 'launching' });
  // Listening before the launch: a fast agent registers before its port line is read.
  const unsubscribe = engine.subscribe((event: EngineEvent) => {
    reporter.readiness.take(event);
    if (!retired) reporter.look();
  });
  const settle = () => {
    unsubscribe();
    cancelPatience?.();
  };

  let agent: LaunchedAgent;
  try {
    agent = await launcher.launchAgent({
      argv: project.language.runArgv(project.directory),
      cwd: project.directory,
      env: options.env,
      onLine: (_stream, line) => emit({ type: 'agent-log', line }),
    });
  } catch (error) {
    settle();
    throw error;
  }

  const retire = async (stopOptions: StopOptions) => {
    retired = true;
    settle();
    await agent.stop(stopOptions);
  };

  const followPort = async () => {
    try {
      reporter.readiness.portPrinted(await agent.port);
    } catch (error) {
      // An agent that ended is reported below, with its code; one that hangs is worth no second try.
      if (retired || (error instanceof LaunchError && error.code === 'agent-exited')) return;
      emit({ type: 'warning', message: `${messageOf(error)}\nit is stopped; the next save starts it again` });
      await retire({ graceMs: HOPELESS_GRACE_MS });
      return;
    }
    if (retired || exited) return;
    reporter.look();
    cancelPatience = clock.after(REGISTRATION_PATIENCE_MS, () => {
      if (reporter.readiness.instance !== undefined) return;
      emit({ type: 'warning', message: 'the agent serves, but it has not registered with the engine yet' });
    });
  };
  void followPort();

  agent.exited.then(
    (exit) => {
      exited = true;
      settle();
      if (retired) return;
      emit({ type: 'agent-exited', code: exit.code, signal: exit.signal });
      options.onCrash(describeExit(exit));
    },
    // Processes that nothing can kill: whoever stops the generation is told.
    () => settle(),
  );

  return {
    number: options.number,
    get live() {
      return !exited && !retired;
    },
    retire,
  };
}
