import { afterEach, expect } from 'vitest';
import { type Engine, type EngineOptions, startEngine, type TimedEvent } from '../../src/engine/index.ts';
import { createLogger, type RunningAgent, startAgent } from '../../src/runtime/index.ts';
import { createClient, type WireClient } from '../../src/wire/index.ts';
import { createSamplePlugin, type SamplePlugin } from '../support/sample-plugin.ts';

export const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
export const OTHER_TENANT = '2465bedb-6186-5936-9e64-ec9f01968e8e';

/** An engine of a test, what happened in it, and agents that register with it. */
export interface EngineLab {
  readonly engine: Engine;
  readonly events: TimedEvent[];
  /** A client that speaks for the agent of this name. */
  as(pluginName?: string): WireClient<'EngineService'>;
  /** Starts an agent in this process and waits until it is healthy. */
  launch(plugin?: SamplePlugin, env?: Readonly<Record<string, string>>): Promise<RunningAgent>;
  /** Every event of a type so far. */
  of<Type extends TimedEvent['type']>(type: Type): Extract<TimedEvent, { type: Type }>[];
  stop(): Promise<void>;
}

const labs: EngineLab[] = [];
afterEach(async () => {
  await Promise.all(labs.splice(0).map((lab) => lab.stop()));
});

/** Starts an engine that ends with the test. */
export async function startLab(options: Partial<EngineOptions> = {}): Promise<EngineLab> {
  const engine = await startEngine({
    tenantIds: [TENANT],
    healthIntervalMs: 50,
    heartbeatIntervalS: 1,
    ...options,
  });
  const events: TimedEvent[] = [];
  engine.subscribe((event) => events.push(event));
  const clients: WireClient<'EngineService'>[] = [];
  const agents: RunningAgent[] = [];
  const lab: EngineLab = {
    engine,
    events,
    as: (pluginName) => {
      const client = createClient({
        service: 'EngineService',
        address: engine.address,
        keepalive: false,
        ...(pluginName === undefined ? {} : { pluginName }),
      });
      clients.push(client);
      return client;
    },
    launch: async (plugin = createSamplePlugin(), env = {}) => {
      const agent = await startAgent(plugin, {
        env: {
          MIRASTACK_ENGINE_ADDR: engine.address,
          MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
          MIRASTACK_PLUGIN_TENANT_ID: TENANT,
          MIRASTACK_PLUGIN_BACKOFF_MAX: '0.05',
          ...env,
        },
        log: createLogger(() => undefined),
      });
      agents.push(agent);
      const isHealthy = () =>
        engine
          .agents()
          .flatMap((item) => item.instances)
          .some((item) => item.instanceId === agent.instanceId && item.health === 'healthy');
      await expect.poll(isHealthy, { timeout: 5_000 }).toBe(true);
      return agent;
    },
    of: (type) => events.filter((event) => event.type === type) as never,
    stop: async () => {
      await Promise.all(agents.map((agent) => agent.stop()));
      for (const client of clients) client.close();
      await engine.stop();
    },
  };
  labs.push(lab);
  return lab;
}
