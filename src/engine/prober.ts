import { setMaxListeners } from 'node:events';
import { messageOf } from '../support/errors.ts';
import type { Instance, Registry } from './registry.ts';
import type { Health } from './views.ts';

const PROBE_TIMEOUT_MS = 5_000;

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
      ? { answered: true, health: 'healthy', message: reply.message || 'ok' }
      : { answered: true, health: 'unhealthy', message: reply.message || 'reported no reason' };
  } catch (error) {
    return { answered: false, health: 'unhealthy', message: `health check failed: ${messageOf(error)}` };
  }
}

/**
 * Probes every instance now and then, and tells when one has given no sign of life for too long. An answered probe is
 * one: agents that keep their own interval send the first heartbeat 30 s after they registered (protocol.md §4.3).
 */
export class Prober {
  readonly #timers = new Map<string, NodeJS.Timeout>();
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
    const stands = () =>
      this.#registry.get(instance.instanceId) === instance && !this.#stopping.signal.aborted;
    const round = async () => {
      const result = await probe(instance, this.#stopping.signal);
      if (!stands()) return;
      if (result.answered) instance.lastSeenMs = performance.now();
      this.#onResult(instance, result);
      if (performance.now() - instance.lastSeenMs > this.#leaseMs) this.#onExpired(instance);
      else this.#timers.set(instance.instanceId, setTimeout(round, this.#intervalMs));
    };
    void round();
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
