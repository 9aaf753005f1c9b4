import { formatHostPort, type ListenAddress, parseListenAddress } from '../support/address.ts';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import { createServer } from '../wire/index.ts';
import { dispatch } from './dispatch.ts';
import { Prober } from './prober.ts';
import { createRegistrar } from './registrar.ts';
import { type Instance, Registry, viewInstance } from './registry.ts';
import type { Engine, EngineEvent, EngineOptions } from './types.ts';

const DEFAULT_LISTEN = '127.0.0.1:0';
const DEFAULT_HEALTH_INTERVAL_MS = 30_000;
const DEFAULT_HEARTBEAT_S = 30;
/** An instance may miss this many heartbeats before it is given up. */
const LEASE_HEARTBEATS = 3;
const STOP_GRACE_MS = 1_000;
const MAX_REMEMBERED_WARNINGS = 1_000;

function parseListen(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address !== undefined) return address;
  throw new UserError({
    kind: 'usage',
    code: 'bad-listen-address',
    message: `The listen address ${JSON.stringify(text)} is not host:port.`,
    hint: 'Use 127.0.0.1:0 for a free port.',
  });
}

/** Tells every listener of what happens; a warning that repeats for the same agent is told once. */
class EventHub {
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #lastWarning = new Map<string, string>();

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** An agent that is refused retries for ever; its author needs the reason once. */
  warn(agent: string, message: string): void {
    if (this.#lastWarning.get(agent) === message) return;
    // Strangers choose the names.
    if (this.#lastWarning.size >= MAX_REMEMBERED_WARNINGS) this.#lastWarning.clear();
    this.#lastWarning.set(agent, message);
    this.emit({ type: 'warning', agent, message });
  }

  /** The agent is well again: what it is warned of next is news. */
  forgive(agent: string): void {
    this.#lastWarning.delete(agent);
  }
}

/**
 * Starts the dev engine: listens, takes registrations, probes and dispatches.
 * @throws UserError (usage) when the address cannot be listened on
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const registry = new Registry();
  const stopping = new AbortController();
  const events = new EventHub();
  const prober = new Prober({
    registry,
    intervalMs: options.healthIntervalMs ?? DEFAULT_HEALTH_INTERVAL_MS,
    leaseMs: (options.heartbeatIntervalS ?? DEFAULT_HEARTBEAT_S) * LEASE_HEARTBEATS * 1_000,
    onResult: (instance, { health, message }) => {
      const changed = instance.health !== health;
      Object.assign(instance, { health, healthMessage: message });
      const { name: agent, instanceId } = instance;
      events.emit({ type: 'health', agent, instanceId, health, message, changed });
    },
    onExpired: ({ name, instanceId }) => {
      remove(instanceId);
      events.emit({ type: 'lost', agent: name, instanceId, reason: 'it gave no sign of life' });
    },
  });
  const registrar = createRegistrar({
    registry,
    tenantIds: options.tenantIds,
    allowHosts: options.allowHosts ?? [],
    signal: stopping.signal,
    onJoined: (instance, first) => {
      const { name: agent, notExecutable } = instance;
      events.forgive(agent);
      events.emit({
        type: 'registered',
        agent,
        version: instance.info.version,
        instance: viewInstance(instance),
        first,
      });
      if (notExecutable !== undefined) events.warn(agent, `${agent} is registered, but ${notExecutable}`);
      prober.watch(instance);
    },
    onRefused: (name, reason) =>
      events.warn(name, `registration of ${name || 'a nameless agent'} refused: ${reason}`),
  });

  function remove(instanceId: string): void {
    prober.forget(instanceId);
    registry.remove(instanceId);
  }

  /** Heartbeat and Deregister carry no tenant: name and instance id together say whose they are. */
  function find(name: string, instanceId: string): Instance | undefined {
    const instance = registry.get(instanceId);
    return instance?.name === name ? instance : undefined;
  }

  const server = createServer({
    services: {
      EngineService: {
        RegisterPlugin: (request, { peer }) => registrar.register(request, peer),
        Heartbeat: ({ name, instance_id }) => {
          const instance = find(name, instance_id);
          if (instance !== undefined) instance.lastSeenMs = performance.now();
          return {
            acknowledged: true,
            re_register_required: instance === undefined,
            heartbeat_interval_seconds: options.heartbeatIntervalS,
          };
        },
        DeregisterPlugin: ({ name, instance_id }) => {
          if (find(name, instance_id) !== undefined) {
            remove(instance_id);
            events.emit({ type: 'deregistered', agent: name, instanceId: instance_id });
          }
          return { acknowledged: true };
        },
      },
    },
    onInternalError: (error, method) => events.warn('', `${method} failed: ${messageOf(error)}`),
  });
  const listenText = options.listen ?? DEFAULT_LISTEN;
  const listen = parseListen(listenText);
  const port = await server.listen(listen).catch((error: unknown) => {
    throw new UserError({
      kind: 'usage',
      code: 'cannot-listen',
      message: `The engine cannot listen on ${listenText}: ${systemCode(error) ?? messageOf(error)}.`,
      hint: 'Choose another port, or 127.0.0.1:0 for a free one.',
      cause: error,
    });
  });

  let stopped: Promise<void> | undefined;
  return {
    address: formatHostPort({ host: listen.host ?? '127.0.0.1', port }),
    tenantIds: options.tenantIds,
    agents: () => registry.agents(),
    invoke: (request, { signal } = {}) =>
      dispatch(registry, request, {
        mode: options.mode ?? 'GUIDED',
        signal,
        done: ({ agent, action }, result) =>
          events.emit({ type: 'executed', agent: agent.name, action: action.id, result }),
      }),
    subscribe: (listener) => events.subscribe(listener),
    stop: () => {
      stopped ??= (async () => {
        stopping.abort();
        prober.stop();
        await server.close(STOP_GRACE_MS);
        await registrar.settle();
        for (const instance of registry.all()) remove(instance.instanceId);
      })();
      return stopped;
    },
  };
}
