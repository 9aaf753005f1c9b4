type Environment = Readonly<Record<string, string | undefined>>;

/** Short, so that an agent is back soon after the engine has been away (seconds, protocol.md §4.7). */
const HEARTBEAT_INTERVAL = '2';

/**
 * The environment of an agent under `dev`. Later wins: what the developer's shell has, the backend's address,
 * the project's own `dev.env`, and last what ties the agent to this engine, which nothing may change.
 */
export function agentEnvironment(options: {
  readonly baseEnv: Environment;
  readonly backendEnv: Environment;
  readonly devEnv: Environment;
  readonly engineAddress: string;
  readonly tenantId: string;
}): Environment {
  return {
    ...options.baseEnv,
    MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: HEARTBEAT_INTERVAL,
    // Exported for some deployment, it would send the engine to a port where this agent does not listen.
    MIRASTACK_PLUGIN_ADVERTISE_ADDR: undefined,
    MIRASTACK_PLUGIN_TENANT_SLUG: undefined,
    ...options.backendEnv,
    ...options.devEnv,
    MIRASTACK_ENGINE_ADDR: options.engineAddress,
    // Loopback: an agent takes calls from anybody who reaches it.
    MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
    MIRASTACK_PLUGIN_TENANT_ID: options.tenantId,
  };
}
