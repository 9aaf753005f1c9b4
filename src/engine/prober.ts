import { setMaxListeners } from 'node:events';
import { messageOf } from '../support/errors.ts';
import { excerpt } from './excerpt.ts';
import type { Instance, Registry } from './registry.ts';
import type { Health } from './views.ts';

const PROBE_TIMEOUT_MS = 5_000;
/** Node's timers wait no longer than 2^31 ms, and at once when told to. */
const MAX_TIMER_MS = 86_400_000;
/** Longer words of an agent are cut. */
const MAX_MESSAGE = 4 * 1024;

/** What a probe found. */
export interface ProbeResult {
  readonly health: Health;
  readonly message: string;
  /** False when there was no answer at all. */
  readonly answered: boolean;
}

/** Asks one instance; an RPC error counts as unhealthy (protocol.md §6, "Health probe"). */
async function probe(instance: Instance, signal: AbortSignal): Promise<ProbeResult> {
  const options = { timeoutMs: PROBE_TIMEOUT_MS, peer: instance.language, signal };
  try {
    const reply = await instance.client.call('HealthCheck', {}, options);
    return reply.healthy
      ? { answered: true, health: 'healthy', message: excerpt(reply.message || 'ok', MAX_MESSAGE) }
      : {
          answered: true,
          health: 'unhealthy',
          message: excerpt(reply.message || 'reported no reason', MAX_MESSAGE),
        };
  } catch (error) {
    return { answered: false, health: 'unhealthy', message: `health check failed: ${messageOf(error)}` };
  }
}

/**
 * Probes every instance now and then, and tells when one has given no sign of life for too long. An answered probe is
 * one: agents that keep their own interval send the first heartbeat 30 s after they registered (protocol.md §4.3). So
 * an instance whose lease ends is asked once more, whenever its next probe would be due.
 */
export class Prober {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** The probe under way or last made of each instance: an older one says nothing any more. */
  readonly #rounds = new WeakMap<Instance, symbol>();
  readonly #stopping = new AbortController();
  readonly #registry: Registry;
  readonly #intervalMs: number;
  readonly #leaseMs: number;
  readonly #onResult: (instance: Instance, result: ProbeResult) => void;
  readonly #onExpired: (instance: Instance) => void;

  constructor(options: {
    readonly registry: Registry;
    /** Milliseconds between the end of one probe and the next. */
    readonly intervalMs: number;
    /** Milliseconds without a sign of life after which an instance is given up. */
    readonly leaseMs: number;
    readonly onResult: (instance: Instance, result: ProbeResult) => void;
    readonly onExpired: (instance: Instance) => void;
  }) {
    this.#registry = options.registry;
    this.#intervalMs = options.intervalMs;
    this.#leaseMs = options.leaseMs;
    this.#onResult = options.onResult;
    this.#onExpired = options.onExpired;
    // Every probe under way listens for the end.
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Probes at once, then at the interval, as long as exactly this registration stands. */
  watch(instance: Instance): void {
    this.forget(instance.instanceId);
    void this.#round(instance);
  }

  /** An instance did not answer a call: it counts as unhealthy until it answers a probe, which begins now. */
  suspect(instance: Instance): void {
    if (!this.#stands(instance)) return;
    this.#onResult(instance, { answered: false, health: 'unhealthy', message: 'it did not answer a call' });
    this.watch(instance);
  }

  #stands(instance: Instance): boolean {
    return this.#registry.get(instance.instanceId) === instance && !this.#stopping.signal.aborted;
  }

  async #round(instance: Instance): Promise<void> {
    const round = Symbol('round');
    this.#rounds.set(instance, round);
    const result = await probe(instance, this.#stopping.signal);
    if (!this.#stands(instance) || this.#rounds.get(instance) !== round) return;
    if (result.answered) instance.lastSeenMs = performance.now();
    this.#onResult(instance, result);
    if (performance.now() - instance.lastSeenMs > this.#leaseMs) this.#onExpired(instance);
    else this.#arm(instance, performance.now() + this.#intervalMs);
  }

  /** Waits for the next probe, or for the end of the lease where that is sooner; heartbeats move the latter. */
  #arm(instance: Instance, probeAtMs: number): void {
    const dueMs = () => Math.min(probeAtMs, instance.lastSeenMs + this.#leaseMs + 1);
    const wake = () => {
      if (performance.now() >= dueMs()) void this.#round(instance);
      else this.#arm(instance, probeAtMs);
    };
    const waitMs = Math.min(Math.ceil(dueMs() - performance.now()), MAX_TIMER_MS);
    this.#timers.set(instance.instanceId, setTimeout(wake, Math.max(1, waitMs)));
  }

  /** Ends the probes of an instance that is gone. */
  forget(instanceId: string): void {
    clearTimeout(this.#timers.get(instanceId));
    this.#timers.delete(instanceId);
  }

  stop(): void {
    this.#stopping.abort();
    for (const instanceId of [...this.#timers.keys()]) this.forget(instanceId);
  }
}
