import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkGates, formatGateFailure, type Plugin, type PluginInfo } from '../contract/index.ts';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import {
  createClient,
  createServer,
  type EngineConnection,
  type WireClient,
  WireError,
} from '../wire/index.ts';
import { createEngineClient } from './engine-client.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { createPluginService } from './plugin-service.ts';
import { type Registration, startRegistration } from './registration.ts';
import { keepState, type RegistrationState } from './registration-state.ts';
import { type ConfigSecrets, createConfigSecrets, learnFrom, redactSecrets } from './secrets.ts';
import { type Environment, readSettings, type Settings } from './settings.ts';
import { traceConnection } from './telemetry/connection.ts';
import { startTelemetry } from './telemetry/start.ts';
import { NO_TELEMETRY, type Telemetry } from './telemetry/telemetry.ts';

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
  /** Where it stands with its engine; `stopped` once every socket is closed. */
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

/** How an agent is brought up. */
export interface StartOptions {
  readonly env: Environment;
  readonly log: Logger;
  /** Called with the port before registration starts. */
  readonly onListening?: (port: number) => void;
  /** Called with each state of the registration; what it throws is logged. */
  readonly onRegistration?: (state: RegistrationState) => void;
}

/** Says which call of the plugin failed; an error that the user can mend speaks for itself. */
async function callPlugin<T>(method: string, call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new Error(`${method}() of the plugin failed: ${messageOf(error)}`, { cause: error });
  }
}

/** What an agent is brought up with. */
interface Parts {
  readonly plugin: Plugin;
  readonly info: PluginInfo;
  readonly settings: Settings;
  readonly secrets: ConfigSecrets;
  readonly telemetry: Telemetry;
}

/** @param undo takes what must be undone when a later step fails */
async function bringUp(
  { plugin, info, settings, secrets, telemetry }: Parts,
  options: StartOptions,
  undo: (() => unknown)[],
): Promise<RunningAgent> {
  const { env, log } = options;
  const identity = { name: info.name, instanceId: randomUUID(), tenantId: settings.tenantId };
  const giveUp = new AbortController();
  const failing = new AbortController();
  const draining = new AbortController();
  const engine = connectEngine(settings.engineAddress, info.name);
  undo.push(() => engine?.close());
  const connection = engine ?? NO_ENGINE;
  const engineClient = createEngineClient(
    learnFrom(telemetry === NO_TELEMETRY ? connection : traceConnection(connection, telemetry), secrets),
    identity,
    settings.configTtlMs,
  );
  const state = keepState(settings.engineAddress, log, options.onRegistration);
  let registration: Registration | undefined;
  const server = createServer({
    services: {
      PluginService: createPluginService({
        plugin,
        instanceId: identity.instanceId,
        engineClient,
        stopping: giveUp.signal,
        failing: failing.signal,
        refusal: () =>
          registration?.isLicensed() === false ? 'the licence of this engine is inactive' : undefined,
        onInfo: (fresh) => {
          secrets.learnInfo(fresh);
          telemetry.learnInfo(fresh);
        },
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
  undo.push(() => server.close(0));
  const port = await server.listen(settings.listen).catch((error: unknown) => {
    throw new UserError({
      kind: 'usage',
      code: 'cannot-listen',
      message: `The agent cannot listen on ${env.MIRASTACK_PLUGIN_ADDR || ':0'}: ${systemCode(error) ?? messageOf(error)}.`,
      hint: 'Set MIRASTACK_PLUGIN_ADDR to a free host:port, or to :0 for any free port.',
      cause: error,
    });
  });
  await callPlugin('setEngineClient', () => plugin.setEngineClient?.(engineClient));
  options.onListening?.(port);
  if (engine !== undefined)
    registration = startRegistration(
      createLifecycle(engine, identity),
      { version: info.version, address: settings.advertisedAddress(port) },
      settings,
      state,
      log,
    );

  let stopped: Promise<void> | undefined;
  async function end(): Promise<void> {
    // Before anything else: whoever probes must hear it while the port is still open (faults.md C7).
    draining.abort();
    state.enter('draining');
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
    state.enter('stopped');
    await flushed;
    await telemetry.stop(endsAt - performance.now());
  }

  const agent: RunningAgent = {
    port,
    instanceId: identity.instanceId,
    registrationState: state.current,
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

/**
 * Brings an agent up inside this process: gates, then the port, then registration in the background.
 * It does not own the process: it sets no signal handler and prints no port line. `serve` does. When it
 * throws, it leaves nothing behind: no port, no connection, no OpenTelemetry set up for the process.
 * @throws GateError, UserError (usage) for a bad setting or an address that cannot be bound, or Error that
 *   names the method of the plugin that threw
 */
export async function startAgent(plugin: Plugin, options: StartOptions): Promise<RunningAgent> {
  const { env, log } = options;
  const info = await callPlugin('info', () => plugin.info());
  const violations = checkGates(info);
  if (violations.length > 0) throw new GateError(violations);
  const settings = readSettings(env);
  const secrets = createConfigSecrets();
  secrets.learnInfo(info);
  const telemetry = await startTelemetry(env, info, log);
  const undo: (() => unknown)[] = [() => telemetry.stop(0)];
  try {
    return await bringUp({ plugin, info, settings, secrets, telemetry }, options, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}
