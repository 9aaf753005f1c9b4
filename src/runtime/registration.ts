import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../support/backoff.ts';
import { messageOf } from '../support/errors.ts';
import { type EngineConnection, type LicenseContext, PLUGIN_TYPE_AGENT } from '../wire/index.ts';
import type { Logger } from './logger.ts';
import {
  classifyRegistrationError,
  type RegistrationProblem,
  RegistrationRefused,
} from './registration-reason.ts';
import { MAX_HEARTBEAT_SECONDS, type Settings } from './settings.ts';

const REGISTER_TIMEOUT_MS = 10_000;
const HEARTBEAT_TIMEOUT_MS = 10_000;
/** An engine that hangs must not hold the agent's exit (faults.md A15). */
const DEREGISTER_TIMEOUT_MS = 2_000;
/** One log line for this many heartbeats lost in a row. */
const LOG_EVERY = 10;
/** A licence is renewed by people; asking for it every minute is enough (faults.md A6). */
const LICENCE_PROBE_MS = 60_000;

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
  /** Whether the engine's last word on the licence allows new work. True until it says otherwise. */
  readonly isLicensed: () => boolean;
  /** Ends the loop and tells the engine; an engine that does not answer holds it for 4 s at most. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts to register in the background and never gives up. A heartbeat that the engine answers with
 * `re_register_required` leads to a full registration again (protocol.md §4.2, §4.3).
 */
export function startRegistration(
  connection: EngineConnection,
  identity: RegistrationIdentity,
  settings: Settings,
  log: Logger,
): Registration {
  const stopping = new AbortController();
  /** Ends the calls that the goodbye could not wait for. */
  const over = new AbortController();
  const instance = { name: identity.name, instance_id: identity.instanceId };
  let state: RegistrationState = 'unregistered';
  let heartbeatMs = settings.heartbeatIntervalMs;
  let licensed = true;

  const enter = (next: RegistrationState, fields = {}) => {
    // What was still under way when the agent began to stop must not bring it back.
    const isOver = stopping.signal.aborted && next !== 'draining' && next !== 'stopped';
    if (state === next || isOver) return;
    state = next;
    log.info(`registration ${next}`, { engine: settings.engineAddress, ...fields });
  };

  /** A reply without a licence says nothing new about it (protocol.md §4.4). */
  const readLicence = (licence: LicenseContext | undefined) => {
    if (licence === undefined || licence.active === licensed) return;
    licensed = licence.active;
    if (licensed) log.info('licence active again', { tier: licence.effective_tier });
    else log.warn('licence inactive: new executions are refused', { tier: licence.effective_tier });
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
    const reply = await connection.call('RegisterPlugin', request, {
      timeoutMs: REGISTER_TIMEOUT_MS,
      signal: over.signal,
    });
    if (!reply.success) throw new RegistrationRefused(`the engine refused: ${reply.error}`);
    readLicence(reply.license);
    return reply.plugin_id;
  }

  function waitMs(pace: RegistrationProblem['pace'], attempt: number): number {
    if (pace === 'slow') return settings.backoffMaxMs;
    // A lowered bound, as tests and dev set it, lowers this one too.
    if (pace === 'licence') return Math.min(LICENCE_PROBE_MS, 2 * settings.backoffMaxMs);
    return backoffMs(attempt, settings.backoffMaxMs);
  }

  async function registerUntilAccepted(): Promise<void> {
    enter('registering');
    let lastProblem = '';
    for (let attempt = 1; ; attempt++) {
      let pace: RegistrationProblem['pace'];
      try {
        enter('registered', { plugin_id: await register() });
        return;
      } catch (error) {
        if (stopping.signal.aborted) throw error;
        const { reason, needsOperatorAction, ...problem } = classifyRegistrationError(error);
        pace = problem.pace;
        // What repeats is told once: an agent may wait for its engine for days.
        if (reason + messageOf(error) !== lastProblem)
          log.warn('registration pending, will retry', {
            attempt,
            reason,
            needs_operator_action: needsOperatorAction,
            error: messageOf(error),
          });
        lastProblem = reason + messageOf(error);
      }
      await sleep(waitMs(pace, attempt), undefined, { signal: stopping.signal });
    }
  }

  /** Resolves when the engine asks for a new registration. */
  async function keepAlive(): Promise<void> {
    for (let failures = 0; ; ) {
      await sleep(heartbeatMs, undefined, { signal: stopping.signal });
      try {
        const reply = await connection.call('Heartbeat', instance, {
          timeoutMs: HEARTBEAT_TIMEOUT_MS,
          signal: over.signal,
        });
        const recommended = reply.heartbeat_interval_seconds ?? 0;
        if (recommended > 0 && !settings.heartbeatIntervalFixed)
          heartbeatMs = Math.min(recommended, MAX_HEARTBEAT_SECONDS) * 1_000;
        if (failures > 0) enter('registered');
        failures = 0;
        readLicence(reply.license);
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
    isLicensed: () => licensed,
    stop: () => {
      stopped ??= (async () => {
        stopping.abort();
        enter('draining');
        const deregister = () =>
          connection.call('DeregisterPlugin', instance, { timeoutMs: DEREGISTER_TIMEOUT_MS });
        try {
          await deregister();
          // A registration still in flight would outlive the goodbye; take it back as well.
          const raced = await Promise.race([loop.then(() => false), sleep(0, true)]);
          if (raced) await Promise.race([loop.then(deregister), sleep(DEREGISTER_TIMEOUT_MS)]);
        } catch (error) {
          log.warn('deregistration failed', { error: messageOf(error) });
        }
        over.abort();
        await loop;
        enter('stopped');
      })();
      return stopped;
    },
  };
}
