import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions, JsonValue, Plugin, PluginInfo } from '../../contract/index.ts';
import { messageOf } from '../../support/errors.ts';
import {
  createClient,
  infoFromMessage,
  modeCodec,
  parseJsonText,
  timeRangeToMessage,
  type WireClient,
} from '../../wire/index.ts';
import { type RunningAgent, startAgent } from '../agent.ts';
import { createLogger } from '../logger.ts';
import type { RegistrationState } from '../registration-state.ts';
import type { Environment } from '../settings.ts';
import { serveEngine } from './engine-server.ts';
import { REQUEST_DEFAULTS, type RequestOptions, TEST_TENANT_ID, withAction } from './request.ts';
import { type EngineCall, type EngineScript, type ScriptedEngine, scriptEngine } from './scripted-engine.ts';

const REGISTER_TIMEOUT_MS = 10_000;
/** Refused once, a scripted registration is tried again at once; running calls end soon when a test ends. */
const QUICK = { MIRASTACK_PLUGIN_BACKOFF_MAX: '0.05', MIRASTACK_PLUGIN_SHUTDOWN_TIMEOUT: '5' };

/** How a test agent is started. */
export interface TestAgentOptions {
  /** Settings of the agent, and nothing else is read; addresses are chosen here. */
  readonly env?: Environment;
  /** What the engine answers. */
  readonly answers?: EngineScript;
  /** How long the registration may take; 10 s when left out. */
  readonly timeoutMs?: number;
}

/** An agent that listens, registered with a scripted engine that listens too. */
export interface TestAgent {
  /** The agent's port on 127.0.0.1. */
  readonly port: number;
  readonly engine: ScriptedEngine;
  /** Everything the engine received, as `engine.calls`: the registration comes first. */
  readonly calls: readonly EngineCall[];
  /** What the agent logged, one JSON object a line. */
  readonly logs: readonly string[];
  registrationState(): RegistrationState;
  /** What the agent says of itself. */
  info(options?: CallOptions): Promise<PluginInfo>;
  /**
   * Executes an action and gives its output; params are strings, as on the wire.
   * @throws Error with the text of a failed step; WireError for a status, NOT_FOUND for an unknown action say
   */
  execute(
    actionId: string,
    params?: Readonly<Record<string, string>>,
    options?: RequestOptions & CallOptions,
  ): Promise<JsonValue>;
  healthCheck(options?: CallOptions): Promise<{ readonly healthy: boolean; readonly message: string }>;
  /**
   * Tells the agent of a new configuration, which getConfig gives from then on.
   * @throws Error with the agent's text when it did not accept
   */
  configUpdated(config: Readonly<Record<string, string>>, options?: CallOptions): Promise<void>;
  /** Deregisters and ends both servers. Always resolves. Idempotent. */
  stop(): Promise<void>;
}

type Client = WireClient<'PluginService'>;

async function execute(
  client: Client,
  actionId: string,
  params: Readonly<Record<string, string>> = {},
  options: RequestOptions & CallOptions = {},
): Promise<JsonValue> {
  const { signal, timeoutMs, ...rest } = options;
  const { executionId, stepId, mode, tenantId, timeRange } = {
    timeRange: undefined,
    ...REQUEST_DEFAULTS,
    ...rest,
  };
  const reply = await client.call(
    'Execute',
    {
      execution_id: executionId,
      step_id: stepId,
      action_id: actionId,
      params_json: Buffer.from(JSON.stringify(withAction(params, actionId)), 'utf8'),
      execution_mode: modeCodec.toWire(mode),
      time_range: timeRange && timeRangeToMessage(timeRange),
      tenant_id: tenantId,
    },
    { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) },
  );
  if (!reply.success) throw new Error(reply.error);
  return parseJsonText(reply.result_json, `the output of ${actionId}`);
}

/** @throws Error with the last thing that the agent said of it */
async function within(timeoutMs: number, registered: Promise<void>, logs: readonly string[]): Promise<void> {
  const over = new AbortController();
  const late = sleep(timeoutMs, true, { signal: over.signal }).catch(() => false);
  const isLate = await Promise.race([registered.then(() => false), late]);
  over.abort();
  if (isLate)
    throw new Error(`the agent did not register within ${timeoutMs} ms: ${logs.at(-1) ?? 'no log'}`);
}

/**
 * Starts a plugin as a real agent on 127.0.0.1, together with a scripted engine, and waits until it has
 * registered. Everything goes over gRPC, as in production; `createTestHarness` does without ports.
 * @throws GateError or UserError as `startAgent`; Error when the engine did not accept in time. Nothing is
 *   left running then.
 */
export async function startTestAgent(plugin: Plugin, options: TestAgentOptions = {}): Promise<TestAgent> {
  const logs: string[] = [];
  const log = createLogger((line) => logs.push(line.trimEnd()));
  const { engine, connection, setConfig } = scriptEngine(options.answers ?? {});
  const server = await serveEngine(connection, (error, method) =>
    log.error('an answer of the scripted engine threw', { method, error: messageOf(error) }),
  );
  const undo: (() => unknown)[] = [server.close];
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= (async () => {
      for (const step of undo.reverse()) await step();
    })();
    return stopped;
  };
  try {
    let accept: () => void = () => undefined;
    const registered = new Promise<void>((resolve) => (accept = resolve));
    const agent: RunningAgent = await startAgent(plugin, {
      env: {
        ...QUICK,
        MIRASTACK_PLUGIN_TENANT_ID: TEST_TENANT_ID,
        ...options.env,
        MIRASTACK_ENGINE_ADDR: server.address,
        MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      },
      log,
      onRegistration: (state) => {
        if (state === 'registered') accept();
      },
    });
    undo.push(agent.stop);
    const client = createClient({
      service: 'PluginService',
      address: `127.0.0.1:${agent.port}`,
      keepalive: false,
    });
    // First of all: an idle connection would hold the agent's end for a moment.
    undo.push(client.close);
    await within(options.timeoutMs ?? REGISTER_TIMEOUT_MS, registered, logs);
    let version = 1;
    return {
      port: agent.port,
      engine,
      calls: engine.calls,
      logs,
      registrationState: agent.registrationState,
      info: async (callOptions) => infoFromMessage(await client.call('Info', {}, callOptions)),
      execute: (actionId, params, callOptions) => execute(client, actionId, params, callOptions),
      healthCheck: async (callOptions) => {
        const { healthy, message } = await client.call('HealthCheck', {}, callOptions);
        return { healthy, message };
      },
      configUpdated: async (config, callOptions) => {
        setConfig({ ...config });
        const reply = await client.call('ConfigUpdated', { config, version: ++version }, callOptions);
        if (!reply.acknowledged) throw new Error(reply.error);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
