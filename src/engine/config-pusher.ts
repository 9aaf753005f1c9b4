import { messageOf } from '../support/errors.ts';
import type { ConfigStore } from './config-store.ts';
import type { EventHub } from './events.ts';
import type { Instance, Registry } from './registry.ts';
import type { ConfigAnswer, ConfigChange } from './types.ts';

const PUSH_TIMEOUT_MS = 10_000;

/** Changes settings and tells every instance, one change after the other: the last one told is the last one made. */
export class ConfigPusher {
  readonly #registry: Registry;
  readonly #config: ConfigStore;
  readonly #events: EventHub;
  readonly #signal: AbortSignal;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: {
    readonly registry: Registry;
    readonly config: ConfigStore;
    readonly events: EventHub;
    /** Fires when the engine stops. */
    readonly signal: AbortSignal;
  }) {
    this.#registry = parts.registry;
    this.#config = parts.config;
    this.#events = parts.events;
    this.#signal = parts.signal;
  }

  /** @throws UserError unknown-config-key, bad-config-value */
  change(tenantId: string, agent: string, key: string, value: string | undefined): Promise<ConfigChange> {
    const change = this.#last.then(async () => {
      await this.#config.set(tenantId, agent, key, value);
      const { config, version } = this.#config.snapshot(tenantId, agent);
      const instances = this.#registry.agent(tenantId, agent) ?? [];
      const answers = await Promise.all(instances.map((instance) => this.#push(instance, config, version)));
      const result = { version, answers };
      this.#events.emit({ type: 'config-updated', agent, key, change: result });
      return result;
    });
    this.#last = change.catch(() => undefined);
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
      return { instanceId, acknowledged, error: acknowledged ? '' : error || 'it gave no reason' };
    } catch (error) {
      return { instanceId, acknowledged: false, error: messageOf(error) };
    }
  }
}
