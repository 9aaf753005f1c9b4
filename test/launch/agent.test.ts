import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLauncher, LaunchError, type Launcher } from '../../src/launch/index.ts';
import { UserError } from '../../src/support/errors.ts';
import { findBySession, isAlive, node, saidPids } from './processes.ts';

const cwd = process.cwd();
let launcher: Launcher;
let lines: string[];

beforeEach(async () => {
  launcher = await createLauncher();
  lines = [];
});
afterEach(() => launcher.close({ graceMs: 0 }));

const launch = (name: string, options: { portTimeoutMs?: number } = {}) =>
  launcher.launchAgent({
    argv: node(name),
    cwd,
    env: process.env,
    onLine: (stream, line) => lines.push(`${stream}: ${line}`),
    ...options,
  });

const rejection = async (promise: Promise<unknown>): Promise<LaunchError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LaunchError);
  return error as LaunchError;
};

describe('launchAgent', () => {
  it('reads the port, passes on the other lines, and ends on TERM', async () => {
    const agent = await launch('serving.mjs');
    expect(await agent.port).toBeGreaterThan(0);
    await agent.stop({ graceMs: 5_000 });
    expect(await agent.exited).toMatchObject({ code: 0, signal: null });
    expect(lines.sort()).toEqual(['stderr: starting', 'stdout: serving']);
    expect(isAlive(agent.pid)).toBe(false);
  });

  it('gives nothing of itself to the agent but the marker', async () => {
    const agent = await launcher.launchAgent({
      argv: [process.execPath, '-e', 'console.log(JSON.stringify(process.env)); setInterval(() => {}, 1000)'],
      cwd,
      env: { A: '1', B: undefined },
      onLine: (_stream, line) => lines.push(line),
    });
    await expect.poll(() => lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({ A: '1', MIRASTACK_DEV_SESSION: `${launcher.sessionId}.1` });
    await agent.stop({ graceMs: 0 });
  });

  it('says how an agent ended at start, with its last lines, and leaves no child of it', async () => {
    const agent = await launch('crashing.mjs');
    const error = await rejection(agent.port);
    expect(error).toMatchObject({ kind: 'unreachable', code: 'agent-exited' });
    expect(error.summary).toBe('the agent exited with code 3 before it served');
    expect(error.lastLines.at(-1)).toBe('line 25');
    expect(error.message).toContain('\n  line 25');
    const { code, lastLines } = await agent.exited;
    expect({ code, count: lastLines.length }).toEqual({ code: 3, count: 20 });
    const [child = 0] = saidPids(lines.map((line) => line.replace(/^\w+: /, '')));
    expect(child).toBeGreaterThan(0);
    expect(isAlive(child)).toBe(false);
  });

  it('gives up on an agent that never says its port', async () => {
    const agent = await launch('silent.mjs', { portTimeoutMs: 500 });
    const error = await rejection(agent.port);
    expect(error.code).toBe('no-port-line');
    expect(error.summary).toBe('the agent printed no MIRASTACK_PLUGIN_PORT line on stdout within 0.5 s');
    expect(error.lastLines).toHaveLength(20);
    expect(isAlive(agent.pid)).toBe(true);
  });

  it('refuses a port that is none', async () => {
    const agent = await launcher.launchAgent({
      argv: [
        process.execPath,
        '-e',
        'console.log("MIRASTACK_PLUGIN_PORT=99999"); setInterval(() => {}, 1000)',
      ],
      cwd,
      env: process.env,
    });
    expect(await rejection(agent.port)).toMatchObject({
      code: 'bad-port-line',
      summary: 'the agent printed "99999" as its port',
    });
  });

  it('holds no more than a line of an agent that ends none', async () => {
    const before = process.memoryUsage().rss;
    const agent = await launch('long-line.mjs');
    expect(await agent.port).toBe(4242);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.length).toBeLessThan(66 * 1024);
  });

  it('kills what ignores TERM, its children, and those that left its group', async () => {
    const agent = await launch('stubborn.mjs');
    await agent.port;
    const pids = saidPids(lines.map((line) => line.replace(/^\w+: /, '')));
    expect(pids).toHaveLength(3);
    expect(pids.every(isAlive)).toBe(true);
    const startedMs = performance.now();
    await agent.stop({ graceMs: 300 });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(290);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await agent.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('can be hurried while it waits', async () => {
    const agent = await launch('stubborn.mjs');
    await agent.port;
    const slow = agent.stop({ graceMs: 60_000 });
    await agent.stop({ graceMs: 0 });
    await slow;
    expect(isAlive(agent.pid)).toBe(false);
  });

  it('names a missing program and a missing folder', async () => {
    const missing = launcher.launchAgent({ argv: ['no-such-tool'], cwd, env: process.env });
    await expect(missing).rejects.toMatchObject({
      kind: 'tool-missing',
      message: 'no-such-tool is not installed or not on the PATH.',
    });
    const elsewhere = launcher.launchAgent({ argv: ['node'], cwd: '/no/such/folder', env: process.env });
    await expect(elsewhere).rejects.toMatchObject({ kind: 'io', code: 'no-such-folder' });
    await expect(elsewhere).rejects.toBeInstanceOf(UserError);
  });

  it('ends everything when the launcher is closed', async () => {
    const agents = await Promise.all([launch('serving.mjs'), launch('stubborn.mjs'), launch('silent.mjs')]);
    await agents[1]?.port;
    await launcher.close({ graceMs: 100 });
    expect(findBySession(launcher.sessionId)).toEqual([]);
    await launcher.close();
    await expect(launch('serving.mjs')).rejects.toThrow('closed');
  });
});
