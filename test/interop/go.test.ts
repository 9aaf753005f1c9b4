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
