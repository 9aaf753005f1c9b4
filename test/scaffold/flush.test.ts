import { chmod, lstat, mkdir, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlan, flush } from '../../src/scaffold/index.ts';
import { CancelledError } from '../../src/support/cancelled.ts';
import { answersWith, makeWorkspace, snapshot } from './workspace.ts';

const plan = await createPlan(answersWith());
const planned = Object.fromEntries(plan.files.map((file) => [file.path, String(file.content)]));

describe('flush into a new folder', () => {
  it('writes every file and leaves nothing else', async () => {
    const workspace = await makeWorkspace();
    const result = await flush(plan, path.join(workspace, 'a/b/agent'));
    expect(result).toEqual({ written: plan.files.map((file) => file.path), kept: [] });
    expect(await snapshot(path.join(workspace, 'a/b/agent'))).toEqual(planned);
    expect(await readdir(path.join(workspace, 'a/b'))).toEqual(['agent']);
  });

  it('gives the folder the mode that the umask says, not the one of the staging folder', async () => {
    const workspace = await makeWorkspace();
    await flush(plan, path.join(workspace, 'agent'));
    const { mode } = await lstat(path.join(workspace, 'agent'));
    expect(mode & 0o777).toBe(0o777 & ~process.umask());
  });

  it('says what it would write and writes nothing on a dry run', async () => {
    const workspace = await makeWorkspace();
    const result = await flush(plan, path.join(workspace, 'agent'), { dryRun: true });
    expect(result.written).toHaveLength(plan.files.length);
    expect(await readdir(workspace)).toEqual([]);
  });

  it('lets one of many runs at once win', async () => {
    const workspace = await makeWorkspace();
    const target = path.join(workspace, 'agent');
    const runs = await Promise.allSettled(Array.from({ length: 8 }, () => flush(plan, target)));
    expect(runs.filter((run) => run.status === 'fulfilled')).toHaveLength(1);
    for (const run of runs)
      if (run.status === 'rejected') expect(run.reason).toMatchObject({ kind: 'usage' });
    expect(await snapshot(target)).toEqual(planned);
    expect(await readdir(workspace)).toEqual(['agent']);
  });
});

describe('flush into an existing folder', () => {
  it.each(['index.js', '.env', 'src/', '.gitattributes', '.mirastack/'])(
    'refuses one that holds %s and leaves it as it was',
    async (name) => {
      const target = await makeWorkspace();
      if (name.endsWith('/')) await mkdir(path.join(target, name));
      else await writeFile(path.join(target, name), 'mine');
      await writeFile(path.join(target, 'README.md'), 'mine');
      const before = await snapshot(target);
      await expect(flush(plan, target)).rejects.toMatchObject({ kind: 'usage', code: 'target-not-empty' });
      expect(await snapshot(target)).toEqual(before);
    },
  );

  it('keeps what a fresh repository holds', async () => {
    const target = await makeWorkspace();
    const mine = { '.git/HEAD': 'ref', 'README.md': 'mine', 'LICENSE.txt': 'mine', '.gitignore': 'mine' };
    await mkdir(path.join(target, '.git'));
    for (const [name, text] of Object.entries(mine)) await writeFile(path.join(target, name), text);
    const result = await flush(plan, target);
    expect(result.kept).toEqual(['.gitignore', 'LICENSE', 'README.md']);
    const { LICENSE: _, ...rest } = planned;
    expect(await snapshot(target)).toEqual({ ...rest, ...mine });
  });

  it('fills an empty one in place', async () => {
    const target = await makeWorkspace();
    const { ino } = await lstat(target);
    await flush(plan, target);
    expect((await lstat(target)).ino).toBe(ino);
    expect(await snapshot(target)).toEqual(planned);
  });

  it('lets one of many runs at once win', async () => {
    const target = await makeWorkspace();
    const runs = await Promise.allSettled(Array.from({ length: 8 }, () => flush(plan, target)));
    expect(runs.filter((run) => run.status === 'fulfilled')).toHaveLength(1);
    expect(await snapshot(target)).toEqual(planned);
  });
});

describe('flush refuses', () => {
  it('a link, even to an empty folder', async () => {
    const workspace = await makeWorkspace();
    await mkdir(path.join(workspace, 'victim'));
    await symlink('victim', path.join(workspace, 'agent'));
    await expect(flush(plan, path.join(workspace, 'agent'))).rejects.toMatchObject({
      code: 'target-is-link',
    });
    expect(await readdir(path.join(workspace, 'victim'))).toEqual([]);
    expect(await readlink(path.join(workspace, 'agent'))).toBe('victim');
  });

  it('a link that points nowhere', async () => {
    const workspace = await makeWorkspace();
    await symlink('nowhere', path.join(workspace, 'agent'));
    await expect(flush(plan, path.join(workspace, 'agent'))).rejects.toMatchObject({
      code: 'target-is-link',
    });
    expect(await readdir(workspace)).toEqual(['agent']);
  });

  it('a file, and a folder under a file', async () => {
    const workspace = await makeWorkspace();
    const file = path.join(workspace, 'file');
    await writeFile(file, 'mine');
    await expect(flush(plan, file)).rejects.toMatchObject({ kind: 'usage', code: 'target-not-folder' });
    await expect(flush(plan, path.join(file, 'agent'))).rejects.toMatchObject({ code: 'target-not-usable' });
    expect(await snapshot(workspace)).toEqual({ file: 'mine' });
  });

  it('a path that is too long, as an error of the file system', async () => {
    const workspace = await makeWorkspace();
    const target = path.join(workspace, 'new', 'x'.repeat(300));
    await expect(flush(plan, target)).rejects.toMatchObject({
      kind: 'io',
      message: `Cannot write the project to ${target}: the path is too long.`,
    });
    expect(await readdir(workspace)).toEqual([]);
  });

  it('a folder that it may not write to', async () => {
    const workspace = await makeWorkspace();
    const closed = path.join(workspace, 'closed');
    await mkdir(closed);
    // Root may write anywhere but to the kernel's own file systems.
    const parent = process.getuid?.() === 0 && process.platform === 'linux' ? '/proc/self' : closed;
    await chmod(closed, 0o555);
    await expect(flush(plan, path.join(parent, 'agent'))).rejects.toMatchObject({ kind: 'io' });
    await chmod(closed, 0o755);
    expect(await snapshot(workspace)).toEqual({ 'closed/': '' });
  });

  it('to start when it is cancelled already', async () => {
    const workspace = await makeWorkspace();
    const run = flush(plan, path.join(workspace, 'agent'), { signal: AbortSignal.abort() });
    await expect(run).rejects.toBeInstanceOf(CancelledError);
    expect(await readdir(workspace)).toEqual([]);
  });
});
