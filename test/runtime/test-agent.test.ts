import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { defineAction, definePlugin, type EngineClient, GateError } from '../../src/runtime/index.ts';
import { startTestAgent, type TestAgent, type TestAgentOptions } from '../../src/runtime/testing/index.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';

const running: TestAgent[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((agent) => agent.stop()));
});

async function start(plugin: Parameters<typeof startTestAgent>[0], options?: TestAgentOptions) {
  const agent = await startTestAgent(plugin, options);
  running.push(agent);
  return agent;
}

const isListening = (port: number) =>
  new Promise((resolve) => {
    const socket = net
      .connect(port, '127.0.0.1')
      .on('connect', () => resolve(socket.destroy() && true))
      .on('error', () => resolve(false));
  });

const restart = defineAction({
  id: 'restart',
  description: 'Restart a service. WARNING: it is down for a moment.',
  permission: 'MODIFY',
  stages: ['operate'],
  params: { name: { type: 'string', required: true, description: 'Which' } },
  handle: async ({ name }, { engineClient, executionId, mode, timeRange }) => {
    const known = await engineClient.cacheGetText(`service:${name}`);
    const decision = await engineClient.requestApproval({
      executionId,
      description: `restart ${name}?`,
      permission: 'MODIFY',
      context: { why: 'é' },
    });
    if (!decision.approved) throw new Error(`refused by ${decision.reviewer}`);
    await engineClient.cacheSet('last', name, 60);
    const answer = await engineClient.callPlugin('other_agent', { q: 1 }, { actionId: 'look' });
    const [kpi] = await engineClient.listKpis({ kind: 'technical' });
    await engineClient.publishResult(executionId, { half: true });
    const { url } = await engineClient.getConfig();
    return {
      known: known ?? null,
      answer,
      url: url ?? null,
      kpi: kpi?.name ?? null,
      executionId,
      mode: mode ?? null,
      from: timeRange?.startEpochMs ?? null,
    };
  },
});
const plugin = definePlugin({
  name: 'my_agent',
  version: '1.0.0',
  description: 'Restarts',
  permission: 'MODIFY',
  devopsStages: ['operate'],
  actions: [restart],
  healthCheck: () => undefined,
});
const kpi = {
  id: 'k1',
  tenantId: 't',
  name: 'Latency',
  query: 'q',
  integrationId: 'i',
  kind: 'technical',
  layer: 'gold',
  sentiment: 'negative',
  classifier: '',
  definition: '',
  createdAt: 1,
  updatedAt: 2,
};

test('an agent registers, executes over the wire with scripted answers, and deregisters', async () => {
  const agent = await start(plugin, {
    answers: {
      cache: { 'service:db': 'known' },
      config: { url: 'http://x' },
      kpis: [kpi],
      approve: () => ({ approved: true, timedOut: false, reviewer: 'ann', comment: '' }),
      plugins: { other_agent: (params) => ({ saw: JSON.stringify(params) }) },
    },
  });
  expect(agent.registrationState()).toBe('registered');
  expect(agent.calls.map(({ method }) => method)).toEqual(['RegisterPlugin']);
  expect(agent.engine.requests('RegisterPlugin')).toMatchObject([{ name: 'my_agent', version: '1.0.0' }]);
  expect(await agent.info()).toMatchObject({ name: 'my_agent', actions: [{ id: 'restart' }] });
  expect(await agent.healthCheck()).toEqual({ healthy: true, message: 'ok' });
  expect(
    await agent.execute(
      'restart',
      { name: 'db' },
      { mode: 'AUTONOMOUS', timeRange: { startEpochMs: 5, endEpochMs: 6 } },
    ),
  ).toEqual({
    known: 'known',
    answer: { saw: '{"q":1,"action":"look"}' },
    url: 'http://x',
    kpi: 'Latency',
    executionId: 'test-execution',
    mode: 'AUTONOMOUS',
    from: 5,
  });
  expect(agent.engine.cached('last')).toBe('db');
  expect(await agent.engine.received('PublishResult')).toMatchObject({ result_json: { half: true } });
  expect(agent.engine.requests('RequestApproval')).toMatchObject([{ context_json: { why: 'é' } }]);
  await agent.stop();
  await agent.stop();
  expect(agent.calls.at(-1)?.method).toBe('DeregisterPlugin');
  expect(agent.registrationState()).toBe('stopped');
  expect(await isListening(agent.port)).toBe(false);
});

describe('failures', () => {
  test('of a step, of another agent and of an unknown action read as a caller reads them', async () => {
    const agent = await start(plugin, {
      answers: {
        approve: ({ description }) => description.includes('db'),
        plugins: {
          other_agent: () => {
            throw new Error('backend is down');
          },
        },
      },
    });
    await expect(agent.execute('restart', { name: 'web' })).rejects.toThrow('refused by test');
    await expect(agent.execute('restart', { name: 'db' })).rejects.toThrow(
      'plugin "other_agent" returned error: backend is down',
    );
    await expect(agent.execute('restart')).rejects.toThrow('missing required param: name');
    await expect(agent.execute('nope')).rejects.toMatchObject({ status: 'NOT_FOUND' });
  });

  test('of the script are told in the log', async () => {
    const agent = await start(plugin, {
      answers: {
        approve: () => {
          throw new Error('script is wrong');
        },
      },
    });
    await expect(agent.execute('restart', { name: 'db' })).rejects.toThrow('internal error');
    expect(agent.logs.join('\n')).toContain('script is wrong');
  });

  test('of the gates, of the settings and of a registration leave nothing running', async () => {
    const listening = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    const before = listening();
    const { actions, ...info } = await plugin.info();
    await expect(
      startTestAgent({ ...plugin, info: () => ({ ...info, actions, version: '' }) }),
    ).rejects.toThrow(GateError);
    await expect(startTestAgent(plugin, { env: { MIRASTACK_PLUGIN_TENANT_ID: '' } })).rejects.toThrow(
      'MIRASTACK_PLUGIN_TENANT_ID is required',
    );
    await expect(
      startTestAgent(plugin, { answers: { register: () => 'not you' }, timeoutMs: 200 }),
    ).rejects.toThrow(/^the agent did not register within 200 ms: .*not you/);
    expect(listening()).toBe(before);
  });
});

test('a new configuration reaches the agent, its getConfig and its refusal the test', async () => {
  const sample = createSamplePlugin();
  let client: EngineClient | undefined;
  sample.setEngineClient = (given) => {
    client = given;
  };
  const agent = await start(sample, { answers: { config: { url: 'old' } } });
  expect(await client?.getConfig()).toEqual({ url: 'old' });
  await agent.configUpdated({ url: 'new' });
  expect(sample.configs.map((config) => ({ ...config }))).toEqual([{ url: 'new' }]);
  expect(await client?.getConfig()).toEqual({ url: 'new' });
  await expect(agent.configUpdated({ url: 'reject' })).rejects.toThrow('url not usable');
});

test('a registration that is refused first is tried again at once', async () => {
  let attempts = 0;
  const agent = await start(plugin, { answers: { register: () => (++attempts < 3 ? 'not yet' : {}) } });
  expect(agent.registrationState()).toBe('registered');
  expect(agent.engine.requests('RegisterPlugin')).toHaveLength(3);
});

test('heartbeats and what they ask for can be awaited', async () => {
  let asked = 0;
  const agent = await start(plugin, {
    env: { MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '1' },
    answers: { heartbeat: () => ({ reRegisterRequired: ++asked === 1 }) },
  });
  await agent.engine.received('RegisterPlugin', 2);
  expect(agent.engine.requests('Heartbeat')).toHaveLength(1);
});

test('a running execution hears that the agent stops, and can be cancelled by its caller', async () => {
  let begun: () => void = () => undefined;
  const sample = createSamplePlugin({
    execute: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ output: 'gave up' }));
        begun();
      }),
  });
  const agent = await start(sample);
  const started = () => new Promise<void>((resolve) => (begun = resolve));

  const abort = new AbortController();
  const first = started();
  const cancelled = agent.execute('echo', {}, { signal: abort.signal });
  await first;
  abort.abort();
  await expect(cancelled).rejects.toMatchObject({ status: 'CANCELLED' });

  const second = started();
  const reply = agent.execute('echo');
  await second;
  await Promise.all([agent.stop(), expect(reply).resolves.toBe('gave up')]);
});
