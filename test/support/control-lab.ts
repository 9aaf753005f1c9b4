/** A real engine with its control API and session file in this process, and an agent that registers with it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import {
  type ControlClient,
  type ControlServer,
  connectControl,
  removeSession,
  startControl,
  writeSession,
} from '../../src/control/index.ts';
import { type Engine, type EngineOptions, startEngine } from '../../src/engine/index.ts';
import { createLogger, type RunningAgent, startAgent } from '../../src/runtime/index.ts';
import type { SamplePlugin } from './sample-plugin.ts';

export const LAB_TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';

export interface ControlLab {
  readonly engine: Engine;
  readonly server: ControlServer;
  readonly client: ControlClient;
  /** The project's folder: what commands get with `--project`. */
  readonly folder: string;
  /** Starts an agent and waits until it is healthy. */
  launch(plugin: SamplePlugin): Promise<RunningAgent>;
  stop(): Promise<void>;
}

export async function startControlLab(options: Partial<EngineOptions> = {}): Promise<ControlLab> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-control-')));
  const folder = join(base, 'project');
  mkdirSync(folder);
  mkdirSync(join(base, 'run'), { mode: 0o700 });
  // Session files of its own: tests of other files, and a developer's engines, are not seen.
  vi.stubEnv('XDG_RUNTIME_DIR', join(base, 'run'));
  const engine = await startEngine({ tenantIds: [LAB_TENANT], heartbeatIntervalS: 1, ...options });
  const server = await startControl({ engine, version: '0.1.0' });
  const session = writeSession({
    controlUrl: server.url,
    token: server.token,
    grpcAddr: engine.address,
    tenantId: LAB_TENANT,
    project: folder,
    ephemeral: true,
  });
  const agents: RunningAgent[] = [];
  return {
    engine,
    server,
    client: connectControl({ controlUrl: server.url, token: server.token }),
    folder,
    launch: async (plugin) => {
      const agent = await startAgent(plugin, {
        env: {
          MIRASTACK_ENGINE_ADDR: engine.address,
          MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
          MIRASTACK_PLUGIN_TENANT_ID: LAB_TENANT,
          MIRASTACK_PLUGIN_BACKOFF_MAX: '0.05',
        },
        log: createLogger(() => undefined),
      });
      agents.push(agent);
      const isHealthy = () =>
        engine
          .agents()
          .flatMap((item) => item.instances)
          .some((item) => item.instanceId === agent.instanceId && item.health === 'healthy');
      await vi.waitFor(() => expect(isHealthy()).toBe(true), 10_000);
      return agent;
    },
    stop: async () => {
      await Promise.all(agents.map((agent) => agent.stop()));
      removeSession(session);
      await server.close();
      await engine.stop();
      vi.unstubAllEnvs();
      rmSync(base, { recursive: true, force: true });
    },
  };
}
