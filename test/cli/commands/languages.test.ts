/** The commands on agents of the other languages, each on its own SDK (or its stand-in). */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCall } from '../../../src/cli/commands/call.ts';
import { runConfig, runConfigSet } from '../../../src/cli/commands/config.ts';
import { runGet } from '../../../src/cli/commands/get.ts';
import { runHealth } from '../../../src/cli/commands/health.ts';
import { runInvoke } from '../../../src/cli/commands/invoke.ts';
import { runList } from '../../../src/cli/commands/list.ts';
import { type Child, startChild } from '../../support/child.ts';
import { type ControlLab, LAB_TENANT, startControlLab } from '../../support/control-lab.ts';
import { buildGo, GO_SDK_NAME } from '../../support/go.ts';
import { findGo, findPython, preparePythonSdk, ROOT } from '../../support/tools.ts';
import { readDocument, runCommand } from '../command-lab.ts';

const go = findGo();
const python = findPython();
let lab: ControlLab;
let agent: Child;

beforeEach(async () => {
  lab = await startControlLab({ healthIntervalMs: 50 });
});
afterEach(async () => {
  await agent.stop('SIGKILL');
  await lab.stop();
});

async function launch(command: string, args: readonly string[], env: Record<string, string> = {}) {
  agent = startChild(command, args, {
    env: {
      MIRASTACK_ENGINE_ADDR: lab.engine.address,
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: LAB_TENANT,
      MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '1',
      ...env,
    },
  });
  await vi.waitFor(() => expect(lab.engine.agents()[0]?.health).toBe('healthy'), 20_000);
  return lab.engine.agents()[0]?.name ?? '';
}

const json = () => ({ project: lab.folder, json: true });

/** What every agent that can execute must do. */
async function drive(name: string): Promise<void> {
  const listed = await runCommand(runList, [], json());
  expect(readDocument('list', listed.answers).agents).toMatchObject([{ name, health: 'healthy' }]);
  readDocument('get', (await runCommand(runGet, [name], json())).answers);
  const health = await runCommand(runHealth, [name], json());
  expect([health.code, readDocument('health', health.answers)]).toMatchObject([0, { health: 'healthy' }]);
  const invoked = await runCommand(runInvoke, ['echo'], { ...json(), param: ['text=é'] });
  expect([invoked.code, JSON.stringify(readDocument('invoke', invoked.answers).result)]).toEqual([
    0,
    expect.stringContaining('é'),
  ]);
  const set = await runCommand(runConfigSet, [name, 'url', 'http://new'], { ...json(), unset: false });
  expect(readDocument('config-set', set.answers)).toMatchObject({ answers: [{ acknowledged: true }] });
  const config = readDocument('config', (await runCommand(runConfig, [name], json())).answers);
  expect(config.entries).toContainEqual(expect.objectContaining({ key: 'url', value: 'http://new' }));
  for (const [method, request] of [
    ['Info', '{}'],
    ['GetSchema', '{}'],
    ['HealthCheck', '{}'],
    ['Execute', '{"action_id":"echo","params_json":{"text":"raw text"}}'],
    ['ConfigUpdated', '{"config":{"url":"http://raw"},"version":9}'],
  ]) {
    const called = await runCommand(runCall, [name, method], { ...json(), request: request as string });
    expect([method, called.code]).toEqual([method, 0]);
    const { response } = readDocument('call', called.answers);
    if (method === 'Execute') expect(JSON.stringify(response)).toContain('raw text');
  }
}

describe.skipIf(go === undefined)(`an agent on ${GO_SDK_NAME} (needs Go)`, () => {
  let program: string;
  beforeAll(() => {
    if (go !== undefined) program = buildGo(go, 'go-agent');
  }, 300_000);
  afterAll(() => rmSync(dirname(program), { recursive: true }));

  test('is driven by every command', async () => {
    await drive(await launch(program, []));
  });
});

describe.skipIf(python === undefined)('an agent on the Python SDK (needs Python 3.12)', () => {
  let interpreter: string;
  beforeAll(() => {
    if (python !== undefined) interpreter = preparePythonSdk(python);
  }, 300_000);

  test('that is mended is driven by every command', async () => {
    const env = {
      PYTHONPATH: join(ROOT, 'blueprints/python/agent/files'),
      // A blueprint holds no compiled files.
      PYTHONDONTWRITEBYTECODE: '1',
    };
    await drive(await launch(interpreter, [join(ROOT, 'test/interop/python-mended/agent.py')], env));
  });

  test('that is bare is listed with the remedy, and refused where its SDK fails', async () => {
    const name = await launch(interpreter, [join(ROOT, 'test/interop/python-agent/agent.py')]);
    const { code, talk } = await runCommand(runList, [], { project: lab.folder });
    expect([code, talk]).toEqual([0, expect.stringContaining(`${name}: `)]);
    expect((await runCommand(runHealth, [name], json())).code).toBe(0);
    const invoked = await runCommand(runInvoke, ['echo'], { ...json(), param: ['text=x'] });
    expect(invoked.code).not.toBe(0);
    readDocument('error', invoked.answers);
    const called = await runCommand(runCall, [name, 'GetSchema'], json());
    expect([called.code, readDocument('error', called.answers)]).toMatchObject([
      1,
      { error: { code: 'call-failed' } },
    ]);
  });
});
