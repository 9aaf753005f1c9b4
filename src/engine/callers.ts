import { setTimeout as sleep } from 'node:timers/promises';
import { type CallContext, type PeerLanguage, WireError } from '../wire/index.ts';
import type { EventHub } from './events.ts';
import { Pace } from './pace.ts';
import type { Registry } from './registry.ts';

/** What one agent may write (log events, results, cache values): this many a second, and a burst of so many seconds. */
const WRITES_PER_S = 500;
const BURST_S = 4;
/** And these many bytes: what is read and thrown away at once stands in memory until it is collected. */
const BYTES_PER_S = 4 * 1024 * 1024;
const BURST_BYTES = 8 * 1024 * 1024;
/** A writer that is too fast waits this long for its refusal, so that it cannot be fast at being refused. */
const PENALTY_MS = 1_000;

/** SDKs that say with every call which agent it comes from; the stock Python SDK does not (protocol.md §1.4). */
const NAMES_ITSELF: ReadonlySet<PeerLanguage> = new Set(['go', 'typescript', 'mended-python']);

/** Knows who may call: agents of a served tenant, under their own names and at a bearable pace. */
export class Callers {
  readonly #registry: Registry;
  readonly #tenantIds: readonly string[];
  readonly #events: EventHub;
  readonly #signal: AbortSignal;
  readonly #writes = new Pace({ perSecond: WRITES_PER_S, burst: WRITES_PER_S * BURST_S });
  readonly #bytes = new Pace({ perSecond: BYTES_PER_S, burst: BURST_BYTES });

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
    const claimed = name === '' ? undefined : name;
    const caller = claimed ?? pluginName;
    if (tenantId === '') throw new WireError('INVALID_ARGUMENT', `tenant_id is required for ${method}`);
    if (!this.#tenantIds.includes(tenantId))
      this.refuse(
        method,
        caller,
        `tenant ${JSON.stringify(tenantId)} is not active: tenants: tenant not found`,
      );
    if (claimed !== undefined && pluginName !== undefined && claimed !== pluginName)
      this.refuse(method, pluginName, `${pluginName} called in the name of ${JSON.stringify(claimed)}`);
    if (claimed !== undefined && pluginName === undefined) this.checkUnnamed(method, tenantId, claimed);
    if (caller !== undefined && !this.#registry.isTenantOf(caller, tenantId))
      this.refuse(method, caller, `${caller} is registered for another tenant`);
    return caller;
  }

  /**
   * Refuses a call that does not say whose it is and concerns an agent whose SDK would have said so: it is somebody
   * else's. That proves no more: who does say a name can say any.
   * @throws WireError PERMISSION_DENIED
   */
  checkUnnamed(method: string, tenantId: string, agent: string): void {
    const instances = this.#registry.agent(tenantId, agent) ?? [];
    if (instances.length > 0 && instances.every(({ language }) => NAMES_ITSELF.has(language)))
      this.refuse(method, undefined, `a caller that does not say its name asked for what is ${agent}'s`);
  }

  /** Whose share of a limit a call counts as: names that are not registered cost nothing, so they share one. */
  partyOf(caller: string | undefined): string {
    return caller !== undefined && this.#registry.named(caller).length > 0 ? caller : '';
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
  async admitWrite(method: string, caller: string | undefined, bytes: number): Promise<void> {
    const key = this.partyOf(caller);
    if (this.#writes.take(key) && this.#bytes.take(key, bytes)) return;
    const reason = `${key === '' ? 'what is not registered' : key} writes more than ${WRITES_PER_S} times or 4 MiB a second; ${method} is refused`;
    this.#events.warn(key, reason);
    await sleep(PENALTY_MS, undefined, { signal: this.#signal }).catch(() => undefined);
    throw new WireError('RESOURCE_EXHAUSTED', reason);
  }
}
