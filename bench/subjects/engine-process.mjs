// A process with the engine's rooms in it, driven by orders over IPC: it is an engine, or a caller, or both.
import { startEngine } from '../../src/engine/index.ts';
import { createClient } from '../../src/wire/index.ts';

const ACTION = 'list_items';
const AGENT = 'bench_agent';

let engine;
let tenantId;
const events = new Map();
const clients = new Map();

/** One client for each server, which stays connected. */
function clientOf(service, address, pluginName) {
  const key = `${service} ${address} ${pluginName}`;
  if (!clients.has(key)) clients.set(key, createClient({ service, address, keepalive: false, pluginName }));
  return clients.get(key);
}

/** What one call of each kind is; each gives the length of the result, so that none can be empty unseen. */
const KINDS = {
  /** The agent's Execute and nothing else. */
  direct: ({ address, size }) => {
    const client = clientOf('PluginService', address);
    const params = Buffer.from(JSON.stringify({ size: String(size), action: ACTION }));
    return async () => {
      const reply = await client.call(
        'Execute',
        {
          execution_id: '0d4d7c9e-6f1b-4a53-9a43-1c1f0f5c8a11',
          step_id: 'step-1',
          action_id: ACTION,
          params_json: params,
          execution_mode: 2,
          tenant_id: tenantId,
        },
        { timeoutMs: 60_000 },
      );
      return reply.result_json.length;
    };
  },
  /** The engine's own dispatch, all checks and journals on. */
  invoke: ({ size }) => {
    const request = { action: ACTION, agent: AGENT, params: { size } };
    return async () => Buffer.byteLength((await engine.invoke(request)).resultJson);
  },
  /** One agent calls another through the engine at the address. */
  callPlugin: ({ address, size, caller = 'bench_caller' }) => {
    const client = clientOf('EngineService', address, caller);
    const params = Buffer.from(JSON.stringify({ size: String(size), action: ACTION }));
    return async () => {
      const reply = await client.call('CallPlugin', {
        caller_plugin: caller,
        target_plugin: AGENT,
        params_json: params,
        tenant_id: tenantId,
      });
      return reply.result_json.length;
    };
  },
  /** What agents ask of an engine all the time. */
  cache: ({ address, caller = 'bench_caller' }) => {
    const client = clientOf('EngineService', address, caller);
    const tenant = { tenant_id: tenantId };
    let turn = 0;
    return async () => {
      const key = `${caller}:${turn++ % 100}`;
      await client.call('CacheSet', { key, value: Buffer.from('value'), ttl_seconds: 60, ...tenant });
      return (await client.call('CacheGet', { key, ...tenant })).value.length;
    };
  },
};

const sleepUntil = (atMs) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - performance.now())));

/**
 * Calls for a while: as fast as `concurrency` callers can, or, with `perSecond`, on a schedule that does not wait for
 * slow answers; a latency then counts from when its call was due.
 */
async function load({ kind, millis, concurrency = 16, perSecond, ...target }) {
  const call = KINDS[kind](target);
  const expected = kind === 'cache' ? 5 : target.size;
  const latencies = [];
  const startedAt = performance.now();
  const endsAt = startedAt + millis;
  const one = async (dueMs) => {
    const length = await call();
    if (length !== expected) throw new Error(`${kind}: ${length} bytes instead of ${expected}`);
    latencies.push(performance.now() - dueMs);
  };
  if (perSecond === undefined) {
    const worker = async () => {
      while (performance.now() < endsAt) await one(performance.now());
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  } else {
    const running = [];
    for (let index = 0; ; index++) {
      const dueMs = startedAt + (index * 1_000) / perSecond;
      if (dueMs >= endsAt) break;
      await sleepUntil(dueMs);
      running.push(one(dueMs));
    }
    await Promise.all(running);
  }
  return { calls: latencies.length, seconds: (performance.now() - startedAt) / 1_000, latencies };
}

const ORDERS = {
  start: async (options) => {
    [tenantId] = options.tenantIds;
    engine = await startEngine(options);
    engine.subscribe(({ type }) => events.set(type, (events.get(type) ?? 0) + 1));
    return { address: engine.address };
  },
  tenant: (order) => {
    tenantId = order.tenantId;
    return {};
  },
  load,
  agents: () => {
    const startedAt = performance.now();
    const agents = engine.agents();
    return {
      ms: performance.now() - startedAt,
      agents: agents.map(({ name, health }) => ({ name, health })),
    };
  },
  usage: ({ collect = false }) => {
    if (collect) globalThis.gc();
    const { user, system } = process.cpuUsage();
    return {
      cpuMs: (user + system) / 1_000,
      memory: process.memoryUsage(),
      events: Object.fromEntries(events),
    };
  },
};

process.on('message', async ({ order, ...rest }) => {
  try {
    process.send({ answer: await ORDERS[order](rest) });
  } catch (error) {
    process.send({ failure: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit(0));
