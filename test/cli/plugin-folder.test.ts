import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepPlugins } from '../../src/cli/plugin-folder.ts';
import { type Engine, startEngine } from '../../src/engine/index.ts';
import { createLauncher, type Launcher } from '../../src/launch/index.ts';
import { ROOT } from '../support/tools.ts';

const TENANTS = ['824a1531-d24a-549c-8003-23b0f2d206cd', '2465bedb-6186-5936-9e64-ec9f01968e8e'];
const AGENT = join(ROOT, 'test/fixtures/plugins/small-agent.mjs');

let directory: string;
let engine: Engine;
let launcher: Launcher;
let notices: string[];
let stop: (() => Promise<void>) | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mirastack-plugins-'));
  engine = await startEngine({ tenantIds: TENANTS, healthIntervalMs: 50, heartbeatIntervalS: 1 });
  launcher = await createLauncher();
  notices = [];
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
  await launcher.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** An executable in a folder of its own, as the guide lays agents out. */
function addAgent(folder: string, ...args: string[]): void {
  mkdirSync(join(directory, folder));
  const path = join(directory, folder, 'agent');
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${AGENT}' ${args.join(' ')}\n`);
  chmodSync(path, 0o755);
}

function keep(tenantIds: readonly string[] = TENANTS.slice(0, 1)): void {
  stop = keepPlugins({
    directory,
    launcher,
    engineAddress: engine.address,
    tenantIds,
    baseEnv: process.env,
    onLog: () => {},
    onNotice: (message) => notices.push(message),
  });
}

const healthy = () =>
  engine
    .agents()
    .filter((agent) => agent.health === 'healthy')
    .map((agent) => `${agent.name} ${agent.tenantId}`)
    .sort();
const untilHealthy = (expected: string[]) => expect.poll(healthy, { timeout: 15_000 }).toEqual(expected);
const [ACME, GLOBEX] = TENANTS as [string, string];

async function whoami(agent: string): Promise<{ pid: number; tenant: string }> {
  const result = await engine.invoke({ agent, action: `whoami_${agent}`, params: {} });
  return JSON.parse(result.resultJson) as { pid: number; tenant: string };
}

test('launches each executable of each folder, and ends them all', async () => {
  addAgent('first', 'first_agent');
  addAgent('second', 'second_agent');
  writeFileSync(join(directory, 'first', 'README.md'), 'not executable');
  writeFileSync(join(directory, 'notes.txt'), 'not in a folder');
  keep();
  await untilHealthy([`first_agent ${ACME}`, `second_agent ${ACME}`]);
  await stop?.();
  expect(engine.agents()).toEqual([]);
  expect(notices).toEqual([]);
});

test('a process for each tenant', async () => {
  addAgent('first', 'first_agent');
  keep(TENANTS);
  await untilHealthy([`first_agent ${GLOBEX}`, `first_agent ${ACME}`]);
});

test('a crashed one is launched again; a bad one holds up no other', async () => {
  addAgent('bad', 'bad_agent', 'crashes');
  addAgent('good', 'good_agent');
  mkdirSync(join(directory, 'broken'));
  writeFileSync(join(directory, 'broken', 'agent'), '#!/no/such/interpreter\n', { mode: 0o755 });
  keep();
  await untilHealthy([`good_agent ${ACME}`]);
  const { pid } = await whoami('good_agent');
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(async () => (await whoami('good_agent').catch(() => undefined))?.pid ?? pid, { timeout: 20_000 })
    .not.toBe(pid);
  const told = notices.join('\n');
  expect(told).toMatch(/bad\/agent exited with code 3; it is launched again in \d/);
  expect(told).toMatch(/broken\/agent .*; it is launched again in \d/);
  expect(told).toMatch(/good\/agent .*SIGKILL; it is launched again in \d/);
});

test('a folder that is none, or holds no agent, is told', () => {
  keep();
  expect(notices).toEqual([
    `${directory} holds no agent: an executable is expected in a folder of its own there`,
  ]);
  rmSync(directory, { recursive: true });
  expect(() => keep()).toThrow(`The plugins folder ${directory} cannot be read: ENOENT.`);
});

test('a link that leads nowhere costs nobody else anything', async () => {
  addAgent('good', 'good_agent');
  symlinkSync('/no/such/folder', join(directory, 'dangling'));
  keep();
  await untilHealthy([`good_agent ${ACME}`]);
  expect(notices).toEqual([`${join(directory, 'dangling')} cannot be read (ENOENT), and is left out`]);
});
