import { setTimeout as sleep } from 'node:timers/promises';
import { type CallContext, WireError } from '../wire/index.ts';
import type { EventHub } from './events.ts';
import type { Registry } from './registry.ts';

/** What one agent may write (log events, results, cache values): this many a second, and a burst of so many seconds. */
const WRITES_PER_S = 500;
const BURST_S = 4;
/** A writer that is too fast waits this long for its refusal, so that it cannot be fast at being refused. */
const PENALTY_MS = 1_000;
const MAX_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Knows who may call: agents of a served tenant, under their own names and at a bearable pace. */
export class Callers {
  readonly #registry: Registry;
  readonly #tenantIds: readonly string[];
  readonly #events: EventHub;
  readonly #signal: AbortSignal;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: {
    readonly registry: Registry;
    readonly tenantIds: readonly string[];
    readonly events: EventHub;
    /** Fires when the engine stops. */
    readonly signal: AbortSignal;
  }) {
    this.#registry = options.registry;
    this.#tenantIds = options.tenantIds;
    this.#events = options.events;
    this.#signal = options.signal;
  }

  /**
   * Checks the tenant of a call against the caller's registration (protocol.md §6, "Tenant check"). An agent that has
   * not registered yet may call already: agents read their configuration while they start.
   * @param name what the message says who calls, where it has a field for that
   * @returns the caller's name; undefined for Python agents in calls whose message has none
   * @throws WireError INVALID_ARGUMENT, PERMISSION_DENIED
   */
  check(
    method: string,
    tenantId: string,
    { pluginName }: Pick<CallContext, 'pluginName'>,
    name?: string,
  ): string | undefined {
    const caller = name || pluginName;
    if (tenantId === '') throw new WireError('INVALID_ARGUMENT', `tenant_id is required for ${method}`);
    if (!this.#tenantIds.includes(tenantId))
      this.refuse(
        method,
        caller,
        `tenant ${JSON.stringify(tenantId)} is not active: tenants: tenant not found`,
      );
    if (name !== undefined && pluginName !== undefined && name !== pluginName)
      this.refuse(method, pluginName, `${pluginName} called in the name of ${JSON.stringify(name)}`);
    if (caller !== undefined && !this.#registry.isTenantOf(caller, tenantId))
      this.refuse(method, caller, `${caller} is registered for another tenant`);
    return caller;
  }

  /** Notes what was asked for without a right to it. @throws WireError PERMISSION_DENIED, always */
  refuse(method: string, caller: string | undefined, reason: string): never {
    this.#events.emit({ type: 'refused', agent: caller ?? '', method, reason });
    throw new WireError('PERMISSION_DENIED', reason);
  }

  /**
   * Lets a caller write, unless it does so faster than the engine's other callers can bear (faults.md T8).
   * @throws WireError RESOURCE_EXHAUSTED, after a wait
   */
  async admitWrite(method: string, caller: string | undefined): Promise<void> {
    const key = caller ?? '';
    const bucket = this.#bucketOf(key);
    const nowMs = performance.now();
    const earned = ((nowMs - bucket.filledAtMs) / 1_000) * WRITES_PER_S;
    bucket.tokens = Math.min(WRITES_PER_S * BURST_S, bucket.tokens + earned);
    bucket.filledAtMs = nowMs;
    if (bucket.tokens >= 1) {
      bucket.tokens--;
      return;
    }
    const reason = `${key || 'an agent'} writes more than ${WRITES_PER_S} times a second; ${method} is refused`;
    this.#events.warn(key, reason);
    await sleep(PENALTY_MS, undefined, { signal: this.#signal }).catch(() => undefined);
    throw new WireError('RESOURCE_EXHAUSTED', reason);
  }

  #bucketOf(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    // Strangers choose the names.
    if (this.#buckets.size >= MAX_BUCKETS) this.#buckets.clear();
    const bucket = { tokens: WRITES_PER_S * BURST_S, filledAtMs: performance.now() };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
