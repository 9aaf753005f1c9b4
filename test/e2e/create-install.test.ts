import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binsOf, sharePackage } from '../support/package.ts';
import { CAN_SEE_PROCESSES, descendantsOf, survivorsOf } from '../support/processes.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

let work: Workplace;
let create: string;

beforeAll(async () => {
  create = binsOf((await sharePackage()).installed).create;
  work = createWorkplace();
});
afterAll(() => work?.close());

/** A PATH on which a tool, `npm` unless another is named, is this script of ours. */
function pathWithNpm(script: string, tool = 'npm'): Record<string, string> {
  const folder = work.makeFolder();
  const file = join(folder, tool);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { PATH: [folder, process.env.PATH].join(delimiter) };
}

const NEXT = (directory: string) => `The project is complete. Run npm install in ${directory} to go on.`;

describe.skipIf(process.platform === 'win32')('create, when the install does not go well', () => {
  test('a failing npm is 5, with its last words, and the project stays', async () => {
    const cwd = work.makeFolder();
    const env = pathWithNpm('echo "npm error network: the registry is gone" >&2; exit 7');
    const outcome = await work.run(create, ['x', '--name', 'logs', '--yes'], { cwd, env });
    expect(outcome).toMatchObject({ code: 5, stdout: '' });
    expect(outcome.stderr).toContain('Installing the dependencies failed: npm install ended with 7:');
    expect(outcome.stderr).toContain('npm error network: the registry is gone');
    expect(outcome.stderr).toContain(NEXT(join(cwd, 'x')));
    expect(readdirSync(join(cwd, 'x'))).toEqual(expect.arrayContaining(['package.json', 'main.ts']));
  });

  test.each([
    ['pnpm', 'pnpm/9.0.0 npm/? node/v20.0.0 linux x64', []],
    ['uv', 'npm/10.0.0 node/v20.0.0 linux x64', ['--language', 'python']],
  ])('%s installs where it is the tool', async (tool, npm_config_user_agent, flags) => {
    const cwd = work.makeFolder();
    const env = { ...pathWithNpm(`echo "$PWD: $*" > "${cwd}/ran"`, tool), npm_config_user_agent };
    const args = ['x', '--name', 'logs', '--yes', '--no-git', '--json', ...flags];
    const outcome = await work.run(create, args, { cwd, env });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'ran'), 'utf8')).toMatch(
      new RegExp(`^${join(cwd, 'x')}: (install|sync --extra dev)\n$`),
    );
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      installed: true,
      next: ['cd x', expect.stringContaining('dev')],
    });
  });

  test('a tool that lies in the project, or where it is started, is not taken', async () => {
    const cwd = work.makeFolder();
    writeFileSync(join(cwd, 'npm'), `#!/bin/sh\ntouch "${cwd}/pwned"\n`);
    chmodSync(join(cwd, 'npm'), 0o755);
    const env = { PATH: `.${delimiter}${delimiter}${work.makeFolder()}` };
    const outcome = await work.run(create, ['x', '--name', 'logs', '--yes', '--json'], { cwd, env });
    expect(outcome.code).toBe(4);
    expect(readdirSync(cwd).sort()).toEqual(['npm', 'x']);
  });

  test('no npm is 4, and the project stays', async () => {
    const cwd = work.makeFolder();
    const env = { PATH: work.makeFolder() };
    const outcome = await work.run(create, ['x', '--name', 'logs', '--yes', '--json'], { cwd, env });
    expect(outcome).toMatchObject({ code: 4, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual({
      error: {
        code: 'install-failed',
        message: expect.stringContaining('npm'),
        hint: NEXT(join(cwd, 'x')),
      },
    });
    expect(readdirSync(join(cwd, 'x'))).toContain('package.json');
  });

  test('Ctrl-C while npm works is 130: npm ends, the project stays', async () => {
    const cwd = work.makeFolder();
    // A shell that waits for a child of its own, as npm does for what it starts.
    const env = pathWithNpm(`echo > "${cwd}/started"; sleep 600`);
    const child = work.start(create, ['x', '--name', 'logs', '--yes'], { cwd, env });
    await expect.poll(() => readdirSync(cwd), { timeout: 15_000 }).toContain('started');
    const started = CAN_SEE_PROCESSES ? descendantsOf(child.process.pid ?? 0) : [];
    expect(await child.stop('SIGINT')).toBe(130);
    expect(child.stderr.at(-1)).toBe(NEXT(join(cwd, 'x')));
    expect(readdirSync(cwd).sort()).toEqual(['started', 'x']);
    expect(survivorsOf(started)).toEqual([]);
  });
});
