import { setTimeout as sleep } from 'node:timers/promises';
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
import { Pace } from './pace.ts';
import { checkHolder, checkQuota, checkTenant } from './registration-checks.ts';
import { createInstance, type Instance, type Registry } from './registry.ts';
import { Turnstile } from './turnstile.ts';

/**
 * After its restart every agent of an engine comes at once. Handshakes side by side would all end late; in turn, most
 * end early, and what they take of memory is small. A local agent answers within milliseconds.
 */
const HANDSHAKES = { places: 16, patienceMs: 250, maxWaiting: 2_000 };
/** Under way with one address: nobody who means well needs a second. */
const MAX_PER_ADDRESS = 4;

/** SDKs wait 2 s and more before they try again; who comes much oftener takes the engine's time from the others. */
const ATTEMPTS = { perSecond: 0.5, burst: 10 };
/** Of all together: a fleet of 1,000 that comes back at once passes, an endless row of made-up names does not. */
const ALL_ATTEMPTS = { perSecond: 500, burst: 5_000 };
const PENALTY_MS = 1_000;
/** More processes of one agent than run on a developer's machine; one that gives no sign of life makes room. */
const MAX_INSTANCES = 32;

/** Takes registrations: checks who may come, shakes hands, and puts who passes into the registry. */
export interface Registrar {
  register(request: RegisterPluginRequest, peer: PeerLanguage): Promise<Partial<RegisterPluginResponse>>;
  /** An instance says goodbye: a registration of it that is under way comes to nothing. */
  withdraw(name: string, instanceId: string): void;
  /** Resolves when no registration is under way any more. */
  settle(): Promise<void>;
}

export interface RegistrarOptions {
  readonly registry: Registry;
  readonly tenantIds: readonly string[];
  /** Hosts beyond this machine that may be dialled back. */
  readonly allowHosts: readonly string[];
  readonly license: () => License | undefined;
  /** Milliseconds that an instance may be silent. */
  readonly leaseMs: number;
  /** Fires when the engine stops. */
  readonly signal: AbortSignal;
  /** @param first false when the same process registered again */
  readonly onJoined: (instance: Instance, first: boolean) => void;
  readonly onRefused: (name: string, reason: string) => void;
  /** Must remove the instance: there are too many of its name. */
  readonly onCrowdedOut: (instance: Instance) => void;
}

/** A registration under way. */
interface Joining {
  readonly request: RegisterPluginRequest;
  /** Its instance has said goodbye meanwhile. */
  withdrawn: boolean;
}

/** Makes a registrar; nothing runs until an agent comes. */
export function createRegistrar(options: RegistrarOptions): Registrar {
  const { registry, tenantIds, allowHosts, signal } = options;
  /** An impatient agent's second attempt, the same in every respect, shares the first. */
  const joining = new Map<string, { readonly state: Joining; readonly attempt: Promise<string> }>();
  const turnstile = new Turnstile(HANDSHAKES);
  const attempts = new Pace(ATTEMPTS);
  const allAttempts = new Pace(ALL_ATTEMPTS);

  /** What must hold when an agent comes, and again when it has been asked: meanwhile others came. */
  function check(request: RegisterPluginRequest): void {
    checkLicense(options.license(), 'RegisterPlugin');
    checkQuota(request.name, options.license(), registry);
    checkHolder(request, registry.get(request.instance_id));
  }

  /** The name alone is no key: a stranger would use up the attempts of the agent that bears it. */
  async function admit({ name, tenant_id, grpc_addr }: RegisterPluginRequest): Promise<void> {
    if (attempts.take(JSON.stringify([tenant_id, name, grpc_addr])) && allAttempts.take('')) return;
    await sleep(PENALTY_MS, undefined, { signal }).catch(() => undefined);
    throw new WireError(
      'RESOURCE_EXHAUSTED',
      `${name} registers too often; wait some seconds between attempts`,
    );
  }

  function makeRoom({ name, tenantId }: Instance): void {
    const others = registry.agent(tenantId, name) ?? [];
    if (others.length < MAX_INSTANCES) return;
    const nowMs = performance.now();
    const [silent] = others
      .filter((item) => item.health !== 'healthy' || nowMs - item.lastSeenMs > options.leaseMs)
      .sort((a, b) => a.lastSeenMs - b.lastSeenMs);
    if (silent === undefined)
      throw new HandshakeError(
        `${name} has ${others.length} instances that live already, and more are not taken`,
      );
    options.onCrowdedOut(silent);
  }

  /** From the last look at who may come to the registry without a pause: nobody can come in between. */
  function enter(instance: Instance, { request, withdrawn }: Joining): void {
    if (signal.aborted) throw new HandshakeError('the engine is stopping');
    if (withdrawn) throw new HandshakeError('it deregistered while it was asked');
    check(request);
    const first = registry.get(instance.instanceId) === undefined;
    if (first) makeRoom(instance);
    registry.put(instance);
    options.onJoined(instance, first);
  }

  async function join(joined: Joining, peer: PeerLanguage): Promise<string> {
    const { request } = joined;
    const met = await shakeHands(request, peer, { allowHosts, signal });
    const instance = createInstance(request, peer, met);
    try {
      enter(instance, joined);
    } catch (error) {
      met.client.close();
      throw error;
    }
    return instance.pluginId;
  }

  function joinOnce(request: RegisterPluginRequest, peer: PeerLanguage): Promise<string> {
    const key = JSON.stringify([request.instance_id, request.tenant_id, request.name, request.grpc_addr]);
    const known = joining.get(key);
    if (known !== undefined) return known.attempt;
    const there = [...joining.values()].filter((item) => item.state.request.grpc_addr === request.grpc_addr);
    if (there.length >= MAX_PER_ADDRESS)
      throw new WireError(
        'RESOURCE_EXHAUSTED',
        `${there.length} registrations of ${request.grpc_addr} are under way already`,
      );
    if (turnstile.isFull)
      throw new WireError('UNAVAILABLE', 'too many agents register at this moment; come again later');
    const state = { request, withdrawn: false };
    const attempt = turnstile.pass(() => join(state, peer)).finally(() => joining.delete(key));
    joining.set(key, { state, attempt });
    return attempt;
  }

  return {
    register: async (request, peer) => {
      try {
        checkTenant(request.tenant_id, tenantIds);
        check(request);
        await admit(request);
        return { success: true, plugin_id: await joinOnce(request, peer) };
      } catch (error) {
        options.onRefused(request.name, messageOf(error));
        if (error instanceof HandshakeError) return { success: false, error: error.message };
        throw error;
      }
    },
    withdraw: (name, instanceId) => {
      for (const { state } of joining.values())
        if (state.request.name === name && state.request.instance_id === instanceId) state.withdrawn = true;
    },
    settle: async () => {
      await Promise.allSettled([...joining.values()].map((item) => item.attempt));
    },
  };
}
