import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, type Policy, startEngine } from '../../src/engine/index.ts';
import { findProject } from '../../src/project/index.ts';
import { AGENT_PERMISSIONS } from '../../src/scaffold/choices.ts';
import { type Child, portLine, startChild } from '../support/child.ts';
import { GO_SDK_NAME } from '../support/go.ts';
import { findGo } from '../support/tools.ts';
import { planGo, runGo, writeGoProject } from './go-files.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const OWN_ACTIONS = ['find_errors:Finds errors. Use this when something fails.'];
const suite = describe.skipIf(findGo() === undefined);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Makes an HTTP agent's project. */
async function makeProject(permission: string): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-go-project-')));
  folders.push(folder);
  const given = { permission, backend: 'http', backendFamily: 'metrics', actions: OWN_ACTIONS };
  writeGoProject(await planGo(given), folder);
  return folder;
}

/** Builds an agent as `dev` does. */
function buildAgent(project: string): string {
  const { language, directory } = findProject(project);
  language.checkTools(directory);
  const [, ...args] = language.buildArgv(directory) ?? [];
  runGo(directory, ...args);
  return language.runArgv(directory)[0];
}

suite(`a generated Go agent on ${GO_SDK_NAME} and our engine (needs Go)`, () => {
  const programs = new Map<string, string>();
  let backendProgram: string;
  let backend: Child;
  let backendUrl: string;
  const children: Child[] = [];
  const engines: Engine[] = [];

  beforeAll(async () => {
    if (findGo() === undefined) return;
    for (const permission of AGENT_PERMISSIONS) {
      const project = await makeProject(permission);
      programs.set(permission, buildAgent(project));
      backendProgram = join(project, '.mirastack/dev/bin/backend');
    }
    runGo(folders.at(-1) ?? '', 'build', '-o', backendProgram, './dev/backend');
  }, 600_000);

  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.stop('SIGKILL')));
    await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  });

  async function startBackend(): Promise<[Child, string]> {
    const child = startChild(backendProgram, ['--port', '0']);
    children.push(child);
    return [child, await child.line((line) => /^listening on (\S+)$/.exec(line)?.[1])];
  }

  async function start(policy: Policy, permission = 'ADMIN'): Promise<{ engine: Engine; agent: Child }> {
    [backend, backendUrl] = await startBackend();
    const engine = await startEngine({ tenantIds: [TENANT], healthIntervalMs: 50, policy });
    engines.push(engine);
    const agent = startChild(programs.get(permission) ?? '', [], {
      env: {
        MIRASTACK_ENGINE_ADDR: engine.address,
        MIRASTACK_PLUGIN_TENANT_ID: TENANT,
        MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
        MY_AGENT_BACKEND_URL: backendUrl,
      },
    });
    children.push(agent);
    await reach(engine, 'healthy');
    return { engine, agent };
  }

  const reach = (engine: Engine, health: string) =>
    expect.poll(() => engine.agents()[0]?.health, { timeout: 15_000, message: 'health' }).toBe(health);

  async function invoke(engine: Engine, action: string, params: Record<string, string> = {}) {
    const { success, error, resultJson } = await engine.invoke({ action, params });
    return { success, error, result: JSON.parse(resultJson) as unknown };
  }

  async function backendCalls(): Promise<number> {
    const response = await fetch(`${backendUrl}/admin/calls`);
    return ((await response.json()) as { calls: number }).calls;
  }

  test.each([
    ['READ', undefined],
    ['MODIFY', 'update_item'],
    ['ADMIN', 'delete_item'],
  ])('%s: reads at once, and changes when a person has approved', async (permission, action) => {
    const { engine, agent } = await start({ rules: [] }, permission);
    expect(engine.agents()[0]).toMatchObject({ permission, health: 'healthy' });
    expect(await invoke(engine, 'get_item', { id: 'item-001' })).toMatchObject({ success: true });
    if (action !== undefined) {
      const params = { id: 'item-001', ...(action === 'update_item' ? { status: 'down' } : {}) };
      const pending = invoke(engine, action, params);
      await expect.poll(() => engine.approvals().length, { timeout: 15_000 }).toBe(1);
      expect(await backendCalls()).toBe(1);
      const [approval] = engine.approvals();
      expect(approval?.claim.text).toContain('WARNING: ');
      await engine.decide(approval?.id ?? '', { approved: true, reviewer: 'tester' });
      expect(await pending).toMatchObject({ success: true });
      expect(await backendCalls()).toBe(2);
    }
    expect(await agent.stop('SIGTERM')).toBe(0);
  });

  test('declares itself, reads, and keeps a list in the engine’s cache', async () => {
    const { engine, agent } = await start({ rules: [] });
    expect(engine.agents()).toMatchObject([
      {
        name: 'my_agent',
        permission: 'ADMIN',
        actions: [
          { id: 'get_item', permission: 'READ' },
          { id: 'list_items', permission: 'READ' },
          { id: 'find_errors', permission: 'READ' },
          { id: 'update_item', permission: 'MODIFY' },
          { id: 'delete_item', permission: 'ADMIN' },
        ],
      },
    ]);
    expect(engine.prompts().map(({ name }) => name)).toContain('my_agent_guide');
    expect(await invoke(engine, 'get_item', { id: 'item-002' })).toMatchObject({
      success: true,
      result: { item: { id: 'item-002', type: 'database' } },
    });
    expect(await invoke(engine, 'get_item', { id: 'no such' })).toMatchObject({
      success: false,
      error: 'no item has the id "no such"',
    });
    const before = await backendCalls();
    const first = await invoke(engine, 'list_items', { type: 'queue', limit: '2' });
    expect(first).toMatchObject({ success: true, result: { count: 2, total: 12 } });
    expect(await invoke(engine, 'list_items', { type: 'queue', limit: '2' })).toEqual(first);
    expect((await backendCalls()) - before).toBe(1);
    const hourMs = 3_600_000;
    const now = Date.now();
    const timeRange = { startEpochMs: now - hourMs, endEpochMs: now, timezone: 'UTC' };
    const recent = await engine.invoke({ action: 'find_errors', params: { query: 'item' }, timeRange });
    expect(JSON.parse(recent.resultJson)).toMatchObject({ total: 8 });
    expect(await agent.stop('SIGTERM')).toBe(0);
    expect(engine.agents()).toEqual([]);
    expect(agent.stdout).toEqual([expect.stringMatching(/^MIRASTACK_PLUGIN_PORT=\d+$/)]);
    expect(portLine(agent.stdout[0] ?? '')).toBeGreaterThan(0);
  });

  test('changes what is approved and nothing that is denied', async () => {
    const { engine } = await start({ rules: [{ decision: 'deny' }] });
    const down = { id: 'item-001', status: 'down' };
    expect(await invoke(engine, 'update_item', down)).toMatchObject({ success: false });
    expect(await invoke(engine, 'delete_item', { id: 'item-001' })).toMatchObject({ success: false });
    expect(await backendCalls()).toBe(0);
    engine.setPolicy({ rules: [{ decision: 'approve' }] });
    await invoke(engine, 'list_items', { limit: '1' });
    expect(await invoke(engine, 'update_item', down)).toMatchObject({ success: true });
    // What was kept before the change is not shown after it.
    expect(await invoke(engine, 'list_items', { limit: '1' })).toMatchObject({
      result: { items: [{ id: 'item-001', status: 'down' }] },
    });
    expect(await invoke(engine, 'delete_item', { id: 'item-001' })).toMatchObject({
      result: { deleted: 'item-001' },
    });
    expect(await invoke(engine, 'get_item', { id: 'item-001' })).toMatchObject({ success: false });
  });

  test('asks the backend for its health, and moves to another one while it runs', async () => {
    const { engine } = await start({ rules: [] });
    const [, otherUrl] = await startBackend();
    await backend.stop('SIGKILL');
    await reach(engine, 'unhealthy');
    const [instance] = engine.agents()[0]?.instances ?? [];
    expect(instance?.healthMessage).toMatch(/^the backend is not reachable/);
    expect(instance?.healthMessage).not.toContain('127.0.0.1');
    await engine.setConfig('my_agent', 'backend_url', otherUrl);
    await reach(engine, 'healthy');
    expect(await invoke(engine, 'get_item', { id: 'item-003' })).toMatchObject({ success: true });
    const refused = await engine.setConfig('my_agent', 'backend_url', 'nowhere');
    expect(JSON.stringify(refused.answers)).toContain('"the address of the backend must be');
    expect(await invoke(engine, 'get_item', { id: 'item-003' })).toMatchObject({ success: true });
  });

  test('ends with 1 and names every variable that is unset', async () => {
    const env = {
      MY_AGENT_BACKEND_URL: '',
      MIRASTACK_PLUGIN_TENANT_ID: '',
      MIRASTACK_PLUGIN_TENANT_SLUG: '',
    };
    const agent = startChild(programs.get('ADMIN') ?? '', [], { env });
    children.push(agent);
    expect(await agent.exited).toBe(1);
    expect(agent.stdout).toEqual([]);
    expect(agent.stderr).toEqual([
      'MY_AGENT_BACKEND_URL environment variable is required',
      'MIRASTACK_PLUGIN_TENANT_ID or MIRASTACK_PLUGIN_TENANT_SLUG environment variable is required',
    ]);
  });
});
