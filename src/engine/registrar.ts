import type { License } from '../contract/index.ts';
import { messageOf } from '../support/errors.ts';
import {
  type PeerLanguage,
  type RegisterPluginRequest,
  type RegisterPluginResponse,
  WireError,
} from '../wire/index.ts';
import { HandshakeError, shakeHands } from './handshake.ts';
import { checkLicense } from './license-check.ts';
import { type Instance, infoOf, type Registry } from './registry.ts';
import { Turnstile } from './turnstile.ts';

/**
 * After its restart every agent of an engine comes at once. Handshakes side by side would all end late; in turn, most
 * end early, and what they take of memory is small. A local agent answers within milliseconds.
 */
const HANDSHAKES = { places: 16, patienceMs: 250 };

/** Takes registrations: checks who may come, shakes hands, and puts who passes into the registry. */
export interface Registrar {
  register(request: RegisterPluginRequest, peer: PeerLanguage): Promise<Partial<RegisterPluginResponse>>;
  /** Resolves when no registration is under way any more. */
  settle(): Promise<void>;
}

export interface RegistrarOptions {
  readonly registry: Registry;
  readonly tenantIds: readonly string[];
  /** Hosts beyond this machine that may be dialled back. */
  readonly allowHosts: readonly string[];
  readonly license: () => License | undefined;
  /** Fires when the engine stops. */
  readonly signal: AbortSignal;
  /** @param first false when the same process registered again */
  readonly onJoined: (instance: Instance, first: boolean) => void;
  readonly onRefused: (name: string, reason: string) => void;
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

/** How many agents of different names the licence allows; one that is known already may always come again. */
function checkQuota(name: string, license: License | undefined, registry: Registry): void {
  const limit = license?.quotas?.maxIntegrationTypes ?? -1;
  if (limit < 0) return;
  const names = new Set(registry.agents().map((agent) => infoOf(agent).name));
  if (!names.has(name) && names.size >= limit)
    throw new WireError(
      'RESOURCE_EXHAUSTED',
      `license quota exhausted: max_integration_types is ${limit}, and ${names.size} agents are registered`,
    );
}

/** An instance id belongs to one process of one agent for good. */
function checkHolder(request: RegisterPluginRequest, holder: Instance | undefined): void {
  if (request.name === '' || request.instance_id === '')
    throw new WireError('INVALID_ARGUMENT', 'name and instance_id are required for plugin registration');
  if (holder !== undefined && (holder.name !== request.name || holder.tenantId !== request.tenant_id))
    throw new HandshakeError(`instance_id ${JSON.stringify(request.instance_id)} belongs to ${holder.name}`);
}

/** Makes a registrar; nothing runs until an agent comes. */
export function createRegistrar(options: RegistrarOptions): Registrar {
  const { registry, tenantIds, allowHosts, signal } = options;
  /** An impatient agent's second attempt, the same in every respect, shares the first. */
  const joining = new Map<string, Promise<string>>();
  const turnstile = new Turnstile(HANDSHAKES);

  async function join(request: RegisterPluginRequest, peer: PeerLanguage): Promise<string> {
    const { info, address, client, notExecutable } = await shakeHands(request, peer, { allowHosts, signal });
    if (signal.aborted) {
      client.close();
      throw new HandshakeError('the engine is stopping');
    }
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
    options.onJoined(instance, first);
    return instance.pluginId;
  }

  function joinOnce(request: RegisterPluginRequest, peer: PeerLanguage): Promise<string> {
    const key = JSON.stringify([request.instance_id, request.tenant_id, request.name, request.grpc_addr]);
    const attempt =
      joining.get(key) ?? turnstile.pass(() => join(request, peer)).finally(() => joining.delete(key));
    joining.set(key, attempt);
    return attempt;
  }

  return {
    register: async (request, peer) => {
      try {
        checkTenant(request.tenant_id, tenantIds);
        checkLicense(options.license(), 'RegisterPlugin');
        checkQuota(request.name, options.license(), registry);
        checkHolder(request, registry.get(request.instance_id));
        return { success: true, plugin_id: await joinOnce(request, peer) };
      } catch (error) {
        options.onRefused(request.name, messageOf(error));
        if (error instanceof HandshakeError) return { success: false, error: error.message };
        throw error;
      }
    },
    settle: async () => {
      await Promise.allSettled(joining.values());
    },
  };
}
