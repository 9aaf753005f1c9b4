import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../support/backoff.ts';
import { messageOf } from '../support/errors.ts';
import { createClient, PLUGIN_TYPE_AGENT, type WireClient } from '../wire/index.ts';
import type { Logger } from './logger.ts';
import type { Settings } from './settings.ts';

const REGISTER_TIMEOUT_MS = 10_000;
const HEARTBEAT_TIMEOUT_MS = 10_000;
/** An engine that hangs must not hold the agent's exit (faults.md A15). */
const DEREGISTER_TIMEOUT_MS = 2_000;
/** Intervals beyond it overflow timers and become a flood (faults.md 0.11). */
const MAX_HEARTBEAT_SECONDS = 300;
/** One log line for this many heartbeats lost in a row. */
const LOG_EVERY = 10;

/** Where the agent stands with its engine. */
export type RegistrationState =
  | 'unregistered'
  | 'registering'
  | 'registered'
  | 'lost'
  | 'draining'
  | 'stopped';

/** Who registers. */
export interface RegistrationIdentity {
  readonly name: string;
  readonly version: string;
  readonly instanceId: string;
  /** `host:port` at which the engine calls back. */
  readonly address: string;
}

/** An agent's relation to one engine: registers until accepted, then keeps it alive. */
export interface Registration {
  readonly state: () => RegistrationState;
  /** Ends the loop and tells the engine; resolves within 2 s of the last running call. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts to register in the background and never gives up. A heartbeat that the engine answers with
 * `re_register_required` leads to a full registration again (protocol.md §4.2, §4.3).
 */
export function startRegistration(
  engineAddress: string,
  identity: RegistrationIdentity,
  settings: Settings,
  log: Logger,
): Registration {
  const client: WireClient<'EngineService'> = createClient({
    service: 'EngineService',
    address: engineAddress,
    pluginName: identity.name,
    keepalive: true,
  });
  const stopping = new AbortController();
  const instance = { name: identity.name, instance_id: identity.instanceId };
  let state: RegistrationState = 'unregistered';
  let heartbeatMs = settings.heartbeatIntervalMs;

  const enter = (next: RegistrationState, fields = {}) => {
    // What was still under way when the agent began to stop must not bring it back.
    const isOver = stopping.signal.aborted && next !== 'draining' && next !== 'stopped';
    if (state === next || isOver) return;
    state = next;
    log.info(`registration ${next}`, { engine: engineAddress, ...fields });
  };

  /** @returns the plugin id. @throws when the engine refused or was not reached */
  async function register(): Promise<string> {
    const request = {
      ...instance,
      version: identity.version,
      grpc_addr: identity.address,
      plugin_type: PLUGIN_TYPE_AGENT,
      tenant_id: settings.tenantId,
    };
    const reply = await client.call('RegisterPlugin', request, { timeoutMs: REGISTER_TIMEOUT_MS });
    if (!reply.success) throw new Error(`the engine refused: ${reply.error}`);
    return reply.plugin_id;
  }

  async function registerUntilAccepted(): Promise<void> {
    enter('registering');
    let lastProblem = '';
    for (let attempt = 1; ; attempt++) {
      try {
        enter('registered', { plugin_id: await register() });
        return;
      } catch (error) {
        const problem = messageOf(error);
        if (problem !== lastProblem)
          log.warn('registration pending, will retry', { attempt, error: problem });
        lastProblem = problem;
      }
      await sleep(backoffMs(attempt, settings.backoffMaxMs), undefined, { signal: stopping.signal });
    }
  }

  /** Resolves when the engine asks for a new registration. */
  async function keepAlive(): Promise<void> {
    for (let failures = 0; ; ) {
      await sleep(heartbeatMs, undefined, { signal: stopping.signal });
      try {
        const reply = await client.call('Heartbeat', instance, { timeoutMs: HEARTBEAT_TIMEOUT_MS });
        const recommended = reply.heartbeat_interval_seconds ?? 0;
        if (recommended > 0 && !settings.heartbeatIntervalFixed)
          heartbeatMs = Math.min(recommended, MAX_HEARTBEAT_SECONDS) * 1_000;
        if (failures > 0) enter('registered');
        failures = 0;
        if (reply.re_register_required) return;
      } catch (error) {
        if (failures === 0) enter('lost', { error: messageOf(error) });
        else if (failures % LOG_EVERY === 0)
          log.warn('heartbeats still fail', { failures, error: messageOf(error) });
        failures++;
      }
    }
  }

  const loop = (async () => {
    try {
      for (;;) {
        await registerUntilAccepted();
        await keepAlive();
      }
    } catch (error) {
      if (!stopping.signal.aborted) log.error('registration ended', { error: messageOf(error) });
    }
  })();

  let stopped: Promise<void> | undefined;
  return {
    state: () => state,
    stop: () => {
      stopped ??= (async () => {
        stopping.abort();
        enter('draining');
        const deregister = () =>
          client.call('DeregisterPlugin', instance, { timeoutMs: DEREGISTER_TIMEOUT_MS });
        try {
          await deregister();
          // A registration still in flight would outlive the goodbye; take it back as well.
          const raced = await Promise.race([loop.then(() => false), sleep(0, true)]);
          if (raced) await Promise.race([loop.then(deregister), sleep(DEREGISTER_TIMEOUT_MS)]);
        } catch (error) {
          log.warn('deregistration failed', { error: messageOf(error) });
        }
        client.close();
        enter('stopped');
      })();
      return stopped;
    },
  };
}
