import { messageOf } from '../support/errors.ts';
import type { ConfigStore } from './config-store.ts';
import type { EventHub } from './events.ts';
import { excerpt } from './excerpt.ts';
import type { Instance, Registry } from './registry.ts';
import type { Secrets } from './secrets.ts';
import type { ConfigAnswer, ConfigChange } from './types.ts';

const PUSH_TIMEOUT_MS = 10_000;
const MAX_ERROR = 4 * 1024;

/**
 * Changes settings and tells every instance, one change of an agent after the other: the last one told is the last one
 * made. An agent that takes its time holds up nobody else's settings.
 */
export class ConfigPusher {
  readonly #registry: Registry;
  readonly #config: ConfigStore;
  readonly #events: EventHub;
  readonly #signal: AbortSignal;
  readonly #secrets: Secrets;
  /** The last change under way of each agent. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(parts: {
    readonly registry: Registry;
    readonly config: ConfigStore;
    readonly events: EventHub;
    readonly secrets: Secrets;
    /** Fires when the engine stops. */
    readonly signal: AbortSignal;
  }) {
    this.#registry = parts.registry;
    this.#config = parts.config;
    this.#events = parts.events;
    this.#secrets = parts.secrets;
    this.#signal = parts.signal;
  }

  /** @throws UserError unknown-config-key, bad-config-value */
  change(tenantId: string, agent: string, key: string, value: string | undefined): Promise<ConfigChange> {
    const place = `${tenantId}/${agent}`;
    const before = this.#last.get(place) ?? Promise.resolve();
    const change = before.then(async () => {
      await this.#config.set(tenantId, agent, key, value);
      const { config, version } = this.#config.snapshot(tenantId, agent);
      const instances = this.#registry.agent(tenantId, agent) ?? [];
      const answers = await Promise.all(instances.map((instance) => this.#push(instance, config, version)));
      const result = { version, answers };
      this.#events.emit({ type: 'config-updated', agent, key, change: result });
      return result;
    });
    const ended = change
      .catch(() => undefined)
      .finally(() => {
        if (this.#last.get(place) === ended) this.#last.delete(place);
      });
    this.#last.set(place, ended);
    return change;
  }

  async #push(
    instance: Instance,
    config: Readonly<Record<string, string>>,
    version: number,
  ): Promise<ConfigAnswer> {
    const { instanceId } = instance;
    try {
      const { acknowledged, error } = await instance.client.call(
        'ConfigUpdated',
        { config: { ...config }, version },
        { timeoutMs: PUSH_TIMEOUT_MS, peer: instance.language, signal: this.#signal },
      );
      return this.#answer(instanceId, acknowledged ? undefined : error || 'it gave no reason');
    } catch (error) {
      return this.#answer(instanceId, messageOf(error));
    }
  }

  /** An agent that cannot use a secret may say so with the secret in its words. */
  #answer(instanceId: string, error: string | undefined): ConfigAnswer {
    const text = error === undefined ? '' : excerpt(this.#secrets.maskText(error), MAX_ERROR);
    return { instanceId, acknowledged: error === undefined, error: text };
  }
}
