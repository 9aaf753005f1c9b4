import { setTimeout as sleep } from 'node:timers/promises';
import type { License, RegistrationRequest } from '../contract/index.ts';
import { backoffMs } from '../support/backoff.ts';
import { messageOf } from '../support/errors.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { classifyRegistrationError, type RegistrationProblem } from './registration-reason.ts';
import type { StateKeeper } from './registration-state.ts';
import type { Settings } from './settings.ts';

const REGISTER_TIMEOUT_MS = 10_000;
const HEARTBEAT_TIMEOUT_MS = 10_000;
/** An engine that hangs must not hold the agent's exit (faults.md A15). */
const DEREGISTER_TIMEOUT_MS = 2_000;
/** One log line for this many heartbeats lost in a row. */
const LOG_EVERY = 10;
/** A licence is renewed by people; asking for it every minute is enough (faults.md A6). */
const LICENCE_PROBE_MS = 60_000;

/** An agent's relation to one engine: registers until accepted, then keeps it alive. */
export interface Registration {
  /** Whether the engine's last word on the licence allows new work. True until it says otherwise. */
  readonly isLicensed: () => boolean;
  /** Ends the loop and tells the engine; an engine that does not answer holds it for 4 s at most. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts to register in the background and never gives up. A heartbeat that the engine answers with
 * `re_register_required` leads to a full registration again (protocol.md §4.2, §4.3).
 * @param enter follows where the agent stands; that it drains and has stopped is entered by the agent
 */
export function startRegistration(
  engine: Lifecycle,
  request: RegistrationRequest,
  settings: Settings,
  { enter }: StateKeeper,
  log: Logger,
): Registration {
  const stopping = new AbortController();
  /** Ends the calls that the goodbye could not wait for. */
  const over = new AbortController();
  let heartbeatMs = settings.heartbeatIntervalMs;
  let licensed = true;

  /** A reply without a licence says nothing new about it (protocol.md §4.4). */
  const readLicence = (licence: License | undefined) => {
    if (licence === undefined || licence.active === licensed) return;
    licensed = licence.active;
    if (licensed) log.info('licence active again', { tier: licence.effectiveTier });
    else log.warn('licence inactive: new executions are refused', { tier: licence.effectiveTier });
  };

  /** @returns the plugin id. @throws when the engine refused or was not reached */
  async function register(): Promise<string> {
    const { pluginId, license } = await engine.register(request, {
      timeoutMs: REGISTER_TIMEOUT_MS,
      signal: over.signal,
    });
    readLicence(license);
    return pluginId;
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
        const reply = await engine.heartbeat({ timeoutMs: HEARTBEAT_TIMEOUT_MS, signal: over.signal });
        const recommended = reply.heartbeatIntervalSeconds;
        if (recommended !== undefined && !settings.heartbeatIntervalFixed) heartbeatMs = recommended * 1_000;
        readLicence(reply.license);
        if (reply.reRegisterRequired) return;
        if (failures > 0) enter('registered');
        failures = 0;
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
    isLicensed: () => licensed,
    stop: () => {
      stopped ??= (async () => {
        stopping.abort();
        const deregister = () => engine.deregister({ timeoutMs: DEREGISTER_TIMEOUT_MS });
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
      })();
      return stopped;
    },
  };
}
