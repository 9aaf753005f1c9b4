import { setMaxListeners } from 'node:events';
import { messageOf } from '../support/errors.ts';
import { createServer } from '../wire/index.ts';
import { createMemoryCache } from './cache/index.ts';
import { Callers } from './callers.ts';
import {
  approvalCalls,
  bounded,
  cacheCalls,
  lifecycleCalls,
  pluginCalls,
  readingCalls,
  reportCalls,
} from './calls/index.ts';
import { ConfigPusher } from './config-pusher.ts';
import { Dispatcher } from './dispatcher.ts';
import { openState } from './engine-state.ts';
import { EventHub } from './events.ts';
import { Executor } from './executor.ts';
import { Externals } from './externals.ts';
import { createInvoker } from './invoker.ts';
import { listen } from './listening.ts';
import { Prober } from './prober.ts';
import { callMethod } from './raw-call.ts';
import { createRegistrar } from './registrar.ts';
import { type Instance, Registry, viewAgent, viewInstance } from './registry.ts';
import { IntentRouter } from './routing.ts';
import { Secrets } from './secrets.ts';
import { ACTION_PARAM, findAgent } from './target.ts';
import type { Engine, EngineOptions } from './types.ts';

const DEFAULT_LISTEN = '127.0.0.1:0';
const DEFAULT_HEALTH_INTERVAL_MS = 30_000;
const DEFAULT_HEARTBEAT_S = 30;
/** An instance may miss this many heartbeats before it is given up. */
const LEASE_HEARTBEATS = 3;
const STOP_GRACE_MS = 1_000;

/**
 * Starts the dev engine: listens, takes registrations, probes, dispatches, and answers what agents ask.
 * @throws UserError bad-listen-address, cannot-listen (usage), state-not-readable (io)
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { tenantIds, mode = 'GUIDED', cache = createMemoryCache() } = options;
  const [firstTenantId = ''] = tenantIds;
  let { policy = { rules: [] }, kpis = [], license } = options;
  const stopping = new AbortController();
  // Everything under way listens for the end.
  setMaxListeners(0, stopping.signal);
  const secrets = new Secrets();
  const events = new EventHub(secrets);
  const registry = new Registry();
  const state = await openState({
    directory: options.stateDirectory,
    events,
    secrets,
    policy: () => policy,
  }).catch(async (error: unknown) => {
    await cache.close();
    throw error;
  });
  const { config, prompts, history, approvals } = state;
  const executor = new Executor({
    registry,
    history,
    stopping: stopping.signal,
    onUnreachable: (instance) => prober.suspect(instance),
  });
  const dispatcher = new Dispatcher({ executor, approvals, history, events, stopping: stopping.signal });
  const pusher = new ConfigPusher({ registry, config, events, secrets, signal: stopping.signal });
  const router = new IntentRouter();
  const callers = new Callers({ registry, tenantIds, events, signal: stopping.signal });

  const leaseMs = (options.heartbeatIntervalS ?? DEFAULT_HEARTBEAT_S) * LEASE_HEARTBEATS * 1_000;
  const prober = new Prober({
    registry,
    intervalMs: options.healthIntervalMs ?? DEFAULT_HEALTH_INTERVAL_MS,
    leaseMs,
    onResult: (instance, { health, message: said }) => {
      const message = secrets.maskText(said);
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

  function remove(instanceId: string): void {
    prober.forget(instanceId);
    const gone = registry.remove(instanceId);
    if (gone === undefined || registry.agent(gone.tenantId, gone.name) !== undefined) return;
    router.forget(gone.name, gone.tenantId);
    config.forget(gone.tenantId, gone.name);
    if (registry.named(gone.name).length === 0) prompts.retire(gone.name);
  }

  function welcome(instance: Instance, first: boolean): void {
    const { name: agent, notExecutable, info } = instance;
    events.forgive(agent);
    events.emit({
      type: 'registered',
      agent,
      version: info.version,
      instance: viewInstance(instance),
      first,
    });
    if (notExecutable !== undefined) events.warn(agent, `${agent} is registered, but ${notExecutable}`);
    for (const fault of config.declare(instance.tenantId, info)) events.warn(agent, fault);
    const shadowed = info.actions.filter((action) =>
      action.inputParams?.some((param) => param.name === ACTION_PARAM),
    );
    const faults = [
      ...shadowed.map(
        ({ id }) =>
          `the param ${ACTION_PARAM} of ${id} is never asked for: the engine sends the action's id in it`,
      ),
      ...(instance.remark === undefined ? [] : [instance.remark]),
      ...prompts.ingest(agent, info.promptTemplates ?? []),
      ...router.learn(registry.agent(instance.tenantId, agent) ?? [instance]),
    ];
    for (const fault of faults) events.warn(agent, `${agent}: ${fault}`);
    prober.watch(instance);
  }

  const externals = new Externals({
    registry,
    agents: options.externalAgents ?? [],
    tenantId: firstTenantId,
    signal: stopping.signal,
    onJoined: (instance) => welcome(instance, true),
    onFailed: (name, reason) => events.warn(name, `the listed agent ${name} cannot join: ${reason}`),
    remove,
  });
  const registrar = createRegistrar({
    registry,
    tenantIds,
    allowHosts: options.allowHosts ?? [],
    license: () => license,
    leaseMs,
    signal: stopping.signal,
    onJoined: (instance, first) => {
      externals.yieldTo(instance);
      welcome(instance, first);
    },
    onCrowdedOut: ({ name, instanceId }) => {
      remove(instanceId);
      events.emit({
        type: 'lost',
        agent: name,
        instanceId,
        reason: 'too many instances of its name registered',
      });
    },
    onRefused: (name, reason) =>
      events.warn(name, `registration of ${name || 'a nameless agent'} refused: ${reason}`),
  });
  const parts = { callers, registry, approvals, dispatcher, history, events, config, cache, mode, secrets };
  const server = createServer({
    services: {
      EngineService: bounded({
        ...lifecycleCalls({
          ...parts,
          registrar,
          heartbeatIntervalS: options.heartbeatIntervalS,
          license: () => license,
          remove,
        }),
        ...readingCalls({ ...parts, kpis: () => kpis }),
        ...cacheCalls(parts),
        ...reportCalls({ ...parts, license: () => license }),
        ...approvalCalls({ ...parts, license: () => license }),
        ...pluginCalls({ ...parts, license: () => license }),
      }),
    },
    onInternalError: (error, method) => events.warn('', `${method} failed: ${messageOf(error)}`),
  });
  const address = await listen(server, options.listen ?? DEFAULT_LISTEN).catch(async (error: unknown) => {
    await Promise.all([state.close(), cache.close()]);
    throw error;
  });
  externals.start();
  const invoke = createInvoker({ registry, dispatcher, history, mode, license: () => license });
  const tenantOf = (agent: string) => findAgent(registry, agent)[0]?.tenantId ?? '';

  let stopped: Promise<void> | undefined;
  return {
    address,
    tenantIds,
    agents: () => registry.agents().map(viewAgent),
    invoke: (request, { signal } = {}) => invoke(request, signal),
    callMethod: (call, { signal } = {}) => callMethod({ registry, secrets }, call, signal),
    approvals: () => approvals.list(),
    decide: (id, decision) => approvals.decide(id, decision),
    config: (agent) => config.view(tenantOf(agent), agent),
    setConfig: async (agent, key, value) => pusher.change(tenantOf(agent), agent, key, value),
    cacheGet: (key, tenantId = firstTenantId) => cache.get(tenantId, key),
    cacheSet: (key, value, ttlSeconds, tenantId = firstTenantId) =>
      cache.set(tenantId, key, value, ttlSeconds),
    prompts: () => prompts.list(),
    prompt: (name, version) => prompts.get(name, version),
    setPrompt: (name, content) => prompts.set(name, content),
    renderPrompt: (name, data, version) => prompts.render(name, data, version),
    matchIntents: (text) => router.match(text),
    intentReport: () => router.report(),
    history: () => history.list(),
    execution: (executionId) => history.get(executionId),
    setPolicy: (next) => {
      policy = next;
    },
    setKpis: (next) => {
      kpis = next;
    },
    setLicense: (next) => {
      license = next;
      events.emit({
        type: 'license',
        active: next?.active ?? true,
        effectiveTier: next?.effectiveTier ?? '',
      });
    },
    subscribe: (listener) => events.subscribe(listener),
    eventsSince: (seq) => events.since(seq),
    stop: () => {
      stopped ??= (async () => {
        stopping.abort();
        prober.stop();
        externals.stop();
        approvals.stop();
        await server.close(STOP_GRACE_MS);
        await Promise.all([registrar.settle(), dispatcher.settle()]);
        for (const instance of registry.all()) remove(instance.instanceId);
        await Promise.all([cache.close(), state.close()]);
      })();
      return stopped;
    },
  };
}
