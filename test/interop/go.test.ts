import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, type EngineEvent, startEngine } from '../../src/engine/index.ts';
import { createLogger, startAgent } from '../../src/runtime/index.ts';
import { type Child, portLine, startChild } from '../support/child.ts';
import { buildGo, GO_SDK_NAME } from '../support/go.ts';
import { callRaw, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { findGo } from '../support/tools.ts';
import { type EngineLine, loadTranscript, normaliseMessage, replyOutcome } from '../support/transcripts.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const KPI = {
  id: 'k1',
  tenantId: TENANT,
  name: 'Latency',
  query: 'q',
  integrationId: 'i1',
  kind: 'technical',
  layer: 'gold',
  sentiment: 'negative',
  classifier: 'c',
  definition: 'd',
  createdAt: 1,
  updatedAt: 2,
};
const go = findGo();
const suite = describe.skipIf(go === undefined);

const built: string[] = [];
let agentProgram: string;
let engineProgram: string;
beforeAll(() => {
  if (go === undefined) return;
  agentProgram = buildGo(go, 'go-agent');
  engineProgram = buildGo(go, 'go-engine');
  built.push(agentProgram, engineProgram);
}, 300_000);
afterAll(() => {
  for (const program of built) rmSync(dirname(program), { recursive: true });
});

const children: Child[] = [];
function start(program: string, args: string[], env: Record<string, string> = {}): Child {
  const child = startChild(program, args, { env });
  children.push(child);
  return child;
}
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop('SIGKILL')));
});

suite(`an agent on ${GO_SDK_NAME} and our engine (needs Go)`, () => {
  let engine: Engine;
  let events: EngineEvent[];
  const startOurs = async (listen = '127.0.0.1:0') => {
    engine = await startEngine({ listen, tenantIds: [TENANT], healthIntervalMs: 50, heartbeatIntervalS: 1 });
    events = [];
    engine.subscribe((event) => events.push(event));
  };
  beforeEach(() => startOurs());
  afterEach(() => engine.stop());

  const launch = () =>
    start(agentProgram, [], {
      MIRASTACK_ENGINE_ADDR: engine.address,
      MIRASTACK_PLUGIN_TENANT_ID: TENANT,
      MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '1',
    });
  const healthy = () =>
    expect.poll(() => engine.agents()[0]?.health, { timeout: 15_000, message: 'health' }).toBe('healthy');

  test('registers, passes the handshake, answers invoke, is probed, deregisters on SIGTERM', async () => {
    const agent = launch();
    const port = await agent.line(portLine);
    await healthy();
    expect(engine.agents()).toMatchObject([
      {
        name: 'go_lab',
        version: '1.3.2',
        permission: 'READ',
        actions: [
          {
            id: 'echo',
            permission: 'READ',
            stages: ['observe'],
            inputParams: [{ name: 'text', type: 'string', required: true }],
          },
        ],
        instances: [{ language: 'go', address: `127.0.0.1:${port}`, healthMessage: 'ok' }],
      },
    ]);
    const timeRange = { startEpochMs: 1774973400123, endEpochMs: 1774977000123, timezone: 'UTC' };
    const result = await engine.invoke({ action: 'echo', params: { text: 'é<&>' }, timeRange });
    expect(result).toMatchObject({ success: true, error: '' });
    expect(JSON.parse(result.resultJson)).toMatchObject({ text: 'é<&>' });
    expect(await agent.stop()).toBe(0);
    expect(events.filter((event) => event.type !== 'health').map((event) => event.type)).toEqual([
      'registered',
      'executed',
      'deregistered',
    ]);
    expect(engine.agents()).toEqual([]);
    expect(agent.stdout).toEqual([`MIRASTACK_PLUGIN_PORT=${port}`]);
  });

  test('heartbeats: after an engine restart it is asked to register again', async () => {
    launch();
    await healthy();
    const { address } = engine;
    await engine.stop();
    await startOurs(address);
    await healthy();
  });
});

suite(`what an agent on ${GO_SDK_NAME} asks of our engine (needs Go)`, () => {
  test('every call of its engine context returns what it should', async () => {
    const { engine, events, launch, launchOurs } = await startWithPolicy();
    const { plugin } = await launchOurs();
    await launch({ GO_AGENT_NAME: 'go_peer', GO_AGENT_CALLS: '1' });
    await launch({ GO_AGENT_CALLS: '1' });
    const result = await engine.invoke({ agent: 'go_lab', action: 'calls', params: {} });
    expect(result).toMatchObject({ success: true, error: '' });
    const base64 = (...bytes: number[]) => Buffer.from(bytes).toString('base64');
    const text = Buffer.from('text').toString('base64');
    const kpi = {
      id: 'k1',
      tenantid: TENANT,
      name: 'Latency',
      kind: 'technical',
      createdat: 1,
      updatedat: 2,
    };
    const seen = JSON.parse(result.resultJson);
    // A value that is no string comes as its JSON text, written as that SDK writes it.
    expect(JSON.parse(seen.call.params)).toEqual({ text: 'é<&>', action: 'echo' });
    expect([seen.kpi, ...seen.kpis].map(plainKeys)).toMatchObject([kpi, kpi]);
    expect(plainKeys(seen['call go'].range)).toEqual({
      startepochms: 1774973400123,
      endepochms: 1774977000123,
      timezone: 'Europe/Berlin',
      originalexpression: 'last 1h',
    });
    expect(seen).toMatchObject({
      config: { url: 'http://d' },
      'kpi of nothing': true,
      set: 'done',
      'set text': 'done',
      get: base64(0x76, 0x00, 0xff),
      'get of nothing': '',
      batch: [
        ['go:text', text, true],
        ['go:nothing', '', false],
        ['go:bytes', base64(0x76, 0x00, 0xff), true],
        ['go:text', text, true],
      ],
      publish: 'done',
      log: 'done',
      'log without fields': 'done',
      approved: true,
      denied: false,
      call: { action: 'echo' },
      'call json': { action: 'echo', params: { text: 't', extra: '{"n":1.5}', action: 'echo' } },
      'call raw': JSON.stringify({ params: { text: 'raw', action: 'echo' }, action: 'echo' }),
      'call go': { params: { q: '1', action: 'range' } },
      'call denied': expect.stringMatching(/^error: .*PermissionDenied.*not by a script/),
      'call nobody': expect.stringMatching(/^error: .*PermissionDenied.*not registered for this tenant/),
      'call without param': expect.stringMatching(/^error: .*Missing required param text/),
      stranger: expect.stringMatching(/^error: .*PermissionDenied.*tenant .* is not active/),
    });
    expect(plugin.executed.map(({ params }) => ({ ...params }).text)).toEqual(['é<&>', 't', 'raw']);
    expect(engine.execution(result.executionId)).toMatchObject({
      outcome: 'succeeded',
      published: ['{"a":"b"}'],
    });
    expect(engine.history().find((record) => record.agent === 'go_peer')).toMatchObject({
      caller: 'go_lab',
      outcome: 'succeeded',
      timeRange: { startEpochMs: 1774973400123, timezone: 'Europe/Berlin' },
    });
    expect(events.filter((event) => event.type === 'logged')).toMatchObject([
      { agent: 'go_lab', severity: 'warn', message: 'something', dataJson: '{"k":"v"}' },
      { agent: 'go_lab', severity: 'info', message: 'nothing', dataJson: 'null' },
    ]);
    expect(
      engine
        .approvals()
        .filter((approval) => approval.origin === 'agent')
        .map(({ agent, action, state, claim }) => [agent, action, state, claim.text]),
    ).toEqual([
      ['go_lab', 'calls', 'denied', 'drop it?'],
      ['go_lab', 'calls', 'approved', 'restart it?'],
    ]);
  });

  test('a changed configuration is pushed to it whole, with growing versions; its refusal comes back', async () => {
    const { engine, launch } = await startWithPolicy();
    await launch({ GO_AGENT_CALLS: '1' });
    const before = engine.config('go_lab').version;
    const changes = [
      await engine.setConfig('go_lab', 'url', 'http://one'),
      await engine.setConfig('go_lab', 'token', 's3cret'),
      await engine.setConfig('go_lab', 'url', 'reject'),
      await engine.setConfig('go_lab', 'url', undefined),
    ];
    expect(changes.map(({ version }) => version - before)).toEqual([1, 2, 3, 4]);
    expect(
      changes.map(({ answers }) => answers.map(({ acknowledged, error }) => [acknowledged, error])),
    ).toEqual([[[true, '']], [[true, '']], [[false, 'url not usable']], [[true, '']]]);
    const { resultJson } = await engine.invoke({ agent: 'go_lab', action: 'configs', params: {} });
    expect(JSON.parse(resultJson)).toEqual({
      configs: [
        { url: 'http://one' },
        { url: 'http://one', token: 's3cret' },
        { url: 'http://d', token: 's3cret' },
      ],
    });
  });

  let engine: Engine;
  let stopOurs: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await stopOurs?.();
    stopOurs = undefined;
    await engine.stop();
  });

  /** An engine whose policy decides, and what starts agents on it; each is healthy when its launch has ended. */
  async function startWithPolicy() {
    engine = await startEngine({
      tenantIds: [TENANT],
      healthIntervalMs: 50,
      kpis: [KPI],
      policy: {
        rules: [
          { permission: 'ADMIN', decision: 'deny' },
          { agent: 'my_agent', action: 'restart', decision: 'deny', comment: 'not by a script' },
          { decision: 'approve' },
        ],
      },
    });
    const events: EngineEvent[] = [];
    engine.subscribe((event) => events.push(event));
    const env = { MIRASTACK_ENGINE_ADDR: engine.address, MIRASTACK_PLUGIN_TENANT_ID: TENANT };
    const healthy = (name: string) =>
      expect
        .poll(() => engine.agents().find((item) => item.name === name)?.health, { timeout: 15_000 })
        .toBe('healthy');
    return {
      engine,
      events,
      launch: async (more: Record<string, string>) => {
        start(agentProgram, [], { ...env, ...more });
        await healthy(more.GO_AGENT_NAME ?? 'go_lab');
      },
      launchOurs: async () => {
        const plugin = createSamplePlugin();
        const agent = await startAgent(plugin, {
          env: { ...env, MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0' },
          log: createLogger(() => undefined),
        });
        stopOurs = () => agent.stop();
        await healthy('my_agent');
        return { plugin };
      },
    };
  }
});

suite(`an agent on ${GO_SDK_NAME} and the recorded engine (needs Go)`, () => {
  test('answers every line of the transcript as recorded', async () => {
    const { lines } = loadTranscript('go-sdk-1.14.2');
    const answers = lines.flatMap((line) => (line.from === 'agent' ? [line] : []));
    // Answers are given per method in recorded order; what is asked again gets the last one.
    const engine = await serveRaw(({ path }) => {
      const method = path.slice(path.lastIndexOf('/') + 1);
      const index = answers.findIndex((line) => line.method === method);
      const line = answers[index];
      if (answers.filter((item) => item.method === method).length > 1) answers.splice(index, 1);
      return { body: JSON.stringify(line?.answered) };
    });
    const agent = start(agentProgram, [], {
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
      MIRASTACK_PLUGIN_TENANT_ID: TENANT,
      MIRASTACK_PLUGIN_ADVERTISE_ADDR: 'agent.example:50051',
    });
    const port = await agent.line(portLine);
    const differences: unknown[] = [];
    for (const line of lines.filter((item): item is EngineLine => item.from === 'engine')) {
      const path = `/mirastack.plugin.v1.PluginService/${line.method}`;
      const reply = await callRaw({ port, path, contentType: line.contentType, body: line.raw });
      // The status must agree; the wording of an error is the SDK's own.
      const expected = { status: replyOutcome(line).status, body: readReply(line.reply.raw) };
      const actual = { status: reply.status, body: readReply(reply.body?.toString('utf8') ?? null) };
      if (!isDeepStrictEqual(normaliseMessage(actual), normaliseMessage(expected)))
        differences.push({ line: line.raw, actual, expected });
    }
    await agent.stop();
    await engine.close();
    expect(differences).toEqual([]);
    expect(engine.calls[0]?.headers).toMatchObject({
      'content-type': 'application/grpc+json',
      te: 'trailers',
      'x-plugin-name': 'go_lab',
    });
  });
});

/** Fields by names that do not depend on how a Go struct is written out. */
function plainKeys(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key.toLowerCase().replaceAll('_', ''), value]),
  );
}

/** A reply with its bytes decoded, and without what differs from run to run. */
function readReply(text: string | null): unknown {
  if (text === null) return null;
  return JSON.parse(text, (key, value) => {
    if (key === 'instance_id' || key === 'duration_ms') return null;
    return key === 'result_json' && typeof value === 'string'
      ? Buffer.from(value, 'base64').toString('utf8')
      : value;
  });
}

suite('a Go engine on grpc-go alone and our TypeScript agent (needs Go)', () => {
  interface GoEvent {
    readonly type: string;
    readonly method: string;
    readonly code: number;
    readonly request: Record<string, unknown>;
    readonly reply: Record<string, unknown>;
    readonly contentType: string;
    readonly pluginName: string;
  }
  const eventsOf = (child: Child) => child.stdout.map((line) => JSON.parse(line) as GoEvent);

  test('accepts its registration and calls all five methods', async () => {
    const engine = start(engineProgram, [
      '-action',
      'echo',
      '-params',
      '{"text":"é<"}',
      '-config',
      '{"url":"http://y"}',
      '-heartbeat-interval',
      '1',
    ]);
    const address = await engine.line((line) => (JSON.parse(line) as { addr?: string }).addr);
    const plugin = createSamplePlugin();
    const agent = await startAgent(plugin, {
      env: {
        MIRASTACK_ENGINE_ADDR: address,
        MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
        MIRASTACK_PLUGIN_TENANT_ID: TENANT,
        MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '1',
      },
      log: createLogger(() => undefined),
    });
    const seen = (type: string, method: string) =>
      engine.line((line) =>
        ((event) => (event.type === type && event.method === method ? event : undefined))(
          JSON.parse(line) as GoEvent,
        ),
      );
    await seen('call', 'Execute');
    await seen('received', 'Heartbeat');
    await agent.stop();
    const deregister = await seen('received', 'DeregisterPlugin');
    const events = eventsOf(engine);
    const calls = events.filter((event) => event.type === 'call');
    expect(calls.map(({ method, code }) => [method, code])).toEqual([
      ['Info', 0],
      ['GetSchema', 0],
      ['HealthCheck', 0],
      ['ConfigUpdated', 0],
      ['Execute', 0],
    ]);
    const [info, schema, health, config, execute] = calls.map(({ reply }) => reply);
    expect(info).toMatchObject({
      name: 'my_agent',
      type: 1,
      permission: 1,
      devops_stages: [8],
      instance_id: agent.instanceId,
    });
    expect(schema?.actions).toMatchObject([
      { id: 'echo', permission: 1 },
      { id: 'restart', permission: 2 },
    ]);
    expect(health).toMatchObject({ healthy: true, message: 'ok' });
    expect(config).toMatchObject({ acknowledged: true });
    expect(JSON.parse(Buffer.from(String(execute?.result_json), 'base64').toString())).toEqual({
      action: 'echo',
      params: { text: 'é<', action: 'echo' },
    });
    expect(plugin.executed[0]).toMatchObject({ mode: 'GUIDED' });
    expect(plugin.configs.map((item) => ({ ...item }))).toEqual([{ url: 'http://y' }]);
    expect(deregister.request).toMatchObject({ name: 'my_agent', instance_id: agent.instanceId });
    for (const event of events.filter((item) => item.type === 'received'))
      expect(event).toMatchObject({ contentType: 'application/grpc+json', pluginName: 'my_agent' });
  });
});
