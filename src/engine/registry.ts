import { randomBytes } from 'node:crypto';
import type { PluginInfo } from '../contract/index.ts';
import type { WireClient } from '../wire/index.ts';
import type { AgentLanguage, AgentView, Health, InstanceView } from './types.ts';

/** One running process of an agent, as the engine holds it. */
export interface Instance {
  readonly name: string;
  readonly tenantId: string;
  readonly instanceId: string;
  readonly pluginId: string;
  readonly address: string;
  readonly advertisedAddress: string;
  readonly language: AgentLanguage;
  readonly info: PluginInfo;
  readonly client: WireClient<'PluginService'>;
  readonly notExecutable: string | undefined;
  health: Health;
  healthMessage: string;
  /** Monotonic milliseconds of the last sign of life: registration, heartbeat or an answered probe. */
  lastSeenMs: number;
}

/** What an agent looks like from outside. */
export function viewInstance(instance: Instance): InstanceView {
  const { instanceId, pluginId, address, advertisedAddress, language, health, healthMessage, notExecutable } =
    instance;
  return {
    instanceId,
    pluginId,
    address,
    advertisedAddress,
    language,
    health,
    healthMessage,
    ...(notExecutable === undefined ? {} : { notExecutable }),
  };
}

function mergeHealth(instances: readonly Instance[]): Health {
  if (instances.some((instance) => instance.health === 'healthy')) return 'healthy';
  return instances.some((instance) => instance.health === 'unknown') ? 'unknown' : 'unhealthy';
}

function viewAgent(instances: readonly Instance[], newest: Instance): AgentView {
  const { info } = newest;
  return {
    name: info.name,
    version: info.version,
    description: info.description,
    permission: info.permission,
    tenantId: newest.tenantId,
    health: mergeHealth(instances),
    actions: info.actions.map(({ id, description, permission, stages, inputParams }) => ({
      id,
      description,
      permission,
      stages,
      inputParams: inputParams ?? [],
    })),
    instances: instances.map(viewInstance),
  };
}

/** Every instance the engine knows, by instance id; an agent is the instances of one name and tenant. */
export class Registry {
  readonly #instances = new Map<string, Instance>();
  readonly #pluginIds = new Map<string, string>();
  readonly #turns = new Map<string, number>();

  /** The engine's stable id for an agent; the same for all its instances. */
  pluginId(tenantId: string, name: string): string {
    const key = `${tenantId}/${name}`;
    const id = this.#pluginIds.get(key) ?? `plg_${randomBytes(8).toString('hex')}`;
    this.#pluginIds.set(key, id);
    return id;
  }

  get(instanceId: string): Instance | undefined {
    return this.#instances.get(instanceId);
  }

  all(): readonly Instance[] {
    return [...this.#instances.values()];
  }

  /** Adds an instance, or replaces what the same process registered before; returns that one. */
  put(instance: Instance): Instance | undefined {
    const previous = this.remove(instance.instanceId);
    this.#instances.set(instance.instanceId, instance);
    return previous;
  }

  remove(instanceId: string): Instance | undefined {
    const instance = this.#instances.get(instanceId);
    this.#instances.delete(instanceId);
    instance?.client.close();
    return instance;
  }

  /** The instances of every agent, oldest registration first. */
  #groups(): Instance[][] {
    const groups = new Map<string, Instance[]>();
    for (const instance of this.#instances.values()) {
      const key = `${instance.tenantId}/${instance.name}`;
      groups.set(key, [...(groups.get(key) ?? []), instance]);
    }
    return [...groups.values()];
  }

  /** Every agent, by name. */
  agents(): AgentView[] {
    return this.#groups()
      .map((group) => viewAgent(group, group.at(-1) as Instance))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The next instance to ask, round robin over the healthy ones, else over those not probed yet. */
  pick(agent: AgentView): Instance | undefined {
    const mine = this.all().filter((item) => item.name === agent.name && item.tenantId === agent.tenantId);
    const healthy = mine.filter((item) => item.health === 'healthy');
    const candidates = healthy.length > 0 ? healthy : mine.filter((item) => item.health === 'unknown');
    if (candidates.length === 0) return undefined;
    const key = `${agent.tenantId}/${agent.name}`;
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    return candidates[turn % candidates.length];
  }
}
