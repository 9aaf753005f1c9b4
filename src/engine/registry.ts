import { createHash } from 'node:crypto';
import type { ConfigParam, PluginInfo } from '../contract/index.ts';
import type { PeerLanguage, RegisterPluginRequest, WireClient } from '../wire/index.ts';
import type { AgentView, Health, InstanceView } from './views.ts';

/** One running process of an agent, as the engine holds it. */
export interface Instance {
  readonly name: string;
  readonly tenantId: string;
  readonly instanceId: string;
  readonly pluginId: string;
  readonly address: string;
  readonly advertisedAddress: string;
  readonly language: PeerLanguage;
  readonly info: PluginInfo;
  readonly client: WireClient<'PluginService'>;
  readonly notExecutable: string | undefined;
  /** What of its declarations was not taken, one sentence. */
  readonly remark: string | undefined;
  health: Health;
  healthMessage: string;
  /** Monotonic milliseconds of the last sign of life: registration, heartbeat or an answered probe. */
  lastSeenMs: number;
}

const keyOf = (tenantId: string, name: string): string => `${tenantId}/${name}`;

/** The engine's stable id for an agent; the same for all its instances. */
function pluginIdOf(tenantId: string, name: string): string {
  const digest = createHash('sha256').update(keyOf(tenantId, name)).digest('hex');
  return `plg_${digest.slice(0, 16)}`;
}

/** An instance as its registration and the handshake with it make it. */
export function createInstance(
  request: Pick<RegisterPluginRequest, 'name' | 'tenant_id' | 'instance_id' | 'grpc_addr'>,
  language: PeerLanguage,
  met: Pick<Instance, 'info' | 'address' | 'client' | 'notExecutable' | 'remark'>,
): Instance {
  return {
    ...met,
    name: request.name,
    tenantId: request.tenant_id,
    instanceId: request.instance_id,
    pluginId: pluginIdOf(request.tenant_id, request.name),
    advertisedAddress: request.grpc_addr,
    language,
    health: 'unknown',
    healthMessage: 'not probed yet',
    lastSeenMs: performance.now(),
  };
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
    language: language === 'mended-python' ? 'python' : language,
    health,
    healthMessage,
    ...(notExecutable === undefined ? {} : { notExecutable }),
  };
}

function mergeHealth(instances: readonly Instance[]): Health {
  if (instances.some((instance) => instance.health === 'healthy')) return 'healthy';
  return instances.some((instance) => instance.health === 'unknown') ? 'unknown' : 'unhealthy';
}

/** All instances of one name and tenant, oldest registration first; never empty. */
export type Agent = readonly Instance[];

const newest = (agent: Agent): Instance => agent.at(-1) as Instance;

/** What an agent's newest registration declared. */
export const infoOf = (agent: Agent): PluginInfo => newest(agent).info;

/** The default of a secret is one, too. */
function withoutSecret(param: ConfigParam): ConfigParam {
  if (!param.isSecret) return param;
  const { default: _secret, ...rest } = param;
  return rest;
}

/** What an agent looks like from outside. */
export function viewAgent(agent: Agent): AgentView {
  const { info, tenantId } = newest(agent);
  return {
    name: info.name,
    version: info.version,
    description: info.description,
    permission: info.permission,
    tenantId,
    health: mergeHealth(agent),
    stages: info.devopsStages,
    intents: info.intents ?? [],
    promptTemplates: info.promptTemplates ?? [],
    configParams: (info.configParams ?? []).map(withoutSecret),
    actions: info.actions.map((action) => ({
      id: action.id,
      description: action.description,
      permission: action.permission,
      stages: action.stages,
      inputParams: action.inputParams ?? [],
      outputParams: action.outputParams ?? [],
      intents: action.intents ?? [],
      ...(action.routing === undefined ? {} : { routing: action.routing }),
    })),
    instances: agent.map(viewInstance),
  };
}

/** Every instance the engine knows; an agent is the instances of one name and tenant. */
export class Registry {
  readonly #instances = new Map<string, Instance>();
  readonly #agents = new Map<string, Instance[]>();
  /** The keys of the agents of a name: one for each tenant that it serves. */
  readonly #keys = new Map<string, Set<string>>();
  readonly #turns = new Map<string, number>();

  get(instanceId: string): Instance | undefined {
    return this.#instances.get(instanceId);
  }

  all(): readonly Instance[] {
    return [...this.#instances.values()];
  }

  /** Every agent, by name and tenant. */
  agents(): Agent[] {
    const sortKey = (agent: Agent) => `${infoOf(agent).name} ${newest(agent).tenantId}`;
    return [...this.#agents.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  }

  /** The agents of a name, one for each tenant that it serves. */
  named(name: string): Agent[] {
    return [...(this.#keys.get(name) ?? [])].map((key) => this.#agents.get(key) as Agent);
  }

  agent(tenantId: string, name: string): Agent | undefined {
    return this.#agents.get(keyOf(tenantId, name));
  }

  /** Whether an agent of this name may speak for the tenant: it is registered there, or nowhere. */
  isTenantOf(name: string, tenantId: string): boolean {
    return this.#agents.has(keyOf(tenantId, name)) || !this.#keys.has(name);
  }

  /** Adds an instance, or replaces what the same process registered before; returns that one. */
  put(instance: Instance): Instance | undefined {
    const previous = this.remove(instance.instanceId);
    this.#instances.set(instance.instanceId, instance);
    const key = keyOf(instance.tenantId, instance.name);
    this.#agents.set(key, [...(this.#agents.get(key) ?? []), instance]);
    const keys = this.#keys.get(instance.name) ?? new Set();
    this.#keys.set(instance.name, keys.add(key));
    return previous;
  }

  remove(instanceId: string): Instance | undefined {
    const instance = this.#instances.get(instanceId);
    if (instance === undefined) return undefined;
    this.#instances.delete(instanceId);
    const key = keyOf(instance.tenantId, instance.name);
    const others = (this.#agents.get(key) ?? []).filter((item) => item !== instance);
    if (others.length > 0) this.#agents.set(key, others);
    else this.#forget(key, instance.name);
    instance.client.close();
    return instance;
  }

  #forget(key: string, name: string): void {
    this.#agents.delete(key);
    this.#turns.delete(key);
    const keys = this.#keys.get(name);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(name);
  }

  /** The instances that can be asked: the healthy ones, else those not probed yet. */
  candidates(tenantId: string, name: string): readonly Instance[] {
    const agent = this.agent(tenantId, name) ?? [];
    const healthy = agent.filter((item) => item.health === 'healthy');
    return healthy.length > 0 ? healthy : agent.filter((item) => item.health === 'unknown');
  }

  /** Takes turns among the candidates of an agent, of which there must be one. */
  pick(candidates: readonly Instance[]): Instance {
    const [first] = candidates;
    if (first === undefined) throw new Error('no candidate to pick');
    const key = keyOf(first.tenantId, first.name);
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    return candidates[turn % candidates.length] as Instance;
  }
}
