import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBySession, fixture, isAlive, saidPids } from './processes.ts';

let folder: string;
let program: string;

// Node 20 runs no TypeScript, so the program that is killed is bundled first.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mirastack-test-'));
  program = join(folder, 'parent.mjs');
  const bundle = await rolldown({ input: fixture('parent.ts'), platform: 'node', logLevel: 'silent' });
  await bundle.write({ file: program, format: 'esm' });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program until it has said the pids of its agent and the id of its launcher. */
async function runParent(mode: string): Promise<{ parent: ChildProcess; pids: number[]; session: string }> {
  const parent = spawn(process.execPath, [program, fixture('stubborn.mjs'), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: parent.stdout })) {
    lines.push(line);
    if (line.startsWith('session=')) break;
  }
  return { parent, pids: saidPids(lines), session: lines.at(-1)?.replace('session=', '') ?? '' };
}

/** Resolves when the program has ended, even if it already has. */
async function exited(parent: ChildProcess): Promise<void> {
  if (parent.exitCode === null && parent.signalCode === null) await once(parent, 'exit');
}

describe('the watchdog', () => {
  it('ends everything when the parent is killed, whatever group or session it is in', async () => {
    const { parent, pids, session } = await runParent('wait');
    expect(pids).toHaveLength(3);
    expect(pids.every(isAlive)).toBe(true);
    parent.kill('SIGKILL');
    await exited(parent);
    await expect.poll(() => pids.filter(isAlive), { timeout: 2_000, interval: 10 }).toEqual([]);
    expect(findBySession(session)).toEqual([]);
  });

  it('survives what a closing terminal sends to the whole group', async () => {
    const { parent, pids } = await runParent('wait');
    process.kill(-(parent.pid ?? 0), 'SIGHUP');
    await exited(parent);
    await expect.poll(() => pids.filter(isAlive), { timeout: 2_000, interval: 10 }).toEqual([]);
  });

  it('covers a parent that just exits', async () => {
    const { parent, pids } = await runParent('exit');
    await exited(parent);
    await expect.poll(() => pids.filter(isAlive), { timeout: 2_000, interval: 10 }).toEqual([]);
  });

  it('keeps nothing from ending after a clean close', async () => {
    const { parent, pids } = await runParent('close');
    await exited(parent);
    expect(parent.exitCode).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
