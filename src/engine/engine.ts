import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { formatHostPort, type ListenAddress, parseListenAddress } from '../support/address.ts';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import { createServer, type WireServer } from '../wire/index.ts';
import { Approvals } from './approvals.ts';
import { createMemoryCache } from './cache/index.ts';
import { Callers } from './callers.ts';
import {
  approvalCalls,
  cacheCalls,
  lifecycleCalls,
  pluginCalls,
  readingCalls,
  reportCalls,
} from './calls/index.ts';
import { ConfigPusher } from './config-pusher.ts';
import { ConfigStore } from './config-store.ts';
import { Dispatcher } from './dispatcher.ts';
import { EventHub } from './events.ts';
import { Externals } from './externals.ts';
import { History } from './history.ts';
import { createInvoker } from './invoker.ts';
import { Prober } from './prober.ts';
import { Prompts } from './prompts.ts';
import { callMethod } from './raw-call.ts';
import { createRegistrar } from './registrar.ts';
import { type Instance, Registry, viewAgent, viewInstance } from './registry.ts';
import { IntentRouter } from './routing.ts';
import { LineFile } from './state/line-file.ts';
import { StateFile } from './state/state-file.ts';
import { findAgent } from './target.ts';
import type { Engine, EngineOptions } from './types.ts';

const DEFAULT_LISTEN = '127.0.0.1:0';
const DEFAULT_HEALTH_INTERVAL_MS = 30_000;
const DEFAULT_HEARTBEAT_S = 30;
/** An instance may miss this many heartbeats before it is given up. */
const LEASE_HEARTBEATS = 3;
const STOP_GRACE_MS = 1_000;
const MAX_REFUSALS = 1_000;

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

async function listen(server: WireServer, text: string): Promise<string> {
  const address = parseListen(text);
  try {
    const port = await server.listen(address);
    return formatHostPort({ host: address.host ?? '127.0.0.1', port });
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'cannot-listen',
      message: `The engine cannot listen on ${text}: ${systemCode(error) ?? messageOf(error)}.`,
      hint: 'Choose another port, or 127.0.0.1:0 for a free one.',
      cause: error,
    });
  }
}

/** What the engine keeps, on disk where it has a folder for that. */
async function openState(directory: string | undefined, events: EventHub) {
  const pathOf = (name: string) => (directory === undefined ? undefined : join(directory, name));
  const onError = (error: unknown) =>
    events.warn('', `the engine's state cannot be kept: ${messageOf(error)}`);
  const configFile = new StateFile(pathOf('config.json'), onError);
  const approvalFile = new StateFile(pathOf('approvals.json'), onError);
  const historyFile = new LineFile(pathOf('history.jsonl'), History.limit, onError);
  const refusalFile = new LineFile(pathOf('refusals.jsonl'), MAX_REFUSALS, onError);
  const promptFile = new StateFile(pathOf('prompts.json'), onError);
  const config = new ConfigStore(configFile);
  const prompts = new Prompts(promptFile);
  const history = new History(historyFile);
  config.restore(await configFile.load());
  prompts.restore(await promptFile.load());
  history.restore(await historyFile.load());
  await refusalFile.load();
  events.subscribe((event) => {
    if (event.type === 'refused') refusalFile.add(event);
  });
  return {
    config,
    prompts,
    history,
    approvalFile,
    close: async () => {
      await Promise.all([
        configFile.settle(),
        approvalFile.settle(),
        historyFile.close(),
        refusalFile.close(),
      ]);
    },
  };
}

/**
 * Starts the dev engine: listens, takes registrations, probes, dispatches, and answers what agents ask.
 * @throws UserError (usage) when the address cannot be listened on
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { tenantIds, mode = 'GUIDED', cache = createMemoryCache() } = options;
  const [firstTenantId = ''] = tenantIds;
  let { policy = { rules: [] }, kpis = [], license } = options;
  const stopping = new AbortController();
  // Everything under way listens for the end.
  setMaxListeners(0, stopping.signal);
  const events = new EventHub();
  const registry = new Registry();
  const {
    config,
    prompts,
    history,
    approvalFile,
    close: closeState,
  } = await openState(options.stateDirectory, events);
  const approvals = new Approvals({
    policy: () => policy,
    file: approvalFile,
    onChange: (approval) => events.emit({ type: 'approval', agent: approval.agent, approval }),
  });
  approvals.restore(await approvalFile.load());
  const dispatcher = new Dispatcher({ registry, approvals, history, events });
  const pusher = new ConfigPusher({ registry, config, events, signal: stopping.signal });
  const router = new IntentRouter();
  const callers = new Callers({ registry, tenantIds, events, signal: stopping.signal });

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

  function remove(instanceId: string): void {
    prober.forget(instanceId);
    const gone = registry.remove(instanceId);
    if (gone !== undefined && registry.agent(gone.tenantId, gone.name) === undefined)
      router.forget(gone.name, gone.tenantId);
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
    const unset = config.declare(instance.tenantId, info);
    if (unset.length > 0)
      events.warn(agent, `${agent} needs the configuration ${unset.join(', ')}, which has no value yet`);
    const faults = [
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
    signal: stopping.signal,
    onJoined: (instance, first) => {
      externals.yieldTo(instance);
      welcome(instance, first);
    },
    onRefused: (name, reason) =>
      events.warn(name, `registration of ${name || 'a nameless agent'} refused: ${reason}`),
  });
  const parts = { callers, registry, approvals, dispatcher, history, events, config, cache, mode };
  const server = createServer({
    services: {
      EngineService: {
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
      },
    },
    onInternalError: (error, method) => events.warn('', `${method} failed: ${messageOf(error)}`),
  });
  const address = await listen(server, options.listen ?? DEFAULT_LISTEN).catch(async (error: unknown) => {
    await closeState();
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
    callMethod: (call, { signal } = {}) => callMethod(registry, call, signal),
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
        await registrar.settle();
        for (const instance of registry.all()) remove(instance.instanceId);
        await cache.close();
        await closeState();
      })();
      return stopped;
    },
  };
}
