import { describeExit, fillPort, type LaunchedService, type Launcher } from '../launch/index.ts';
import type { Project } from '../project/index.ts';

/** The dev backend of a session, and how the agent finds it. */
export interface Backend {
  readonly port: number;
  readonly pid: number;
  /** The variables of `dev.backend.env`, with the port filled in. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningBackend extends Backend {
  readonly stop: LaunchedService['stop'];
}

/**
 * Starts what mirastack.config.json names as the backend and waits until it accepts connections. It is not
 * started again when it ends: ending it is how a developer sees what the agent does without it.
 */
export async function startBackend(options: {
  readonly project: Project;
  readonly launcher: Launcher;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onExit: (message: string) => void;
}): Promise<RunningBackend | undefined> {
  const { project, launcher, baseEnv, signal, onExit } = options;
  const { backend } = project.config.dev;
  if (backend === undefined) return undefined;
  const service = await launcher.launchService({
    argv: backend.command,
    cwd: project.directory,
    // The convention of most servers, for those whose command names no port.
    env: { ...baseEnv, PORT: '{port}' },
    signal,
  });
  void service.exited.then((exit) => {
    const last = exit.lastLines.at(-1);
    onExit(`the backend ${describeExit(exit)}${last === undefined ? '' : `; it last said: ${last}`}`);
  });
  const env = Object.entries(backend.env).map(([name, pattern]) => [name, fillPort(pattern, service.port)]);
  return { port: service.port, pid: service.pid, env: Object.fromEntries(env), stop: service.stop };
}
