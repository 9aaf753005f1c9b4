import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { agentEnvironment, buildProject, type RunningBackend, startBackend } from '../dev/index.ts';
import type { Engine, EngineEvent } from '../engine/index.ts';
import { createLauncher, fillPort, LaunchError, type LaunchedAgent, type Launcher } from '../launch/index.ts';
import type { LiveFacts } from '../lint/index.ts';
import type { Project } from '../project/index.ts';
import { messageOf, UserError } from '../support/errors.ts';
import { probeAgent, probeHealth } from './agent-probe.ts';

/** How long an agent may take to register once it has said its port. */
const REGISTER_MS = 30_000;
/** The agent and its backend were started for one question each: nothing of theirs is to be kept. */
const STOP_GRACE_MS = 0;
/** No probe of the engine's own comes between. */
const HEALTH_INTERVAL_MS = 3_600_000;

type Environment = Readonly<Record<string, string | undefined>>;

export interface LiveOptions {
  readonly project: Project;
  /** Variables that name the backend's address. */
  readonly backendVariables: readonly string[];
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** False: only who the agent is, as a comparison needs it. */
  readonly testsHealth: boolean;
}

/** A port of this machine where nothing listens. */
function findDeadPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 1;
      server.close(() => resolve(port));
    });
  });
}

/** The variables with an address of that port, in the form that the project or its present value has. */
export function deadAddresses(
  { project, backendVariables, env }: Pick<LiveOptions, 'project' | 'backendVariables' | 'env'>,
  port: number,
): Record<string, string> {
  const patterns = project.config.dev.backend?.env ?? {};
  const addressFor = (name: string): string => {
    const pattern = patterns[name];
    if (pattern !== undefined) return fillPort(pattern, port);
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(env[name] ?? '')?.[1];
    if (scheme !== undefined) return `${scheme}://127.0.0.1:${port}`;
    return /ADDR(ESS)?$|HOST(PORT)?$|TARGET$/.test(name) ? `127.0.0.1:${port}` : `http://127.0.0.1:${port}`;
  };
  return Object.fromEntries(backendVariables.map((name) => [name, addressFor(name)]));
}

/** Waits until the engine has taken, or refused, the agent that serves at a port. */
function waitForRegistration(engine: Engine, agent: LaunchedAgent, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let port: number | undefined;
    let refusal: string | undefined;
    const registered = new Map<number, string>();
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const check = () => {
      const address = port === undefined ? undefined : registered.get(port);
      if (address !== undefined) finish(() => resolve(address));
    };
    const take = (event: EngineEvent) => {
      if (event.type === 'registered') {
        const { address } = event.instance;
        registered.set(Number(address.slice(address.lastIndexOf(':') + 1)), address);
        check();
      }
      // The engine refuses an agent for good reasons, and the agent goes on trying.
      if (
        event.type === 'warning' &&
        /quality gate|cannot be used|registered as|plugin type/.test(event.message)
      ) {
        refusal = event.message;
        fail('the engine refused it');
      }
    };
    const fail = (summary: string) =>
      finish(() =>
        reject(
          new LaunchError({
            kind: 'unreachable',
            code: 'not-registered',
            summary: refusal ?? summary,
            lastLines: (refusal ?? '')
              .split(/: |; /)
              .slice(1)
              .map((text) => `- ${text}`),
          }),
        ),
      );
    const onAbort = () => finish(() => reject(signal.reason as Error));
    const unsubscribe = engine.subscribe(take);
    const timer = setTimeout(() => fail(`it did not register within ${REGISTER_MS / 1_000} s`), REGISTER_MS);
    signal.addEventListener('abort', onAbort, { once: true });
    agent.port.then(
      (printed) => {
        port = printed;
        check();
      },
      (error: unknown) => finish(() => reject(error)),
    );
    void agent.exited.then(({ lastLines }) =>
      finish(() =>
        reject(
          new LaunchError({
            kind: 'unreachable',
            code: 'agent-exited',
            summary: 'the agent ended before it had registered',
            lastLines,
          }),
        ),
      ),
    );
  });
}

/** One start of the agent; the facts are read while it runs. */
class Start {
  readonly #options: LiveOptions;
  readonly #engine: Engine;
  readonly #launcher: Launcher;

  constructor(options: LiveOptions, engine: Engine, launcher: Launcher) {
    this.#options = options;
    this.#engine = engine;
    this.#launcher = launcher;
  }

  async run<T>(backendEnv: Environment, use: (address: string) => Promise<T>): Promise<T> {
    const { project, env, signal } = this.#options;
    const agent = await this.#launcher.launchAgent({
      argv: project.language.runArgv(project.directory),
      cwd: project.directory,
      env: agentEnvironment({
        baseEnv: env,
        // The address that is asked for goes before the project's own.
        backendEnv: {},
        devEnv: { ...project.config.dev.env, ...backendEnv },
        engineAddress: this.#engine.address,
        tenantId: this.#engine.tenantIds[0] ?? '',
      }),
    });
    try {
      return await use(await waitForRegistration(this.#engine, agent, signal));
    } finally {
      await agent.stop({ graceMs: STOP_GRACE_MS });
    }
  }
}

const startFailure = (error: unknown): LiveFacts | undefined => {
  if (error instanceof LaunchError)
    return {
      startFailure: {
        message: error.summary,
        lines: error.lastLines.flatMap((line) => line.split(/\\n|\n/)),
      },
    };
  return undefined;
};

/** Loaded only now: what it is made of is the largest part of this program. */
async function startThrowawayEngine(): Promise<Engine> {
  const { startEngine } = await import('../engine/index.ts');
  return startEngine({ tenantIds: [randomUUID()], healthIntervalMs: HEALTH_INTERVAL_MS });
}

/** A start of its own with every address dead, where the first one cannot show what happens then. */
async function testHealthWithout(
  start: Start,
  dead: Environment,
  needsOwnStart: boolean,
  { testsHealth, backendVariables, signal }: LiveOptions,
): Promise<Pick<LiveFacts, 'healthWithoutBackend'>> {
  if (!testsHealth) return {};
  if (backendVariables.length === 0)
    return { healthWithoutBackend: { skipped: 'no variable is known to name the backend’s address' } };
  if (!needsOwnStart) return {};
  try {
    return { healthWithoutBackend: await start.run(dead, (address) => probeHealth(address, signal)) };
  } catch (error) {
    // An agent that does not even start without its backend is surely not healthy.
    if (error instanceof LaunchError)
      return { healthWithoutBackend: { healthy: false, message: error.summary } };
    throw error;
  }
}

/**
 * Builds and starts a project's agent against an engine of its own, asks it who it is and how it is, and stops both.
 * How it is when the address of its backend is that of a dead port is asked, too: where the backend is not ours to end, of
 * a second start that runs beside the first.
 * @throws UserError `tool-missing`, `dependencies-missing` (tool-missing) when it cannot be built or run at all
 */
export async function askProject(options: LiveOptions): Promise<LiveFacts> {
  const { project, env, signal, testsHealth, backendVariables } = options;
  project.language.checkTools(project.directory);
  const launcher = await createLauncher();
  let engine: Engine | undefined;
  let backend: RunningBackend | undefined;
  try {
    // While the build runs in a process of its own, everything else that is needed comes up here.
    const backing = startBackend({ project, launcher, baseEnv: env, signal, onExit: () => {} }).then(
      (running) => {
        backend = running;
        return undefined;
      },
      (error: unknown) => {
        if (error instanceof UserError) return error;
        throw error;
      },
    );
    const [outcome, started, fault] = await Promise.all([
      buildProject({ project, launcher, env, signal }),
      startThrowawayEngine().then((running) => {
        engine = running;
        return running;
      }),
      backing,
    ]);
    signal.throwIfAborted();
    if (typeof outcome === 'object') {
      const place = outcome.file === undefined ? '' : ` (${outcome.file}:${outcome.line ?? 1})`;
      return { startFailure: { message: `it does not build: ${outcome.message}${place}`, lines: [] } };
    }
    if (fault !== undefined)
      return { startFailure: { message: `its dev backend did not start: ${fault.message}`, lines: [] } };
    const start = new Start(options, started, launcher);
    const dead = deadAddresses(options, await findDeadPort());
    const running = backend as RunningBackend | undefined;
    // Who the agent is can be asked without a backend, too.
    const unset = Object.entries(dead).filter(([name]) => !env[name] && !project.config.dev.env[name]);
    const hasBackend = running !== undefined || unset.length === 0;
    // The port of a backend that we have ended is as dead as any, which spares a second start.
    const endsBackend = running !== undefined && backendVariables.every((name) => name in running.env);
    const without = testHealthWithout(start, dead, hasBackend && !endsBackend, options);
    // Awaited below; a failure before that must not end the process.
    without.catch(() => {});
    const facts = await start.run(
      running?.env ?? Object.fromEntries(unset),
      async (address): Promise<LiveFacts> => {
        const [probed, health] = await Promise.all([
          probeAgent(address, signal),
          testsHealth ? probeHealth(address, signal) : undefined,
        ]);
        if (endsBackend && testsHealth) await running.stop({ graceMs: STOP_GRACE_MS });
        const gone = endsBackend && testsHealth ? await probeHealth(address, signal) : health;
        const port = Number(address.slice(address.lastIndexOf(':') + 1));
        const instance = started
          .agents()
          .flatMap(({ instances }) => instances)
          .find((item) => item.address.endsWith(`:${port}`));
        return {
          ...probed,
          ...(health === undefined || !hasBackend ? {} : { health }),
          ...(gone === undefined ? {} : { healthWithoutBackend: gone }),
          ...(instance?.notExecutable === undefined ? {} : { notExecutable: instance.notExecutable }),
        };
      },
    );
    return { ...facts, backendVariables, ...(await without) };
  } catch (error) {
    signal.throwIfAborted();
    const failure = startFailure(error);
    if (failure === undefined) throw error;
    return failure;
  } finally {
    await backend?.stop({ graceMs: STOP_GRACE_MS });
    await Promise.all([launcher.close({ graceMs: STOP_GRACE_MS }), engine?.stop()]);
  }
}

/** Asks an agent that runs already. Nothing is started, so nothing is known of it without its backend. */
export async function askAddress(address: string, signal: AbortSignal): Promise<LiveFacts> {
  try {
    const [probed, health] = await Promise.all([probeAgent(address, signal), probeHealth(address, signal)]);
    return {
      ...probed,
      health,
      healthWithoutBackend: { skipped: `the agent at ${address} was not started by us` },
    };
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError({
      kind: 'unreachable',
      code: 'agent-unreachable',
      message: `The agent at ${address} cannot be asked: ${messageOf(error)}.`,
      hint: 'Name the host:port that the agent listens on.',
      cause: error,
    });
  }
}
