import { messageOf } from '../support/errors.ts';
import type { Instance, Registry } from './registry.ts';
import type { Health } from './types.ts';

const PROBE_TIMEOUT_MS = 5_000;

/** What a probe found. */
export interface ProbeResult {
  readonly health: Health;
  readonly message: string;
}

/** Asks one instance; an RPC error counts as unhealthy (protocol.md §6, "Health probe"). */
async function probe(instance: Instance): Promise<ProbeResult> {
  try {
    const reply = await instance.client.call(
      'HealthCheck',
      {},
      { timeoutMs: PROBE_TIMEOUT_MS, peer: instance.language },
    );
    return reply.healthy
      ? { health: 'healthy', message: reply.message || 'ok' }
      : { health: 'unhealthy', message: reply.message || 'reported no reason' };
  } catch (error) {
    return { health: 'unhealthy', message: `health check failed: ${messageOf(error)}` };
  }
}

/** Probes every instance now and then, and tells when one has not been heard of for too long. */
export class Prober {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #registry: Registry;
  readonly #intervalMs: number;
  readonly #leaseMs: number;
  readonly #onResult: (instance: Instance, result: ProbeResult) => void;
  readonly #onExpired: (instance: Instance) => void;

  constructor(options: {
    readonly registry: Registry;
    /** Milliseconds between the end of one probe and the next. */
    readonly intervalMs: number;
    /** Milliseconds without heartbeat after which an instance is given up. */
    readonly leaseMs: number;
    readonly onResult: (instance: Instance, result: ProbeResult) => void;
    readonly onExpired: (instance: Instance) => void;
  }) {
    this.#registry = options.registry;
    this.#intervalMs = options.intervalMs;
    this.#leaseMs = options.leaseMs;
    this.#onResult = options.onResult;
    this.#onExpired = options.onExpired;
  }

  /** Probes at once, then at the interval, as long as exactly this registration stands. */
  watch(instance: Instance): void {
    clearTimeout(this.#timers.get(instance.instanceId));
    const stands = () => this.#registry.get(instance.instanceId) === instance;
    const round = async () => {
      const result = await probe(instance);
      if (!stands()) return;
      this.#onResult(instance, result);
      if (performance.now() - instance.lastSeenMs > this.#leaseMs) {
        this.#onExpired(instance);
        return;
      }
      this.#timers.set(instance.instanceId, setTimeout(round, this.#intervalMs));
    };
    void round();
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
