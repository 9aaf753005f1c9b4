import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLauncher, type Launcher } from '../../src/launch/index.ts';
import type { Argv } from '../../src/project/index.ts';
import { findBySession, node } from './processes.ts';

const cwd = process.cwd();
const env = process.env;
let launcher: Launcher;

beforeEach(async () => {
  launcher = await createLauncher();
});
afterEach(() => launcher.close({ graceMs: 0 }));

const script = (source: string): Argv => [process.execPath, '-e', source];

describe('runTool', () => {
  it('gives back both streams and the exit code, whatever it is', async () => {
    const argv = script('console.log("out"); console.error("err"); process.exitCode = 7');
    expect(await launcher.runTool({ argv, cwd, env })).toEqual({
      exitCode: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('counts a signal as a shell does', async () => {
    const argv = script('process.kill(process.pid, "SIGABRT")');
    expect((await launcher.runTool({ argv, cwd, env })).exitCode).toBe(134);
  });

  it('names a tool that is missing', async () => {
    await expect(launcher.runTool({ argv: ['no-such-tool'], cwd, env })).rejects.toMatchObject({
      kind: 'tool-missing',
      code: 'tool-missing',
    });
  });

  it('rejects with the reason of its signal, after the tool and its children have ended', async () => {
    const controller = new AbortController();
    const running = launcher.runTool({ argv: node('stubborn.mjs'), cwd, env, signal: controller.signal });
    await expect.poll(() => findBySession(launcher.sessionId), { timeout: 5_000 }).toHaveLength(3);
    controller.abort(new Error('overtaken'));
    await expect(running).rejects.toThrow('overtaken');
    expect(findBySession(launcher.sessionId)).toEqual([]);
    await expect(launcher.runTool({ argv: script(''), cwd, env, signal: controller.signal })).rejects.toThrow(
      'overtaken',
    );
  });

  it('ends a tool that takes too long', async () => {
    const running = launcher.runTool({ argv: node('silent.mjs'), cwd, env, timeoutMs: 300 });
    await expect(running).rejects.toMatchObject({ code: 'tool-timeout' });
    expect(findBySession(launcher.sessionId)).toEqual([]);
  });
});
