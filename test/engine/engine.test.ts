import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, type EngineEvent, startEngine } from '../../src/engine/index.ts';
import { createLogger, type RunningAgent, startAgent } from '../../src/runtime/index.ts';
import { createClient, type WireClient } from '../../src/wire/index.ts';
import { callRaw, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin, SAMPLE_INFO, type SamplePlugin } from '../support/sample-plugin.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
let engine: Engine;
let events: EngineEvent[];
let asAgent: WireClient<'EngineService'>;
const running: RunningAgent[] = [];

beforeEach(async () => {
  engine = await startEngine({ tenantIds: [TENANT], healthIntervalMs: 20, heartbeatIntervalS: 1 });
  events = [];
  engine.subscribe((event) => events.push(event));
  asAgent = createClient({ service: 'EngineService', address: engine.address, keepalive: false });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((agent) => agent.stop()));
  asAgent.close();
  await engine.stop();
});

async function launch(plugin: SamplePlugin = createSamplePlugin(), env: Record<string, string> = {}) {
  const agent = await startAgent(plugin, {
    env: {
      MIRASTACK_ENGINE_ADDR: engine.address,
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: TENANT,
      MIRASTACK_PLUGIN_BACKOFF_MAX: '0.05',
      ...env,
    },
    log: createLogger(() => undefined),
  });
  running.push(agent);
  return agent;
}

async function untilHealthy(instances = 1): Promise<void> {
  await expect
    .poll(
      () =>
        engine.agents().flatMap((agent) => agent.instances.filter((item) => item.health === 'healthy'))
          .length,
      { timeout: 5_000 },
    )
    .toBe(instances);
}

/** What an agent of the sample's name says of itself, as JSON. */
const SILENT_INFO = JSON.stringify({
  name: 'my_agent',
  version: '1',
  description: 'd',
  type: 1,
  permission: 1,
  devops_stages: [8],
  actions: [{ id: 'a', description: 'd', permission: 1, stages: [8] }],
});
const untilHealthCheck = () => expect.poll(() => events.some((event) => event.type === 'health')).toBe(true);

const warnings = () => events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));

describe('registration', () => {
  test('dials back by the own name, lists, probes and forgets', async () => {
    const plugin = createSamplePlugin();
    const agent = await launch(plugin);
    await untilHealthy();
    expect(engine.agents()).toMatchObject([
      {
        name: 'my_agent',
        version: '1.0.0',
        permission: 'READ',
        health: 'healthy',
        instances: [
          {
            instanceId: agent.instanceId,
            address: `127.0.0.1:${agent.port}`,
            advertisedAddress: `${hostname()}:${agent.port}`,
            language: 'typescript',
          },
        ],
      },
    ]);
    plugin.unhealthy = new Error('backend is down');
    await expect
      .poll(() => engine.agents()[0]?.instances[0])
      .toMatchObject({ health: 'unhealthy', healthMessage: 'backend is down' });
    await expect(engine.invoke({ action: 'echo', params: { text: 'x' } })).rejects.toMatchObject({
      kind: 'unreachable',
      code: 'no-healthy-instance',
      message: expect.stringContaining('backend is down'),
    });
    plugin.unhealthy = undefined;
    await untilHealthy();
    await agent.stop();
    expect(engine.agents()).toEqual([]);
    expect(events.filter((event) => event.type !== 'health').map((event) => event.type)).toEqual([
      'registered',
      'deregistered',
    ]);
  });

  test('is idempotent per instance', async () => {
    const agent = await launch();
    await untilHealthy();
    const again = {
      name: 'my_agent',
      version: '1.0.0',
      grpc_addr: `127.0.0.1:${agent.port}`,
      plugin_type: 1,
      instance_id: agent.instanceId,
      tenant_id: TENANT,
    };
    const [first, second] = await Promise.all([
      asAgent.call('RegisterPlugin', again),
      asAgent.call('RegisterPlugin', again),
    ]);
    expect(first).toMatchObject({ success: true, plugin_id: second.plugin_id });
    expect(engine.agents()[0]?.instances).toHaveLength(1);
    await untilHealthy();
    expect(await engine.invoke({ action: 'echo', params: { text: 'x' } })).toMatchObject({ success: true });
  });

  const request = (change: object) => ({
    name: 'my_agent',
    version: '1',
    grpc_addr: '127.0.0.1:9',
    plugin_type: 1,
    instance_id: 'i-1',
    tenant_id: TENANT,
    ...change,
  });

  test.each([
    [{ tenant_id: '' }, 'INVALID_ARGUMENT', 'tenant_id is required for plugin registration'],
    [{ tenant_id: 'abc' }, 'PERMISSION_DENIED', 'tenant "abc" is not active: tenants: tenant not found'],
    [{ name: '' }, 'INVALID_ARGUMENT', 'name and instance_id are required for plugin registration'],
  ])('%j is refused with a status', async (change, status, message) => {
    await expect(asAgent.call('RegisterPlugin', request(change))).rejects.toMatchObject({ status, message });
  });

  test.each([
    [{ grpc_addr: 'nonsense' }, 'grpc_addr "nonsense" is not host:port'],
    [
      { grpc_addr: '10.1.2.3:80' },
      'host "10.1.2.3" is not this machine; start the engine with --allow-host 10.1.2.3 to dial it',
    ],
    [
      { grpc_addr: '127.0.0.1:9' },
      expect.stringMatching(/^the engine cannot reach it at 127\.0\.0\.1:9 \(UNAVAILABLE: /),
    ],
  ])('%j is refused with a sentence, shown once', async (change, error) => {
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await asAgent.call('RegisterPlugin', request(change))).toMatchObject({ success: false, error });
    expect(warnings()).toHaveLength(1);
  });

  test('an agent that breaks a gate is refused with every violation', async () => {
    const plugin = createSamplePlugin();
    const agent = await launch(plugin, { MIRASTACK_ENGINE_ADDR: '' });
    Object.assign(plugin, {
      info: () => ({ ...SAMPLE_INFO, description: ' ', devopsStages: [], permission: undefined }),
    });
    const reply = await asAgent.call('RegisterPlugin', request({ grpc_addr: `127.0.0.1:${agent.port}` }));
    expect(reply).toMatchObject({
      success: false,
      error:
        'plugin quality gate failed: description must not be empty (whitespace-only is not allowed); permission must be explicitly set (READ, MODIFY or ADMIN); at least one DevOps stage must be declared',
    });
  });

  test('an unknown instance is asked to register again; the known one gets the interval', async () => {
    expect(await asAgent.call('Heartbeat', { name: 'x', instance_id: 'nobody' })).toMatchObject({
      acknowledged: true,
      re_register_required: true,
    });
    const agent = await launch();
    await untilHealthy();
    expect(
      await asAgent.call('Heartbeat', { name: 'my_agent', instance_id: agent.instanceId }),
    ).toMatchObject({ acknowledged: true, re_register_required: false, heartbeat_interval_seconds: 1 });
    expect(await asAgent.call('DeregisterPlugin', { name: 'x', instance_id: 'nobody' })).toEqual({
      acknowledged: true,
    });
  });

  test('an instance that answers nothing any more is given up', async () => {
    const silent = await serveRaw(({ path }) => ({ body: path.endsWith('/Info') ? SILENT_INFO : '{}' }));
    await asAgent.call('RegisterPlugin', request({ grpc_addr: `127.0.0.1:${silent.port}` }));
    await untilHealthCheck();
    await silent.close();
    await expect
      .poll(() => events.find((event) => event.type === 'lost'), { timeout: 10_000 })
      .toMatchObject({ agent: 'my_agent', instanceId: 'i-1' });
    expect(engine.agents()).toEqual([]);
  });

  test('an instance that keeps its own heartbeat interval stays as long as it answers probes', async () => {
    await launch(createSamplePlugin(), { MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '300' });
    await untilHealthy();
    const lease = 3_000;
    const startedAt = performance.now();
    const untilAfterLease = () => events.at(-1)?.type === 'health' && performance.now() - startedAt > lease;
    await expect.poll(untilAfterLease, { timeout: 10_000 }).toBe(true);
    expect(events.filter((event) => event.type === 'lost')).toEqual([]);
    expect(engine.agents()).toHaveLength(1);
  });

  test('one instance id belongs to one agent', async () => {
    const agent = await launch();
    await untilHealthy();
    const stolen = request({
      name: 'thief',
      instance_id: agent.instanceId,
      grpc_addr: `127.0.0.1:${agent.port}`,
    });
    expect(await asAgent.call('RegisterPlugin', stolen)).toMatchObject({
      success: false,
      error: `instance_id "${agent.instanceId}" belongs to my_agent`,
    });
    await asAgent.call('DeregisterPlugin', { name: 'thief', instance_id: agent.instanceId });
    const beat = await asAgent.call('Heartbeat', { name: 'thief', instance_id: agent.instanceId });
    expect(beat).toMatchObject({ re_register_required: true, heartbeat_interval_seconds: 1 });
    expect(engine.agents()).toMatchObject([{ name: 'my_agent' }]);
  });

  test('Schema adds params and can weaken no permission', async () => {
    const plugin = createSamplePlugin();
    Object.assign(plugin, {
      schema: () => ({
        actions: [
          {
            ...SAMPLE_INFO.actions[1],
            permission: 'READ',
            inputParams: [{ name: 'p', type: 'string', required: false, description: 'd' }],
          },
          { ...SAMPLE_INFO.actions[1], id: 'hidden', permission: 'READ' },
        ],
      }),
    });
    await launch(plugin);
    await untilHealthy();
    expect(engine.agents()[0]?.actions).toMatchObject([
      { id: 'echo', permission: 'READ' },
      { id: 'restart', permission: 'MODIFY', inputParams: [{ name: 'p' }] },
    ]);
    expect(engine.agents()[0]?.actions).toHaveLength(2);
  });

  test('an answer that cannot be used is not called unreachable', async () => {
    const odd = await serveRaw(() => ({ body: '{"actions":5}' }));
    expect(
      await asAgent.call('RegisterPlugin', request({ grpc_addr: `127.0.0.1:${odd.port}` })),
    ).toMatchObject({
      success: false,
      error: expect.stringMatching(
        /^its answer to Info or GetSchema cannot be used \(INTERNAL: .*actions: expected an array/,
      ),
    });
    await odd.close();
  });

  test('stopping does not wait for a handshake under way, and nothing of it stays', async () => {
    const silent = await serveRaw(() => new Promise(() => undefined));
    const refused = asAgent
      .call('RegisterPlugin', request({ grpc_addr: `127.0.0.1:${silent.port}` }))
      .catch(() => undefined);
    await expect.poll(() => silent.calls.length).toBe(1);
    await engine.stop();
    await refused;
    expect(engine.agents()).toEqual([]);
    expect(events).toEqual([expect.objectContaining({ type: 'warning' })]);
    await silent.close();
  });

  test('answers a client that sends JSON under the bare content type', async () => {
    const reply = await callRaw({
      port: Number(engine.address.split(':')[1]),
      path: '/mirastack.plugin.v1.EngineService/Heartbeat',
      contentType: 'application/grpc',
      body: '{"name": "a", "instance_id": "b"}',
    });
    expect(JSON.parse(String(reply.body))).toMatchObject({ acknowledged: true, re_register_required: true });
  });
});

describe('invoke', () => {
  test('sends strings, both action fields, tenant, ids and mode', async () => {
    const plugin = createSamplePlugin();
    await launch(plugin);
    await untilHealthy();
    const result = await engine.invoke({
      action: 'echo',
      params: { text: 1.5, extra: { a: [true, null] } },
      timeRange: { startEpochMs: 5, endEpochMs: 6 },
    });
    expect(result).toMatchObject({
      success: true,
      error: '',
      resultJson: expect.stringContaining('"action":"echo"'),
    });
    const [executed] = plugin.executed;
    expect(executed).toMatchObject({
      actionId: 'echo',
      mode: 'GUIDED',
      tenantId: TENANT,
      executionId: result.executionId,
      timeRange: { startEpochMs: 5, endEpochMs: 6 },
    });
    expect(executed?.params).toEqual({ text: '1.5', extra: '{"a":[true,null]}', action: 'echo' });
    expect(events.at(-1)).toMatchObject({ type: 'executed', agent: 'my_agent', action: 'echo' });
  });

  test('round robin over the healthy instances', async () => {
    const plugins = [createSamplePlugin(), createSamplePlugin()];
    for (const plugin of plugins) await launch(plugin);
    await untilHealthy(2);
    for (let i = 0; i < 4; i++) await engine.invoke({ action: 'echo', params: { text: 'x' } });
    expect(plugins.map((plugin) => plugin.executed.length)).toEqual([2, 2]);
  });

  test.each([
    [
      { action: 'nope', params: {} },
      'usage',
      'unknown-action',
      'No registered agent offers the action "nope".',
    ],
    [
      { action: 'echo', agent: 'other', params: {} },
      'usage',
      'unknown-agent',
      'No agent named "other" is registered.',
    ],
    [
      { action: 'echo', params: {} },
      'usage',
      'missing-param',
      'Missing required param text for the action echo of my_agent.',
    ],
    [
      { action: 'echo', params: { text: 'x', txt: 'y' } },
      'usage',
      'unknown-param',
      'Unknown param txt for the action echo of my_agent.',
    ],
    [
      { action: 'echo', params: { text: 'x', extra: '{' } },
      'usage',
      'bad-param',
      'The param extra of the action echo of my_agent must be JSON, and "{" is not.',
    ],
    [
      { action: 'echo', params: { text: 'x' }, time: { expression: 'when it was nice' } },
      'usage',
      'invalid-time-range',
      expect.stringContaining('when it was nice'),
    ],
  ])('%j executes nothing', async (request, kind, code, message) => {
    const plugin = createSamplePlugin();
    await launch(plugin);
    await untilHealthy();
    await expect(engine.invoke(request)).rejects.toMatchObject({ kind, code, message });
    expect(plugin.executed).toEqual([]);
  });

  test('the same action of two agents needs a name', async () => {
    await launch();
    await launch(createSamplePlugin({ info: { name: 'other_agent' } }));
    await untilHealthy(2);
    await expect(engine.invoke({ action: 'echo', params: { text: 'x' } })).rejects.toMatchObject({
      code: 'ambiguous-action',
      message: expect.stringContaining('my_agent, other_agent'),
    });
    expect(
      await engine.invoke({ action: 'echo', agent: 'other_agent', params: { text: 'x' } }),
    ).toMatchObject({ success: true });
  });

  test('failures and timeouts of the agent are results; cancelling reaches it', async () => {
    let heard: () => void = () => undefined;
    const aborted = new Promise<void>((resolve) => (heard = resolve));
    const plugin = createSamplePlugin({
      execute: (request) => {
        if (request.params.text === 'boom') throw new Error('boom');
        return new Promise((resolve) =>
          request.signal.addEventListener('abort', () => {
            heard();
            resolve({ output: null });
          }),
        );
      },
    });
    await launch(plugin);
    await untilHealthy();
    expect(await engine.invoke({ action: 'echo', params: { text: 'boom' } })).toMatchObject({
      success: false,
      error: 'boom',
      resultJson: 'null',
    });
    expect(await engine.invoke({ action: 'echo', params: { text: 'slow' }, timeoutMs: 30 })).toMatchObject({
      success: false,
      error: 'echo did not end within 30 ms',
    });
    await aborted;
    const abort = new AbortController();
    const cancelled = engine.invoke({ action: 'echo', params: { text: 'slow' } }, { signal: abort.signal });
    await expect.poll(() => plugin.executed.length).toBe(3);
    abort.abort();
    expect(await cancelled).toMatchObject({ success: false, error: expect.stringContaining('CANCELLED') });
  });

  test('an execute under way survives the deregistration of its agent', async () => {
    let release: () => void = () => undefined;
    const plugin = createSamplePlugin({
      execute: () => new Promise((resolve) => (release = () => resolve({ output: 'done' }))),
    });
    const agent = await launch(plugin);
    await untilHealthy();
    const result = engine.invoke({ action: 'echo', params: { text: 'x' } });
    await expect.poll(() => plugin.executed.length).toBe(1);
    const stopped = agent.stop();
    await expect.poll(() => engine.agents()).toEqual([]);
    release();
    expect(await result).toMatchObject({ success: true, resultJson: '"done"' });
    await stopped;
  });
});

test('a busy port is named', async () => {
  await expect(startEngine({ tenantIds: [TENANT], listen: engine.address })).rejects.toMatchObject({
    kind: 'usage',
    code: 'cannot-listen',
    message: `The engine cannot listen on ${engine.address}: EADDRINUSE.`,
  });
});
