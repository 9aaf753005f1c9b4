import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/** A user namespace has limits of its own, which its root may lower; not every machine allows one. */
const limited = (limit: string, value: number, ...argv: string[]) =>
  ['-Ur', 'sh', '-c', `echo ${value} > /proc/sys/user/${limit} && exec "$@"`, 'sh', ...argv] as const;
const possible = spawnSync('unshare', limited('max_inotify_watches', 3, 'true')).status === 0;

let folder: string;
let program: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mirastack-test-'));
  program = join(folder, 'watch.mjs');
  const input = fileURLToPath(new URL('../fixtures/dev/watch.ts', import.meta.url));
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent' });
  await bundle.write({ file: program, format: 'esm' });
});
afterEach(async () => {
  child?.kill('SIGKILL');
  if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!possible)('where the system gives no more watches (needs user namespaces)', () => {
  it.each([
    ['max_inotify_watches', 3, 'ENOSPC'],
    ['max_inotify_instances', 0, 'EMFILE'],
  ])('%s = %i: says so once, polls, and still notices an edit', async (limit, value, code) => {
    const project = join(folder, limit);
    mkdirSync(project);
    for (let i = 0; i < 20; i++) {
      mkdirSync(join(project, `d${i}`));
      writeFileSync(join(project, `d${i}/a.ts`), 'a');
    }
    child = spawn('unshare', limited(limit, value, process.execPath, program, project), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    let savedMs = 0;
    for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
      lines.push(line);
      if (line === 'armed') {
        writeFileSync(join(project, 'd19/a.ts'), 'edited');
        savedMs = performance.now();
      }
      if (line === 'change') break;
    }
    expect(performance.now() - savedMs).toBeLessThan(2_000);
    expect(lines).toEqual([expect.stringContaining(code), 'armed', 'change']);
  });
});
