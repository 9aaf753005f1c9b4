import { setTimeout as sleep } from 'node:timers/promises';
import type { Argv } from '../project/index.ts';
import { describeExit, LaunchError, type ProcessExit } from './launch-error.ts';
import { chooseFreePort, isAccepting } from './port.ts';
import {
  type LaunchScope,
  type ProcessGroup,
  type SpawnOptions,
  type StopOptions,
  spawnGroup,
} from './process-group.ts';

/** How to launch a server that says no port: we choose it. `{port}` in `argv` and in `env` stands for it. */
export interface ServiceOptions extends SpawnOptions {
  /** How long it may take to accept connections. Default 30 s. */
  readonly readyTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A server that has accepted a connection on 127.0.0.1. */
export interface LaunchedService {
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<ProcessExit>;
  stop(options: StopOptions): Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
const ATTEMPTS = 3;
const PORT_TAKEN = /EADDRINUSE|address already in use/i;

/** Puts the port in wherever a text names it. */
export function fillPort(pattern: string, port: number): string {
  return pattern.replaceAll('{port}', String(port));
}

function fill(options: ServiceOptions, port: number): SpawnOptions {
  const [program, ...args] = options.argv;
  const argv: Argv = [fillPort(program, port), ...args.map((arg) => fillPort(arg, port))];
  const env = Object.entries(options.env).map(([name, value]) => [
    name,
    value === undefined ? undefined : fillPort(value, port),
  ]);
  return { ...options, argv, env: Object.fromEntries(env) };
}

/** Undefined when it accepts; else how it ended before it did. */
async function waitUntilAccepting(
  group: ProcessGroup,
  port: number,
  options: ServiceOptions,
): Promise<ProcessExit | undefined> {
  const timeoutMs = options.readyTimeoutMs ?? READY_TIMEOUT_MS;
  const deadlineMs = performance.now() + timeoutMs;
  let exit: ProcessExit | undefined;
  const noted = group.exited.then((ended) => {
    exit = ended;
  });
  while (exit === undefined) {
    options.signal?.throwIfAborted();
    if ((await isAccepting(port)) && exit === undefined) return undefined;
    if (performance.now() > deadlineMs)
      throw new LaunchError({
        kind: 'unreachable',
        code: 'service-not-ready',
        summary: `${options.argv[0]} accepted no connection on 127.0.0.1:${port} within ${timeoutMs / 1000} s`,
        lastLines: group.lastLines(),
        hint: 'It must listen on the port that stands for {port} in its command, or in the variable PORT.',
      });
    await Promise.race([noted, sleep(POLL_MS)]);
  }
  return exit;
}

/**
 * Launches a server on a port of our choice and waits until it accepts. When the port was taken before the
 * server came to it, another one is chosen.
 * @throws UserError when nothing could be spawned; LaunchError `service-exited`, `service-not-ready`
 */
export async function launchService(scope: LaunchScope, options: ServiceOptions): Promise<LaunchedService> {
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    const port = await chooseFreePort();
    const group = await spawnGroup(scope, fill(options, port));
    try {
      const exit = await waitUntilAccepting(group, port, options);
      if (exit === undefined) return { pid: group.pid, port, exited: group.exited, stop: group.stop };
      const taken = exit.lastLines.some((line) => PORT_TAKEN.test(line)) || (await isAccepting(port));
      if (taken && attempt < ATTEMPTS) continue;
      throw new LaunchError({
        kind: 'unreachable',
        code: 'service-exited',
        summary: `${options.argv[0]} ${describeExit(exit)} before it accepted connections`,
        lastLines: exit.lastLines,
      });
    } catch (error) {
      await group.stop({ graceMs: 0 });
      throw error;
    }
  }
}
