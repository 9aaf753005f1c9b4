import { describeExit, LaunchError, type ProcessExit } from './launch-error.ts';
import { type LaunchScope, type SpawnOptions, type StopOptions, spawnGroup } from './process-group.ts';

/** How to launch one agent. */
export interface AgentOptions extends SpawnOptions {
  /** How long it may take to say its port. Default 30 s. */
  readonly portTimeoutMs?: number;
}

/** A launched agent: it may not serve yet, and it may have ended already. */
export interface LaunchedAgent {
  readonly pid: number;
  /**
   * What its port line says. The line is no proof that it serves.
   * Rejects with a LaunchError `agent-exited`, `no-port-line` or `bad-port-line` (unreachable).
   */
  readonly port: Promise<number>;
  /** Resolves when it and everything it started has ended. */
  readonly exited: Promise<ProcessExit>;
  /** TERM to all of it, after `graceMs` KILL; resolves after the real end. Call again to shorten the wait. */
  stop(options: StopOptions): Promise<void>;
}

const PORT_TIMEOUT_MS = 30_000;
/** The one line of an agent that is meant for whoever launched it (protocol.md §1.3). */
const PORT_LINE = /^MIRASTACK_PLUGIN_PORT=(.*)$/;

/** Undefined when it is no port that anything can listen on. */
function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port < 65_536 ? port : undefined;
}

/**
 * Launches an agent and reads its port from its output. The port line itself is not passed on.
 * @throws UserError when nothing could be spawned
 */
export async function launchAgent(scope: LaunchScope, options: AgentOptions): Promise<LaunchedAgent> {
  const timeoutMs = options.portTimeoutMs ?? PORT_TIMEOUT_MS;
  let settlePort: ((text: string) => void) | undefined;
  const portText = new Promise<string>((resolve) => {
    settlePort = resolve;
  });
  const group = await spawnGroup(scope, {
    ...options,
    onLine(stream, line) {
      const match = stream === 'stdout' ? PORT_LINE.exec(line) : null;
      if (match === null) options.onLine?.(stream, line);
      else settlePort?.(match[1] ?? '');
    },
  });
  const port = new Promise<number>((resolve, reject) => {
    const fail = (code: string, summary: string, hint?: string) =>
      reject(
        new LaunchError({
          kind: 'unreachable',
          code,
          summary,
          lastLines: group.lastLines(),
          ...(hint === undefined ? {} : { hint }),
        }),
      );
    const timer = setTimeout(
      () =>
        fail(
          'no-port-line',
          `the agent printed no MIRASTACK_PLUGIN_PORT line on stdout within ${timeoutMs / 1000} s`,
          'an agent prints it when it serves; check that main calls serve and that stdout is not redirected',
        ),
      timeoutMs,
    );
    void portText.then((text) => {
      clearTimeout(timer);
      const parsed = parsePort(text);
      if (parsed === undefined) fail('bad-port-line', `the agent printed "${text}" as its port`);
      else resolve(parsed);
    });
    group.exited.then((exit) => {
      clearTimeout(timer);
      fail('agent-exited', `the agent ${describeExit(exit)} before it served`);
    }, reject);
  });
  // The end of an agent shows in `exited` too; a launch whose port nobody awaits must not end us.
  port.catch(() => {});
  return { pid: group.pid, port, exited: group.exited, stop: group.stop };
}
