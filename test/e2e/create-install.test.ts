import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
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

/** A PATH on which `npm` is this script of ours. */
function pathWithNpm(script: string): Record<string, string> {
  const folder = work.makeFolder();
  const file = join(folder, 'npm');
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
