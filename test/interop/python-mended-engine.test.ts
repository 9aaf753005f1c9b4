import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, type EngineEvent, startEngine } from '../../src/engine/index.ts';
import { type Child, startChild } from '../support/child.ts';
import { findPython, preparePythonSdk, ROOT } from '../support/tools.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const python = findPython();

describe.skipIf(python === undefined)('a mended agent and our engine (needs Python 3.12)', () => {
  let interpreter: string;
  let engine: Engine;
  let agent: Child;
  const events: EngineEvent[] = [];

  beforeAll(() => {
    if (python !== undefined) interpreter = preparePythonSdk(python);
  }, 300_000);
  beforeEach(async () => {
    events.length = 0;
    engine = await startEngine({
      tenantIds: [TENANT],
      healthIntervalMs: 50,
      heartbeatIntervalS: 1,
      policy: { rules: [{ agent: '*', action: '*', decision: 'approve' }] },
    });
    engine.subscribe((event) => events.push(event));
    agent = startChild(interpreter, [join(ROOT, 'test/interop/python-mended/agent.py')], {
      env: {
        PYTHONPATH: join(ROOT, 'blueprints/python/agent/files'),
        // A blueprint holds no compiled files.
        PYTHONDONTWRITEBYTECODE: '1',
        MIRASTACK_ENGINE_ADDR: engine.address,
        MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
        MIRASTACK_PLUGIN_TENANT_ID: TENANT,
      },
    });
    await expect.poll(() => engine.agents()[0]?.health, { timeout: 15_000 }).toBe('healthy');
  });
  afterEach(async () => {
    await agent.stop('SIGKILL');
    await engine.stop();
  });

  test('is listed as executable, invoked, reconfigured and answered', async () => {
    const [view] = engine.agents();
    expect(view?.instances[0]).not.toHaveProperty('notExecutable');
    expect(view?.actions[0]).toMatchObject({
      id: 'echo',
      inputParams: [{ name: 'text', type: 'string', required: false, description: 'text' }],
    });
    expect(events.filter((event) => event.type === 'warning')).toEqual([]);

    expect(await engine.setConfig('mended_lab', 'url', 'http://y')).toMatchObject({
      answers: [{ acknowledged: true, error: '' }],
    });
    const echo = await engine.invoke({ action: 'echo', params: { text: 'é<&>' } });
    expect(JSON.parse(echo.resultJson)).toMatchObject({
      mode: 'GUIDED',
      params: { text: 'é<&>', action: 'echo' },
      config: { url: 'http://y' },
    });
    expect(await engine.invoke({ action: 'boom', params: {} })).toMatchObject({
      success: false,
      error: 'it went wrong: é',
    });
    expect(await agent.stop()).toBe(0);
    expect(engine.agents()).toEqual([]);
  });

  test('shares its cache with agents of other languages', async () => {
    await engine.setConfig('mended_lab', 'url', 'http://y');
    const { success, resultJson } = await engine.invoke({ action: 'callbacks', params: {} });
    expect({ success, ...JSON.parse(resultJson) }).toMatchObject({
      success: true,
      hit: 'vé',
      word: 'test',
      miss: null,
      approved: true,
      config: { url: 'http://y' },
    });
    // What is kept are the bytes, not their base64: a Go agent reads the same.
    expect(Buffer.from((await engine.cacheGet('lab:b')) ?? []).toString()).toBe('test');
  });
});
