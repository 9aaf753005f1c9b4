import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withAbsolutePath } from '../../src/cli/project-install.ts';
import { initRepository } from '../../src/cli/repository.ts';
import { CancelledError } from '../../src/support/cancelled.ts';
import { makeWorkspace } from '../scaffold/workspace.ts';

const HAS_GIT = spawnSync('git', ['--version']).status === 0;

afterEach(() => vi.unstubAllEnvs());

/** A PATH with a `git` of ours that does this. */
async function stubGit(script: string): Promise<void> {
  const folder = await makeWorkspace();
  await writeFile(path.join(folder, 'git'), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(folder, 'git'), 0o755);
  vi.stubEnv('PATH', [folder, process.env.PATH].join(path.delimiter));
}

describe('initRepository', () => {
  it.skipIf(!HAS_GIT)('makes a repository where there is none, without an identity (needs git)', async () => {
    const directory = await makeWorkspace();
    // As on a machine where git was never set up, with a hook that would fail and another repository pointed to.
    const elsewhere = await makeWorkspace();
    vi.stubEnv('HOME', elsewhere);
    vi.stubEnv('XDG_CONFIG_HOME', elsewhere);
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
    vi.stubEnv('GIT_DIR', path.join(elsewhere, 'other.git'));
    await writeFile(
      path.join(elsewhere, '.gitconfig'),
      '[commit]\n\tgpgsign = true\n[core]\n\thooksPath = /nowhere\n',
    );
    expect(await initRepository(directory, undefined)).toEqual({ type: 'made' });
    expect(await readdir(directory)).toEqual(['.git']);
    expect(await readdir(elsewhere)).toEqual(['.gitconfig']);
  });

  it.each(['.git', '.hg', '.jj'])('leaves a %s around it alone', async (mark) => {
    const root = await realpath(await makeWorkspace());
    // A worktree and a submodule have a file in its place.
    if (mark === '.git') await writeFile(path.join(root, mark), 'gitdir: /elsewhere\n');
    else await mkdir(path.join(root, mark));
    const directory = path.join(root, 'packages/agent');
    await mkdir(directory, { recursive: true });
    expect(await initRepository(directory, undefined)).toEqual({ type: 'existing', directory: root });
    expect(await readdir(directory)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'tells what git said when it fails, and when there is none',
    async () => {
      await stubGit('echo "fatal: no space left" >&2; exit 128');
      const directory = await makeWorkspace();
      expect(await initRepository(directory, undefined)).toEqual({
        type: 'failed',
        reason: 'fatal: no space left',
      });
      vi.stubEnv('PATH', await makeWorkspace());
      expect(await initRepository(directory, undefined)).toEqual({
        type: 'failed',
        reason: expect.stringContaining('git'),
      });
    },
  );

  it.skipIf(process.platform === 'win32')('throws only when it is cancelled', async () => {
    await stubGit('sleep 600');
    const controller = new AbortController();
    const run = initRepository(await makeWorkspace(), controller.signal);
    setImmediate(() => controller.abort(new CancelledError('SIGINT')));
    await expect(run).rejects.toBeInstanceOf(CancelledError);
  });
});

describe('withAbsolutePath', () => {
  it('drops what depends on the folder a tool is started in', () => {
    const entries = [
      '/usr/bin',
      '',
      '.',
      'node_modules/.bin',
      '/code/agent',
      '/code/agent/bin',
      '/code/agents',
    ];
    const env = withAbsolutePath({ PATH: entries.join(path.delimiter), HOME: '/home/me' }, '/code/agent');
    expect(env).toEqual({ PATH: ['/usr/bin', '/code/agents'].join(path.delimiter), HOME: '/home/me' });
  });
});
