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
    // What was made is told all the same, before what went wrong.
    expect(outcome.stderr).toMatch(
      /Made mirastack-plugin-logs in .*\n {2}package\.json\n.*Next:\n {2}cd x && npm install\n.* failed: /s,
    );
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
      project: {
        directory: join(cwd, 'x'),
        name: 'mirastack-plugin-logs',
        files: expect.arrayContaining(['package.json']),
      },
      installed: false,
      durationMs: expect.any(Number),
      git: 'failed',
      warnings: [expect.stringContaining('git')],
      next: ['cd x && npm install', 'npm run dev'],
      error: {
        code: 'install-failed',
        message: expect.stringContaining('npm'),
        hint: NEXT(join(cwd, 'x')),
      },
    });
    expect(readdirSync(join(cwd, 'x'))).toContain('package.json');
  });

  test('where no Python is new enough it is 4 and says which would be', async () => {
    const cwd = work.makeFolder();
    const bin = work.makeFolder();
    for (const name of ['python3', 'python3.12']) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "$0 $*" >> "${cwd}/asked"\nexit 1\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const args = ['x', '--name', 'logs', '--yes', '--no-git', '--language', 'python'];
    const outcome = await work.run(create, args, { cwd, env: { PATH: bin } });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('Python 3.12 or newer is needed');
    expect(outcome.stderr).toContain('Run make install in');
    expect(readFileSync(join(cwd, 'asked'), 'utf8')).not.toContain('venv');
  });

  test('the first Python that is new enough makes the environment', async () => {
    const cwd = work.makeFolder();
    const bin = work.makeFolder();
    const scripts = { python3: 'exit 1', 'python3.13': `echo "$*" >> "${cwd}/asked"; test "$2" != venv` };
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const args = ['x', '--name', 'logs', '--yes', '--no-git', '--language', 'python'];
    const outcome = await work.run(create, args, { cwd, env: { PATH: bin } });
    expect(outcome.code).toBe(5);
    expect(outcome.stderr).toContain('python3.13 -m venv .venv ended with 1');
    expect(readFileSync(join(cwd, 'asked'), 'utf8')).toMatch(/\n-m venv \.venv\n$/);
  });

  test('what helps where a proxy refuses the SDK of Go is told', async () => {
    const cwd = work.makeFolder();
    const env = pathWithNpm('echo "403 Forbidden" >&2; exit 1', 'go');
    const args = ['x', '--name', 'logs', '--yes', '--no-git', '--language', 'go'];
    const outcome = await work.run(create, args, { cwd, env });
    expect(outcome.code).toBe(5);
    expect(outcome.stderr).toContain(
      'GOPRIVATE=github.com/mirastacklabs-ai/mirastack-agents-sdk-go go mod tidy, or --go-sdk <checkout>',
    );
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
