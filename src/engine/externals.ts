import { parseHostPort } from '../support/address.ts';
import { backoffMs } from '../support/backoff.ts';
import { messageOf } from '../support/errors.ts';
import { shakeHands } from './handshake.ts';
import { createInstance, type Instance, type Registry } from './registry.ts';
import type { ExternalAgent } from './types.ts';

const MAX_WAIT_MS = 10_000;
/** Instance ids of listed agents; none that registers may have one. */
export const EXTERNAL_PREFIX = 'external:';

/** Whether an instance came from the engine's list and not by itself. */
const isExternal = (instance: Instance): boolean => instance.instanceId.startsWith(EXTERNAL_PREFIX);

/**
 * Dials the agents of the static list and keeps trying. An agent of the same name that registers itself takes its
 * place (guide, "Registering Your Agent with the Engine").
 */
export class Externals {
  readonly #registry: Registry;
  readonly #agents: readonly ExternalAgent[];
  readonly #tenantId: string;
  readonly #signal: AbortSignal;
  readonly #onJoined: (instance: Instance) => void;
  readonly #onFailed: (name: string, reason: string) => void;
  readonly #remove: (instanceId: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: {
    readonly registry: Registry;
    readonly agents: readonly ExternalAgent[];
    readonly tenantId: string;
    /** Fires when the engine stops. */
    readonly signal: AbortSignal;
    readonly onJoined: (instance: Instance) => void;
    readonly onFailed: (name: string, reason: string) => void;
    readonly remove: (instanceId: string) => void;
  }) {
    this.#registry = options.registry;
    this.#agents = options.agents;
    this.#tenantId = options.tenantId;
    this.#signal = options.signal;
    this.#onJoined = options.onJoined;
    this.#onFailed = options.onFailed;
    this.#remove = options.remove;
  }

  start(): void {
    for (const agent of this.#agents) void this.#look(agent, 1);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** An instance that registered itself: the listed one of its name, if there is one, makes room. */
  yieldTo(joined: Instance): void {
    if (isExternal(joined)) return;
    for (const instance of this.#registry.agent(joined.tenantId, joined.name) ?? [])
      if (isExternal(instance)) this.#remove(instance.instanceId);
  }

  /** Joins the agent when nobody of its name is there, and looks again later. */
  async #look(agent: ExternalAgent, attempt: number): Promise<void> {
    const isThere = this.#registry.agent(this.#tenantId, agent.name) !== undefined;
    const failed = !isThere && !(await this.#join(agent));
    if (this.#signal.aborted) return;
    const next = failed ? attempt + 1 : 1;
    const timer = setTimeout(() => void this.#look(agent, next), backoffMs(attempt, MAX_WAIT_MS));
    this.#timers.set(agent.name, timer);
  }

  async #join({ name, address: advertised }: ExternalAgent): Promise<boolean> {
    const request = {
      name,
      version: '',
      grpc_addr: advertised,
      plugin_type: 0,
      instance_id: `${EXTERNAL_PREFIX}${name}`,
      tenant_id: this.#tenantId,
    };
    const host = parseHostPort(advertised)?.host;
    try {
      const met = await shakeHands(request, 'unknown', {
        allowHosts: host === undefined ? [] : [host],
        signal: this.#signal,
      });
      // While we asked, it may have registered itself, or the engine may have begun to stop.
      if (this.#signal.aborted || this.#registry.agent(this.#tenantId, name) !== undefined) {
        met.client.close();
        return true;
      }
      const instance = createInstance(request, 'unknown', met);
      this.#registry.put(instance);
      this.#onJoined(instance);
      return true;
    } catch (error) {
      if (!this.#signal.aborted) this.#onFailed(name, messageOf(error));
      return false;
    }
  }
}
