import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createPlan, flush } from '../../src/scaffold/index.ts';
import { CancelledError } from '../../src/support/cancelled.ts';
import { answersWith, makeWorkspace, snapshot } from './workspace.ts';

/** Called before each step that changes the disk; may throw in its place. */
const hook = vi.hoisted(() => ({ before: undefined as ((step: number) => void) | undefined, step: 0 }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<Record<string, unknown>>();
  const wrapped = { ...real };
  for (const name of ['mkdir', 'mkdtemp', 'writeFile', 'link', 'copyFile', 'rename', 'open']) {
    const original = real[name] as (...args: unknown[]) => Promise<unknown>;
    wrapped[name] = async (...args: unknown[]) => {
      if (hook.before) hook.before(hook.step++);
      return original(...args);
    };
  }
  return { ...wrapped, default: wrapped };
});

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<Record<string, unknown>>();
  const wrapped = { ...real };
  for (const name of ['mkdirSync', 'writeFileSync']) {
    const original = real[name] as (...args: unknown[]) => unknown;
    wrapped[name] = (...args: unknown[]) => {
      if (hook.before) hook.before(hook.step++);
      return original(...args);
    };
  }
  return { ...wrapped, default: wrapped };
});

const plan = await createPlan(answersWith());
const planned = Object.fromEntries(plan.files.map((file) => [file.path, String(file.content)]));

interface Scene {
  readonly name: string;
  readonly folder: string;
  prepare(workspace: string): Promise<void>;
  /** Files of the target before, and what replaces those of the plan after. */
  readonly own: Record<string, string>;
}

const SCENES: readonly Scene[] = [
  { name: 'a new folder', folder: 'a/b/agent', prepare: async () => {}, own: {} },
  {
    name: 'an existing folder',
    folder: 'agent',
    own: { 'README.md': 'mine' },
    prepare: async (workspace) => {
      await mkdir(path.join(workspace, 'agent'));
      await writeFile(path.join(workspace, 'agent/README.md'), 'mine');
    },
  },
];

/** Runs flush with something happening at step k, for every k until it goes through untouched. */
async function forEveryStep(
  scene: Scene,
  happen: (step: number, k: number) => void,
  check: (error: unknown) => void,
  options: (k: number) => { signal?: AbortSignal } = () => ({}),
): Promise<number> {
  for (let k = 0; ; k++) {
    const workspace = await makeWorkspace();
    await scene.prepare(workspace);
    const before = await snapshot(workspace);
    const target = path.join(workspace, scene.folder);
    hook.step = 0;
    hook.before = (step) => happen(step, k);
    const error: unknown = await flush(plan, target, options(k)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const steps = hook.step;
    hook.before = undefined;
    if (error === undefined) {
      expect(await snapshot(target)).toEqual({ ...planned, ...scene.own });
      expect((await readdir(path.dirname(target))).sort()).toEqual([path.basename(target)]);
      if (steps <= k) return k;
    } else {
      check(error);
      expect(await snapshot(workspace)).toEqual(before);
    }
  }
}

const CODES = ['ENOSPC', 'EIO', 'EDQUOT', 'EROFS', 'EACCES', 'EMFILE'];

describe.each(SCENES)('flush into $name', (scene) => {
  it('leaves nothing when any step fails', async () => {
    const steps = await forEveryStep(
      scene,
      (step, k) => {
        const code = CODES[k % CODES.length];
        if (step === k) throw Object.assign(new Error(`${code}: injected`), { code });
      },
      (error) => {
        expect(error).toMatchObject({ name: 'UserError', kind: 'io' });
        expect((error as Error).message).toMatch(/^Cannot write the project to .*: [a-z].*\.$/);
      },
    );
    expect(steps).toBeGreaterThan(plan.files.length);
  });

  it('leaves nothing when it is cancelled at any step', async () => {
    let controller = new AbortController();
    const steps = await forEveryStep(
      scene,
      (step, k) => {
        if (step === k) controller.abort(new CancelledError('SIGINT'));
      },
      (error) => expect(error).toBeInstanceOf(CancelledError),
      () => {
        controller = new AbortController();
        return { signal: controller.signal };
      },
    );
    expect(steps).toBeGreaterThan(plan.files.length);
  });
});
