import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLauncher, type Launcher } from '../../src/launch/index.ts';
import { findBySession, node } from './processes.ts';

const cwd = process.cwd();
let launcher: Launcher;
let folder: string;

beforeEach(async () => {
  launcher = await createLauncher();
  folder = mkdtempSync(join(tmpdir(), 'mirastack-test-'));
});
afterEach(async () => {
  await launcher.close({ graceMs: 0 });
  rmSync(folder, { recursive: true });
});

describe('launchService', () => {
  it.each(['at-once', 'late'])('waits until the server accepts (%s)', async (mode) => {
    const service = await launcher.launchService({
      argv: node('service.mjs', '{port}', mode),
      cwd,
      env: { ...process.env, GREETING: 'port {port}' },
    });
    const reply = await fetch(`http://127.0.0.1:${service.port}/`);
    expect(await reply.text()).toBe(`port ${service.port}`);
    await service.stop({ graceMs: 1_000 });
    expect(findBySession(launcher.sessionId)).toEqual([]);
  });

  it('chooses another port when the first was taken meanwhile', async () => {
    const service = await launcher.launchService({
      argv: node('service.mjs', '{port}', 'taken', join(folder, 'flag')),
      cwd,
      env: process.env,
    });
    expect((await fetch(`http://127.0.0.1:${service.port}/`)).ok).toBe(true);
  });

  it('says why a server ended before it served', async () => {
    const launched = launcher.launchService({
      argv: node('service.mjs', '{port}', 'broken'),
      cwd,
      env: process.env,
    });
    await expect(launched).rejects.toMatchObject({ code: 'service-exited', lastLines: ['no database'] });
  });

  it('gives up on a server that accepts nothing, and leaves nothing of it', async () => {
    const launched = launcher.launchService({
      argv: node('silent.mjs'),
      cwd,
      env: process.env,
      readyTimeoutMs: 300,
    });
    await expect(launched).rejects.toMatchObject({ kind: 'unreachable', code: 'service-not-ready' });
    expect(findBySession(launcher.sessionId)).toEqual([]);
  });
});
