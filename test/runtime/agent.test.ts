import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger, GateError, type RunningAgent, startAgent } from '../../src/runtime/index.ts';
import { createClient, type WireClient } from '../../src/wire/index.ts';
import { type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin, SAMPLE_INFO } from '../support/sample-plugin.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const ENV = { MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0', MIRASTACK_PLUGIN_TENANT_ID: TENANT };

let lines: string[];
const log = createLogger((line) => lines.push(line));
const running: RunningAgent[] = [];
beforeEach(() => {
  lines = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((agent) => agent.stop()));
});

async function start(plugin = createSamplePlugin(), env: Record<string, string> = {}): Promise<RunningAgent> {
  const agent = await startAgent(plugin, { env: { ...ENV, ...env }, log });
  running.push(agent);
  return agent;
}

async function withClient<T>(
  agent: RunningAgent,
  use: (client: WireClient<'PluginService'>) => Promise<T>,
): Promise<T> {
  const client = createClient({
    service: 'PluginService',
    address: `127.0.0.1:${agent.port}`,
    keepalive: false,
  });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('the five methods', () => {
  test('Info, GetSchema, HealthCheck and ConfigUpdated', async () => {
    const plugin = createSamplePlugin();
    const agent = await start(plugin);
    await withClient(agent, async (client) => {
      expect(await client.call('Info', {})).toMatchObject({
        name: 'my_agent',
        type: 1,
        permission: 1,
        instance_id: agent.instanceId,
      });
      const schema = await client.call('GetSchema', {});
      expect(schema.actions.map((action) => [action.id, action.permission])).toEqual([
        ['echo', 1],
        ['restart', 2],
      ]);
      expect(await client.call('HealthCheck', {})).toMatchObject({ healthy: true, message: 'ok' });
      plugin.unhealthy = new Error('backend is down');
      expect(await client.call('HealthCheck', {})).toMatchObject({
        healthy: false,
        message: 'backend is down',
      });
      expect(await client.call('ConfigUpdated', { config: { url: 'x' }, version: 4 })).toEqual({
        acknowledged: true,
        error: '',
      });
      expect(await client.call('ConfigUpdated', { config: { url: 'reject' }, version: 5 })).toEqual({
        acknowledged: false,
        error: 'url not usable',
      });
      expect(plugin.configs.map((config) => ({ ...config }))).toEqual([{ url: 'x' }]);
    });
  });

  test('Execute hands over params, mode and time range', async () => {
    const plugin = createSamplePlugin();
    await withClient(await start(plugin), async (client) => {
      const reply = await client.call('Execute', {
        execution_id: 'e',
        action_id: 'echo',
        params_json: bytes({ text: 'é<', none: null }),
        execution_mode: 2,
        time_range: { start_epoch_ms: 1, end_epoch_ms: 2, timezone: 'UTC' },
        tenant_id: TENANT,
      });
      expect(reply).toMatchObject({ success: true, error: '' });
      expect(Number.isInteger(reply.duration_ms)).toBe(true);
      expect(JSON.parse(Buffer.from(reply.result_json).toString())).toEqual({
        params: { text: 'é<', none: '' },
        action: 'echo',
      });
      expect(plugin.executed[0]).toMatchObject({
        mode: 'GUIDED',
        tenantId: TENANT,
        timeRange: { startEpochMs: 1, endEpochMs: 2, timezone: 'UTC' },
      });
      await client.call('Execute', { params_json: bytes({ action: 'echo' }) });
      expect(plugin.executed[1]).toMatchObject({ actionId: 'echo', mode: undefined, timeRange: undefined });
    });
  });

  test.each([
    [{ text: 1 }, 'invalid params JSON: params.text: expected a string, got a number'],
    [[1], 'invalid params JSON: params: expected an object of strings'],
  ])('params %j fail the step', async (params, error) => {
    const plugin = createSamplePlugin();
    await withClient(await start(plugin), async (client) => {
      expect(await client.call('Execute', { action_id: 'echo', params_json: bytes(params) })).toMatchObject({
        success: false,
        error,
      });
    });
    expect(plugin.executed).toEqual([]);
  });

  test('a throwing action, one without output and an unknown one', async () => {
    const answers = [() => Promise.reject(new Error('boom')), () => ({ output: undefined as never })];
    const plugin = createSamplePlugin({ execute: () => (answers.shift() as () => never)() });
    await withClient(await start(plugin), async (client) => {
      expect(await client.call('Execute', { action_id: 'echo' })).toMatchObject({
        success: false,
        error: 'boom',
      });
      expect(await client.call('Execute', { action_id: 'echo' })).toMatchObject({
        success: false,
        error: 'action echo returned no output',
      });
      await expect(client.call('Execute', { action_id: 'nope' })).rejects.toMatchObject({
        status: 'NOT_FOUND',
        message: 'unknown action "nope": this agent offers echo, restart',
      });
    });
  });
});

describe('before the port opens', () => {
  test('every gate violation at once', async () => {
    const info = {
      ...SAMPLE_INFO,
      description: '  ',
      permission: undefined as never,
      devopsStages: [],
      actions: [{ ...SAMPLE_INFO.actions[0], permission: undefined as never } as never],
    };
    let listening = false;
    const attempt = startAgent(createSamplePlugin({ info }), {
      env: ENV,
      log,
      onListening: () => (listening = true),
    });
    await expect(attempt).rejects.toThrow(GateError);
    await expect(attempt).rejects.toThrow(
      [
        'FATAL: plugin quality gate failed:',
        '  - description must not be empty (whitespace-only is not allowed)',
        '  - permission must be explicitly set (READ, MODIFY or ADMIN)',
        '  - at least one DevOps stage must be declared',
        '  - action[0] (echo): permission must be explicitly set (READ, MODIFY or ADMIN)',
      ].join('\n'),
    );
    expect(listening).toBe(false);
  });

  test.each([
    [{ MIRASTACK_PLUGIN_TENANT_ID: '' }, /MIRASTACK_PLUGIN_TENANT_ID is required/],
    [
      { MIRASTACK_PLUGIN_TENANT_ID: '', MIRASTACK_PLUGIN_TENANT_SLUG: '  ' },
      /MIRASTACK_PLUGIN_TENANT_ID is required/,
    ],
    [
      { MIRASTACK_PLUGIN_ADDR: 'localhost' },
      /MIRASTACK_PLUGIN_ADDR is "localhost": expected host:port or :port/,
    ],
  ])('%j is refused', async (env, message) => {
    await expect(start(createSamplePlugin(), env)).rejects.toThrow(message);
  });

  test('a busy port is named', async () => {
    const { port } = await start();
    await expect(start(createSamplePlugin(), { MIRASTACK_PLUGIN_ADDR: `127.0.0.1:${port}` })).rejects.toThrow(
      `The agent cannot listen on 127.0.0.1:${port}: EADDRINUSE.`,
    );
  });
});

describe('registration', () => {
  let engine: RawServer;
  let answers: Record<string, () => { body?: string; status?: number; message?: string }>;
  const fast = { MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '1', MIRASTACK_PLUGIN_BACKOFF_MAX: '0.05' };

  beforeEach(async () => {
    answers = {};
    engine = await serveRaw(({ path }) => {
      const method = path.slice(path.lastIndexOf('/') + 1);
      return answers[method]?.() ?? { body: '{"success":true,"plugin_id":"plg_1","acknowledged":true}' };
    });
  });
  afterEach(() => engine.close());

  const methods = () => engine.calls.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));

  test('registers, heartbeats, deregisters', async () => {
    const agent = await start(createSamplePlugin(), {
      ...fast,
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
      MIRASTACK_PLUGIN_ADVERTISE_ADDR: 'agent.example:50051',
    });
    await expect.poll(() => methods(), { timeout: 5_000 }).toEqual(['RegisterPlugin', 'Heartbeat']);
    expect(agent.registrationState()).toBe('registered');
    await agent.stop();
    expect(methods()).toEqual(['RegisterPlugin', 'Heartbeat', 'DeregisterPlugin']);
    const [register, heartbeat] = engine.calls.map(({ body }) => JSON.parse(body.toString()));
    expect(register).toEqual({
      name: 'my_agent',
      version: '1.0.0',
      grpc_addr: 'agent.example:50051',
      plugin_type: 1,
      instance_id: agent.instanceId,
      tenant_id: TENANT,
    });
    expect(heartbeat).toEqual({ name: 'my_agent', instance_id: agent.instanceId });
    expect(engine.calls[0]?.headers['x-plugin-name']).toBe('my_agent');
    expect(agent.registrationState()).toBe('stopped');
  });

  test('a refusal is retried, logged once, and recovers', async () => {
    let attempts = 0;
    answers.RegisterPlugin = () =>
      ++attempts < 4 ? { status: 7, message: 'tenant "x" is not active' } : { body: '{"success":true}' };
    const agent = await start(createSamplePlugin(), {
      ...fast,
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
    });
    await expect.poll(() => agent.registrationState(), { timeout: 10_000 }).toBe('registered');
    expect(attempts).toBe(4);
    expect(lines.filter((line) => line.includes('will retry'))).toEqual([
      expect.stringContaining('"error":"tenant \\"x\\" is not active"'),
    ]);
  });

  test('an inactive licence refuses new work until it is active again, and ends nothing', async () => {
    let active = false;
    answers.Heartbeat = () => ({
      body: JSON.stringify({ acknowledged: true, license: { active, effective_tier: 'neo', quotas: {} } }),
    });
    const agent = await start(createSamplePlugin(), {
      ...fast,
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
    });
    const execute = () =>
      withClient(agent, (client) =>
        client.call('Execute', { action_id: 'echo' }).then(
          () => 'OK',
          (error: Error) => error.message,
        ),
      );
    expect(await execute()).toBe('OK');
    await expect.poll(execute, { timeout: 5_000 }).toBe('the licence of this engine is inactive');
    active = true;
    await expect.poll(execute, { timeout: 5_000 }).toBe('OK');
    expect(lines.filter((line) => line.includes('licence')).map((line) => JSON.parse(line).level)).toEqual([
      'warn',
      'info',
    ]);
  });

  test('registers again when the engine asks for it', async () => {
    let asked = false;
    answers.Heartbeat = () => {
      const body = JSON.stringify({ acknowledged: true, re_register_required: !asked });
      asked = true;
      return { body };
    };
    await start(createSamplePlugin(), { ...fast, MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}` });
    await expect
      .poll(() => methods(), { timeout: 5_000 })
      .toEqual(['RegisterPlugin', 'Heartbeat', 'RegisterPlugin', 'Heartbeat']);
  });

  test('a lost engine that asks for it is registered with again, without a detour', async () => {
    const states: string[] = [];
    let beats = 0;
    answers.Heartbeat = () => {
      beats++;
      if (beats === 1) return { status: 14, message: 'restarting' };
      return { body: JSON.stringify({ acknowledged: true, re_register_required: beats === 2 }) };
    };
    const env = { ...ENV, ...fast, MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}` };
    const agent = await startAgent(createSamplePlugin(), {
      env,
      log,
      onRegistration: (state) => {
        states.push(state);
        throw new Error('a listener of no use');
      },
    });
    running.push(agent);
    const expected = ['registering', 'registered', 'lost', 'registering', 'registered'];
    await expect.poll(() => states, { timeout: 8_000 }).toEqual(expected);
    await agent.stop();
    expect(states).toEqual([...expected, 'draining', 'stopped']);
    const logged = lines.map((line) => (JSON.parse(line) as { message: string }).message);
    expect(logged.filter((message) => message.startsWith('registration '))).toEqual(
      states.map((state) => `registration ${state}`),
    );
    expect(logged).toContain('the listener for registration states failed');
  });

  test('it drains until the last running call has ended', async () => {
    let begun: () => void = () => undefined;
    const executing = new Promise<void>((resolve) => (begun = resolve));
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const plugin = createSamplePlugin({
      execute: async () => {
        begun();
        await finished;
        return { output: {} };
      },
    });
    const agent = await start(plugin, { MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}` });
    await withClient(agent, async (client) => {
      const reply = client.call('Execute', { action_id: 'echo' });
      await executing;
      const stopped = agent.stop();
      expect(agent.registrationState()).toBe('draining');
      await expect.poll(methods).toContain('DeregisterPlugin');
      expect(agent.registrationState()).toBe('draining');
      finish();
      expect(await reply).toMatchObject({ success: true });
      await stopped;
      expect(agent.registrationState()).toBe('stopped');
    });
  });

  test('without an engine it is unregistered, drains and stops, and logs none of it', async () => {
    const agent = await start();
    expect(agent.registrationState()).toBe('unregistered');
    const stopped = agent.stop();
    expect(agent.registrationState()).toBe('draining');
    await stopped;
    expect(agent.registrationState()).toBe('stopped');
    expect(lines).toEqual([]);
  });

  test('an engine that never answers does not hold the exit', async () => {
    const silent = await serveRaw(() => new Promise(() => undefined));
    const agent = await start(createSamplePlugin(), {
      ...fast,
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${silent.port}`,
    });
    await expect.poll(() => silent.calls.length).toBe(1);
    await agent.stop();
    expect(agent.registrationState()).toBe('stopped');
    // What was under way has been ended, not left to its own deadline.
    expect(lines.filter((line) => line.includes('will retry'))).toEqual([]);
    expect(silent.calls.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))).toEqual([
      'RegisterPlugin',
      'DeregisterPlugin',
    ]);
    await silent.close();
    // Less than the 10 s that the registration itself would take.
  }, 8_000);
});
