import { randomUUID } from 'node:crypto';
import { type AgentOptions, type LaunchedAgent, launchAgent } from './agent.ts';
import type { LaunchScope } from './process-group.ts';
import { type LaunchedService, launchService, type ServiceOptions } from './service.ts';
import { runTool, type ToolOptions, type ToolResult } from './tool.ts';
import { startWatchdog } from './watchdog.ts';

/** Starts processes that cannot outlive us: however we end, a watchdog ends them. */
export interface Launcher {
  /** Leads the value of the marker of every process this launcher starts: `MIRASTACK_DEV_SESSION=<id>.<n>`. */
  readonly sessionId: string;
  launchAgent(options: AgentOptions): Promise<LaunchedAgent>;
  launchService(options: ServiceOptions): Promise<LaunchedService>;
  runTool(options: ToolOptions): Promise<ToolResult>;
  /** Stops whatever still lives, then the watchdog. Idempotent; call again to shorten the wait. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

const CLOSE_GRACE_MS = 2_000;

/**
 * Brings up a launcher and its watchdog.
 * @throws UserError `tool-missing` when there is no shell to run the watchdog
 */
export async function createLauncher(): Promise<Launcher> {
  const sessionId = randomUUID();
  const watchdog = await startWatchdog(sessionId);
  let launches = 0;
  let closed = false;
  const scope: LaunchScope = {
    watchdog,
    groups: new Set(),
    nextMarker() {
      if (closed) throw new Error('the launcher is closed');
      launches += 1;
      return `${sessionId}.${launches}`;
    },
  };
  return {
    sessionId,
    launchAgent: (options) => launchAgent(scope, options),
    launchService: (options) => launchService(scope, options),
    runTool: (options) => runTool(scope, options),
    async close({ graceMs = CLOSE_GRACE_MS } = {}) {
      closed = true;
      await Promise.all([...scope.groups].map((group) => group.stop({ graceMs })));
      await watchdog.close();
    },
  };
}
