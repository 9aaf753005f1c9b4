import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkGates, formatGateFailure, type Plugin } from '../contract/index.ts';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import {
  createClient,
  createServer,
  type EngineConnection,
  type WireClient,
  WireError,
} from '../wire/index.ts';
import { createEngineClient } from './engine-client.ts';
import type { Logger } from './logger.ts';
import { createPluginService } from './plugin-service.ts';
import { type Registration, type RegistrationState, startRegistration } from './registration.ts';
import { createConfigSecrets, learnFrom, redactSecrets } from './secrets.ts';
import { type Environment, readSettings } from './settings.ts';
import { traceConnection } from './telemetry/connection.ts';
import { startTelemetry } from './telemetry/start.ts';
import { NO_TELEMETRY } from './telemetry/telemetry.ts';

/** How long before the end of the shutdown budget running executions are told to give up. */
const ABORT_BEFORE_END_MS = 5_000;

/** The agent breaks a quality gate; nothing was bound. `violations` lists every one. */
export class GateError extends UserError {
  readonly violations: readonly string[];

  constructor(violations: readonly string[]) {
    super({ kind: 'usage', code: 'quality-gate', message: formatGateFailure(violations) });
    this.violations = violations;
  }
}

/** An agent that is serving. */
export interface RunningAgent {
  readonly port: number;
  readonly instanceId: string;
  registrationState(): RegistrationState;
  /**
   * Deregisters, stops taking calls, lets running ones finish within the shutdown budget (their signal
   * fires 5 s before its end), then closes every socket. Always resolves. Idempotent.
   */
  stop(): Promise<void>;
  /**
   * Ends as `stop` does, for a process that can no longer be trusted: running executions are told to give
   * up at once, and their callers get INTERNAL (faults.md C9).
   */
  fail(error: unknown): Promise<void>;
}

/** Every call fails, with what is missing. */
const NO_ENGINE: EngineConnection = {
  call: () =>
    Promise.reject(
      new WireError('FAILED_PRECONDITION', 'no engine is configured: set MIRASTACK_ENGINE_ADDR'),
    ),
};

function connectEngine(
  address: string | undefined,
  pluginName: string,
): WireClient<'EngineService'> | undefined {
  if (address === undefined) return undefined;
  return createClient({ service: 'EngineService', address, pluginName, keepalive: true });
}

/**
 * Brings an agent up inside this process: gates, then the port, then registration in the background.
 * It does not own the process: it sets no signal handler and prints no port line. `serve` does.
 * @param onListening called with the port before registration starts
 * @throws GateError, or UserError (usage) for a bad setting or an address that cannot be bound
 */
export async function startAgent(
  plugin: Plugin,
  options: {
    readonly env: Environment;
    readonly log: Logger;
    readonly onListening?: (port: number) => void;
  },
): Promise<RunningAgent> {
  const { env, log } = options;
  const info = await plugin.info();
  const violations = checkGates(info);
  if (violations.length > 0) throw new GateError(violations);
  const settings = readSettings(env);
  const secrets = createConfigSecrets();
  secrets.learnInfo(info);
  const telemetry = await startTelemetry(env, info, log);

  const instanceId = randomUUID();
  const giveUp = new AbortController();
  const failing = new AbortController();
  // One listener for each running call: as many as there are, and no leak.
  setMaxListeners(0, giveUp.signal, failing.signal);
  const draining = new AbortController();
  const engine = connectEngine(settings.engineAddress, info.name);
  const connection = engine ?? NO_ENGINE;
  const engineClient = createEngineClient(
    learnFrom(telemetry === NO_TELEMETRY ? connection : traceConnection(connection, telemetry), secrets),
    { name: info.name, instanceId, tenantId: settings.tenantId },
    settings.configTtlMs,
  );
  let registration: Registration | undefined;
  const server = createServer({
    services: {
      PluginService: createPluginService({
        plugin,
        instanceId,
        engineClient,
        stopping: giveUp.signal,
        failing: failing.signal,
        refusal: () =>
          registration?.isLicensed() === false ? 'the licence of this engine is inactive' : undefined,
        onInfo: secrets.learnInfo,
        onConfigUpdated: (config) => {
          secrets.learnConfig(config);
          engineClient.dropConfig();
        },
        telemetry,
      }),
    },
    onInternalError: (error, method) =>
      log.error('call failed', { method, error: redactSecrets(messageOf(error)) }),
    draining: draining.signal,
  });
  const port = await server.listen(settings.listen).catch((error: unknown) => {
    throw new UserError({
      kind: 'usage',
      code: 'cannot-listen',
      message: `The agent cannot listen on ${env.MIRASTACK_PLUGIN_ADDR || ':0'}: ${systemCode(error) ?? messageOf(error)}.`,
      hint: 'Set MIRASTACK_PLUGIN_ADDR to a free host:port, or to :0 for any free port.',
      cause: error,
    });
  });
  plugin.setEngineClient?.(engineClient);
  options.onListening?.(port);
  if (engine !== undefined)
    registration = startRegistration(
      engine,
      { name: info.name, version: info.version, instanceId, address: settings.advertisedAddress(port) },
      settings,
      log,
    );

  let stopped: Promise<void> | undefined;
  async function end(): Promise<void> {
    // Before anything else: whoever probes must hear it while the port is still open (faults.md C7).
    draining.abort();
    const endsAt = performance.now() + settings.shutdownTimeoutMs;
    const timer = setTimeout(
      () => giveUp.abort(new Error('the agent is stopping')),
      Math.max(0, settings.shutdownTimeoutMs - ABORT_BEFORE_END_MS),
    );
    await registration?.stop();
    // The delay is part of the budget, and leaves calls the time to hear their signal and answer.
    const spareMs = endsAt - performance.now() - ABORT_BEFORE_END_MS;
    if (!failing.signal.aborted) await sleep(Math.max(0, Math.min(settings.drainDelayMs, spareMs)));
    // What there is goes out before the server closes, and the rest once running calls have ended.
    const flushed = telemetry.flush();
    await server.close(Math.max(0, endsAt - performance.now()));
    clearTimeout(timer);
    engine?.close();
    await flushed;
    await telemetry.stop(endsAt - performance.now());
  }

  const agent: RunningAgent = {
    port,
    instanceId,
    registrationState: () => registration?.state() ?? 'unregistered',
    stop: () => {
      stopped ??= end();
      return stopped;
    },
    fail: (error) => {
      failing.abort(error);
      giveUp.abort(error);
      return agent.stop();
    },
  };
  return agent;
}
