import { formatHostPort, parseHostPort } from '../support/address.ts';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import {
  createServer,
  type PeerLanguage,
  type RegisterPluginRequest,
  type RegisterPluginResponse,
  WireError,
} from '../wire/index.ts';
import { dispatch } from './dispatch.ts';
import { HandshakeError, shakeHands } from './handshake.ts';
import { Prober } from './prober.ts';
import { type Instance, Registry, viewInstance } from './registry.ts';
import type { Engine, EngineEvent, EngineOptions } from './types.ts';

const DEFAULT_LISTEN = '127.0.0.1:0';
const DEFAULT_HEALTH_INTERVAL_MS = 30_000;
const DEFAULT_HEARTBEAT_S = 30;
/** An instance may miss this many heartbeats before it is given up. */
const LEASE_HEARTBEATS = 3;
const STOP_GRACE_MS = 1_000;

function parseListen(text: string): { host: string | undefined; port: number } {
  const address = parseHostPort(text);
  if (address === undefined)
    throw new UserError({
      kind: 'usage',
      code: 'bad-listen-address',
      message: `The listen address ${JSON.stringify(text)} is not host:port.`,
      hint: 'Use 127.0.0.1:0 for a free port.',
    });
  return { host: address.host === '' ? undefined : address.host, port: address.port };
}

/** Throws what the agent should read when its tenant is not served; the texts are classified by SDKs (protocol.md §6). */
function checkTenant(tenantId: string, tenantIds: readonly string[]): void {
  if (tenantId === '')
    throw new WireError('INVALID_ARGUMENT', 'tenant_id is required for plugin registration');
  if (!tenantIds.includes(tenantId))
    throw new WireError(
      'PERMISSION_DENIED',
      `tenant ${JSON.stringify(tenantId)} is not active: tenants: tenant not found`,
    );
}

/**
 * Starts the dev engine: listens, takes registrations, probes and dispatches.
 * @throws UserError (usage) when the address cannot be listened on
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const registry = new Registry();
  const listeners = new Set<(event: EngineEvent) => void>();
  const emit = (event: EngineEvent) => {
    for (const listener of listeners) listener(event);
  };
  /** An agent that is refused retries for ever; its author needs the reason once. */
  const lastWarning = new Map<string, string>();
  const warn = (agent: string, message: string) => {
    if (lastWarning.get(agent) === message) return;
    lastWarning.set(agent, message);
    emit({ type: 'warning', agent, message });
  };
  const prober = new Prober({
    registry,
    intervalMs: options.healthIntervalMs ?? DEFAULT_HEALTH_INTERVAL_MS,
    leaseMs: (options.heartbeatIntervalS ?? DEFAULT_HEARTBEAT_S) * LEASE_HEARTBEATS * 1_000,
    onResult: (instance, { health, message }) => {
      const changed = instance.health !== health;
      Object.assign(instance, { health, healthMessage: message });
      emit({
        type: 'health',
        agent: instance.name,
        instanceId: instance.instanceId,
        health,
        message,
        changed,
      });
    },
    onExpired: ({ name, instanceId }) => {
      registry.remove(instanceId);
      emit({ type: 'lost', agent: name, instanceId, reason: 'its heartbeats stopped' });
    },
  });

  async function join(request: RegisterPluginRequest, peer: PeerLanguage): Promise<string> {
    const { info, address, client, notExecutable } = await shakeHands(
      request,
      peer,
      options.allowHosts ?? [],
    );
    const instance: Instance = {
      name: request.name,
      tenantId: request.tenant_id,
      instanceId: request.instance_id,
      pluginId: registry.pluginId(request.tenant_id, request.name),
      address,
      advertisedAddress: request.grpc_addr,
      language: peer,
      info,
      client,
      notExecutable,
      health: 'unknown',
      healthMessage: 'not probed yet',
      lastSeenMs: performance.now(),
    };
    const first = registry.put(instance) === undefined;
    lastWarning.delete(request.name);
    emit({
      type: 'registered',
      agent: instance.name,
      version: info.version,
      instance: viewInstance(instance),
      first,
    });
    if (notExecutable !== undefined)
      warn(instance.name, `${instance.name} is registered, but ${notExecutable}`);
    prober.watch(instance);
    return instance.pluginId;
  }

  /** Registrations under way, by instance: an impatient agent's second attempt shares the first. */
  const joining = new Map<string, Promise<string>>();

  async function register(
    request: RegisterPluginRequest,
    peer: PeerLanguage,
  ): Promise<Partial<RegisterPluginResponse>> {
    try {
      checkTenant(request.tenant_id, options.tenantIds);
      if (request.name === '' || request.instance_id === '')
        throw new WireError('INVALID_ARGUMENT', 'name and instance_id are required for plugin registration');
      const attempt = joining.get(request.instance_id) ?? join(request, peer);
      joining.set(request.instance_id, attempt);
      return { success: true, plugin_id: await attempt.finally(() => joining.delete(request.instance_id)) };
    } catch (error) {
      warn(
        request.name,
        `registration of ${request.name || 'a nameless agent'} refused: ${messageOf(error)}`,
      );
      if (error instanceof HandshakeError) return { success: false, error: error.message };
      throw error;
    }
  }

  const server = createServer({
    services: {
      EngineService: {
        RegisterPlugin: (request, { peer }) => register(request, peer),
        Heartbeat: ({ instance_id }) => {
          const instance = registry.get(instance_id);
          if (instance === undefined) return { acknowledged: true, re_register_required: true };
          instance.lastSeenMs = performance.now();
          return { acknowledged: true, heartbeat_interval_seconds: options.heartbeatIntervalS };
        },
        DeregisterPlugin: ({ instance_id }) => {
          const instance = registry.remove(instance_id);
          if (instance) emit({ type: 'deregistered', agent: instance.name, instanceId: instance_id });
          return { acknowledged: true };
        },
      },
    },
    onInternalError: (error, method) => warn('', `${method} failed: ${messageOf(error)}`),
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
          emit({ type: 'executed', agent: agent.name, action: action.id, result }),
      }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {
      stopped ??= (async () => {
        prober.stop();
        await server.close(STOP_GRACE_MS);
        prober.stop();
        for (const instance of registry.all()) registry.remove(instance.instanceId);
      })();
      return stopped;
    },
  };
}
