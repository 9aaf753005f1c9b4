import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWatchFilter } from '../../src/dev/watch-filter.ts';
import { createWatcher, type Watcher } from '../../src/dev/watcher.ts';

let folder: string;
let watcher: Watcher | undefined;
const onChange = vi.fn();
const onNotice = vi.fn();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirastack-test-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/a.ts'), 'a');
  onChange.mockReset();
  onNotice.mockReset();
});
afterEach(async () => {
  await watcher?.close();
  rmSync(folder, { recursive: true, force: true });
});

const arm = async (patterns: string[] = []) => {
  const filter = createWatchFilter({ directory: folder, patterns, ignoredNames: ['dist'] });
  watcher = await createWatcher({ filter, onChange, onNotice });
};
const changed = (times = 1) => expect.poll(() => onChange.mock.calls.length, { timeout: 3_000 }).toBe(times);

describe('the watcher', () => {
  it('reports an edit, once', async () => {
    await arm();
    const beforeMs = performance.now();
    writeFileSync(join(folder, 'src/a.ts'), 'b');
    await changed();
    expect(onChange.mock.calls[0]?.[0].sinceMs).toBeGreaterThanOrEqual(beforeMs);
  });

  it('reports files that editors save by renaming, and new folders', async () => {
    await arm();
    writeFileSync(join(folder, 'src/a.ts~'), 'b');
    renameSync(join(folder, 'src/a.ts~'), join(folder, 'src/a.ts'));
    await changed(1);
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, 'templates/guide.tmpl'), 'x');
    await changed(2);
  });

  it('never misses the last of several writes to one file', async () => {
    await arm();
    // Within the time that chokidar keeps quiet about a file it has just reported.
    onChange.mockImplementationOnce(() => writeFileSync(join(folder, 'src/a.ts'), 'second'));
    writeFileSync(join(folder, 'src/a.ts'), 'first');
    await changed(2);
  });

  it('makes two reports of a thousand writes at most', async () => {
    await arm();
    for (let i = 0; i < 1_000; i++) writeFileSync(join(folder, 'src', `f${i}.ts`), 'x');
    await expect.poll(() => onChange.mock.calls.length, { timeout: 5_000 }).toBeGreaterThan(0);
    const reports = onChange.mock.calls.length;
    writeFileSync(join(folder, 'src/a.ts'), 'b');
    await expect.poll(() => onChange.mock.calls.length, { timeout: 5_000 }).toBeGreaterThan(reports);
    expect(onChange.mock.calls.length).toBeLessThanOrEqual(3);
  });

  it('is not led round by links, nor held up by ignored folders', async () => {
    symlinkSync('..', join(folder, 'src/loop'));
    mkdirSync(join(folder, 'dist'));
    await arm();
    writeFileSync(join(folder, 'dist/main.js'), 'x');
    linkSync(join(folder, 'src/a.ts'), join(folder, 'src/b.ts'));
    await changed();
  });

  it('watches only what it is told to', async () => {
    await arm(['src/**/*.ts']);
    writeFileSync(join(folder, 'README.md'), 'x');
    writeFileSync(join(folder, 'src/notes.md'), 'x');
    writeFileSync(join(folder, 'src/a.ts'), 'b');
    await changed();
  });

  it('says that the folder it watches is gone', async () => {
    await arm();
    rmSync(folder, { recursive: true });
    await expect.poll(() => onNotice.mock.calls.flat().join()).toContain('removed or renamed');
  });
});
