import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, type EngineEvent, startEngine } from '../../src/engine/index.ts';
import { type Child, portLine, startChild } from '../support/child.ts';
import { findPython, preparePythonSdk, ROOT } from '../support/tools.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const python = findPython();

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
