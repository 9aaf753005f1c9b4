import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, type EngineEvent, startEngine } from '../../src/engine/index.ts';
import { createLogger, startAgent } from '../../src/runtime/index.ts';
import { type Child, portLine, startChild } from '../support/child.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { findPython, preparePythonSdk, ROOT } from '../support/tools.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const python = findPython();
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
/** What one call of the Python client gave, as the agent prints it. */
interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
  readonly status?: string;
  readonly text?: string;
}

describe.skipIf(python === undefined)(
  'an agent on the real Python SDK and our engine (needs Python 3.12)',
  () => {
    let interpreter: string;
    let engine: Engine;
    let events: EngineEvent[];
    const children: Child[] = [];

    beforeAll(() => {
      if (python !== undefined) interpreter = preparePythonSdk(python);
    }, 300_000);
    const startOurs = async (listen = '127.0.0.1:0') => {
      engine = await startEngine({
        listen,
        tenantIds: [TENANT],
        healthIntervalMs: 50,
        heartbeatIntervalS: 1,
        kpis: [KPI],
        policy: {
          rules: [
            { permission: 'ADMIN', decision: 'deny' },
            { agent: 'my_agent', action: 'restart', decision: 'deny', comment: 'not by a script' },
            { decision: 'approve' },
          ],
        },
      });
      events = [];
      engine.subscribe((event) => events.push(event));
    };
    beforeEach(() => startOurs());
    afterEach(async () => {
      await Promise.all(children.splice(0).map((child) => child.stop('SIGKILL')));
      await engine.stop();
    });

    function launch(env: Record<string, string> = {}): Child {
      const child = startChild(interpreter, [join(ROOT, 'test/interop/python-agent/agent.py')], {
        env: {
          MIRASTACK_ENGINE_ADDR: engine.address,
          MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
          MIRASTACK_PLUGIN_TENANT_ID: TENANT,
          MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '1',
          ...env,
        },
      });
      children.push(child);
      return child;
    }
    const healthy = () =>
      expect.poll(() => engine.agents()[0]?.health, { timeout: 15_000, message: 'health' }).toBe('healthy');
    const warnings = () => events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));

    test('registers, is probed, deregisters on SIGTERM; what its SDK cannot do is one clear line', async () => {
      const agent = launch();
      await agent.line(portLine);
      await healthy();
      expect(engine.agents()).toMatchObject([
        {
          name: 'py_lab',
          version: '1.2.3',
          permission: 'READ',
          actions: [{ id: 'echo' }],
          instances: [
            { language: 'python', notExecutable: expect.stringContaining('answers GetSchema with INTERNAL') },
          ],
        },
      ]);
      expect(warnings()).toEqual([
        'py_lab is registered, but its Python SDK answers GetSchema with INTERNAL (Failed to serialize response!) and cannot serve Execute; see "Python agents" in the README of create-mirastack-agent for the remedy',
      ]);
      await expect(engine.invoke({ action: 'echo', params: {} })).rejects.toMatchObject({
        kind: 'failed',
        code: 'not-executable',
        message: expect.stringContaining('The agent py_lab cannot execute'),
      });
      expect(await agent.stop()).toBe(0);
      expect(engine.agents()).toEqual([]);
      expect(events.at(-1)).toMatchObject({ type: 'deregistered', agent: 'py_lab' });
    });

    test('an agent whose Info cannot be sent is listed from its registration', async () => {
      launch({ PY_AGENT_PARAMS: '1' });
      await healthy();
      expect(engine.agents()).toMatchObject([
        {
          name: 'py_lab',
          version: '1.2.3',
          actions: [],
          instances: [{ notExecutable: expect.stringContaining('answers Info with INTERNAL') }],
        },
      ]);
      expect(warnings()).toHaveLength(1);
      await expect(engine.invoke({ action: 'echo', params: {} })).rejects.toMatchObject({
        code: 'unknown-action',
      });
    });

    test('every call of its client returns what it should, wherever that SDK can read any answer', async () => {
      const plugin = createSamplePlugin();
      const target = await startAgent(plugin, {
        env: {
          MIRASTACK_ENGINE_ADDR: engine.address,
          MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
          MIRASTACK_PLUGIN_TENANT_ID: TENANT,
        },
        log: createLogger(() => undefined),
      });
      await healthy();
      const agent = launch({ PY_AGENT_CALLS: '1' });
      const outcomes = () =>
        new Map(
          agent.stderr.flatMap((line): [string, Outcome][] => {
            if (!line.startsWith('{"call"')) return [];
            const { call, ...outcome } = JSON.parse(line) as Outcome & { call: string };
            return [[call, outcome]];
          }),
        );
      await expect.poll(() => outcomes().has('get_config of another tenant'), { timeout: 20_000 }).toBe(true);
      // It cannot take the push, and reads the change all the same.
      const change = await engine.setConfig('py_lab', 'url', 'http://mine');
      expect(change.answers).toMatchObject([
        { acknowledged: false, error: expect.stringContaining("'get'") },
      ]);
      await expect.poll(() => outcomes().has('get_config after a change'), { timeout: 40_000 }).toBe(true);
      await target.stop();

      const kpi = {
        id: 'k1',
        tenant_id: TENANT,
        name: 'Latency',
        query: 'q',
        integration_id: 'i1',
        kind: 'technical',
        layer: 'gold',
        sentiment: 'negative',
        classifier: 'c',
        definition: 'd',
        created_at: 1,
        updated_at: 2,
        created_by: '',
        updated_by: '',
      };
      const echoed = (params: object) => ({
        value: { action: 'echo', params: { ...params, action: 'echo' } },
      });
      const seen = outcomes();
      expect(Object.fromEntries(seen)).toMatchObject({
        get_config: { value: { url: 'http://default' } },
        publish_result: { value: null },
        log_event: { value: null },
        'log_event without fields': { value: null },
        request_approval: { value: true },
        'request_approval denied': { value: false },
        cache_set: { value: null },
        'cache_set like base64': { value: null },
        'cache_get of nothing': { value: null },
        // What that SDK does with any value, whatever the engine answers (protocol.md §2.5).
        cache_get: { error: 'AttributeError', text: expect.stringContaining("'decode'") },
        cache_get_batch: { error: 'AttributeError', text: expect.stringContaining("'key'") },
        'cache_get_batch of no keys': { value: [] },
        call_plugin: echoed({ text: 'é', extra: '{"n":1.5}' }),
        call_plugin_with_time_range: echoed({ text: 't' }),
        'call_plugin unknown action': { text: expect.stringContaining('it offers echo, restart') },
        'call_plugin unknown target': { status: 'PERMISSION_DENIED' },
        'call_plugin denied': {
          status: 'PERMISSION_DENIED',
          text: expect.stringContaining('not by a script'),
        },
        list_kpis: { value: [kpi] },
        get_kpi: { value: kpi },
        'get_kpi of nothing': { value: null },
        'get_config of another tenant': { status: 'PERMISSION_DENIED' },
        'get_config after a change': { value: { url: 'http://mine' } },
      });
      expect(seen.size).toBe(22);
      expect(plugin.executed.map((request) => request.timeRange?.startEpochMs)).toEqual([
        undefined,
        1774973400123,
      ]);
      const cached = async (key: string) => Buffer.from((await engine.cacheGet(key)) ?? []).toString('utf8');
      expect([await cached('py:text'), await cached('py:base64')]).toEqual(['vé', 'test']);
      expect(events.filter((event) => event.type === 'logged')).toMatchObject([
        { agent: 'py_lab', severity: 'warn', message: 'something', dataJson: expect.stringContaining('"k"') },
        { agent: 'py_lab', severity: 'info', message: 'nothing' },
      ]);
    }, 90_000);

    test('heartbeats: after an engine restart it is asked to register again', async () => {
      launch();
      await healthy();
      const { address } = engine;
      await engine.stop();
      await startOurs(address);
      await healthy();
    });
  },
);
