import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineLine, startEngineProgram } from '../support/dev-engine.ts';
import { binsOf, sharePackage } from '../support/package.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

let work: Workplace;
let toolkit: string;

beforeAll(async () => {
  toolkit = binsOf((await sharePackage()).installed).toolkit;
  work = createWorkplace();
});
afterAll(() => work?.close());

/** Session files, whole or not. */
const sessionFiles = () => (existsSync(work.sessions) ? readdirSync(work.sessions) : []);

describe('the session of an engine', () => {
  test('is one JSON line, and a file for its user alone that goes with it', async () => {
    const project = work.makeFolder();
    const engine = await startEngineProgram(work, toolkit, { project });
    expect(engine.child.stdout).toHaveLength(1);
    expect(JSON.parse(engine.child.stdout[0] ?? '')).toEqual({
      type: 'engine-listening',
      grpcAddr: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      controlUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      tenantId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      pid: engine.child.process.pid,
      sessionFile: expect.stringMatching(/\.json$/),
    });
    expect(statSync(engine.sessionFile).mode & 0o777).toBe(0o600);
    expect(statSync(work.sessions).mode & 0o777).toBe(0o700);
    const { token } = JSON.parse(readFileSync(engine.sessionFile, 'utf8')) as { token: string };
    const authorization = `Bearer ${token}`;
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${engine.controlUrl}/api/agents`, { headers })).status;
    expect([await status({ authorization }), await status({})]).toEqual([200, 401]);
    await engine.child.stop();
    expect(existsSync(engine.sessionFile)).toBe(false);
  });

  test('ephemeral engines have tenants of their own and leave nothing in the project', async () => {
    const project = work.makeFolder();
    writeFileSync(join(project, 'mirastack.config.json'), '{}');
    writeFileSync(join(project, 'package.json'), '{}');
    const [one, other] = await Promise.all([1, 2].map(() => startEngineProgram(work, toolkit, { project })));
    expect(one?.tenantId).not.toBe(other?.tenantId);
    const ambiguous = await work.run(toolkit, ['list', '--project', project]);
    expect(ambiguous).toMatchObject({ code: 2, stdout: '' });
    expect(ambiguous.stderr).toContain(`Several engines are running for ${project}, with pids `);
    await Promise.all([one?.child.stop(), other?.child.stop()]);
    expect(readdirSync(project).sort()).toEqual(['mirastack.config.json', 'package.json']);
  });

  test('a project keeps its tenant, and has one engine at a time', async () => {
    const project = work.makeFolder();
    writeFileSync(join(project, 'mirastack.config.json'), '{}');
    writeFileSync(join(project, 'package.json'), '{}');
    const start = async () => {
      const child = work.start(toolkit, ['engine', '--json', '--project', project]);
      return { child, ...(await child.line((line) => JSON.parse(line) as EngineLine)) };
    };
    const first = await start();
    // From a folder further down, the project around it is meant.
    const below = join(project, 'src');
    mkdirSync(below);
    const second = await work.run(toolkit, ['engine', '--json'], { cwd: below });
    expect({ ...second, stdout: JSON.parse(second.stdout) as unknown }).toEqual({
      code: 2,
      stderr: '',
      stdout: {
        error: {
          code: 'engine-running',
          message: `An engine is running for ${project} already, with pid ${first.pid}.`,
          hint: 'Stop it first, or start this one with --ephemeral.',
        },
      },
    });
    expect((await work.run(toolkit, ['list'], { cwd: below })).code).toBe(0);
    await first.child.stop();
    const again = await start();
    expect(again.tenantId).toBe(first.tenantId);
    expect(statSync(join(project, '.mirastack/dev/tenant')).mode & 0o777).toBe(0o600);
    await again.child.stop();
  });

  test('the file of a killed engine is in nobody\u2019s way', async () => {
    const project = work.makeFolder();
    const killed = await startEngineProgram(work, toolkit, { project });
    await killed.child.stop('SIGKILL');
    expect(existsSync(killed.sessionFile)).toBe(true);
    expect((await work.run(toolkit, ['list', '--project', project])).code).toBe(3);
    expect(existsSync(killed.sessionFile)).toBe(false);
  });
});

describe('how an engine ends', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends it with %i, without another word and without a trace', async (signal, code) => {
    const engine = await startEngineProgram(work, toolkit, { project: work.makeFolder() });
    expect(await engine.child.stop(signal)).toBe(code);
    expect(engine.child.stderr).toEqual([
      expect.stringMatching(/^The dev engine listens on [\d.:]+\. It is for development only\.$/),
    ]);
    expect(sessionFiles()).toEqual([]);
  });

  test.each([{ flags: [] }, { flags: ['--json'] }])(
    'when nobody reads its answers any more, quietly ($flags)',
    async ({ flags }) => {
      const child = work.start(toolkit, ['engine', '--ephemeral', ...flags], { cwd: work.makeFolder() });
      // As `head` does; the program has not even begun to run by now.
      child.process.stdout?.destroy();
      expect(await child.exited).toBe(141);
      expect(child.stderr.join('\n')).not.toMatch(/EPIPE|Error|^ +at /m);
      expect(sessionFiles()).toEqual([]);
    },
  );

  test('a person is told what to export for an agent started by hand', async () => {
    const child = work.start(toolkit, ['engine', '--ephemeral'], { cwd: work.makeFolder() });
    await child.line((line) => line.startsWith('export MIRASTACK_PLUGIN_ADDR') || undefined);
    expect(child.stdout).toEqual([
      expect.stringMatching(/^export MIRASTACK_ENGINE_ADDR=127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^export MIRASTACK_PLUGIN_TENANT_ID=[0-9a-f-]{36}$/),
      'export MIRASTACK_PLUGIN_ADDR=127.0.0.1:0',
    ]);
    expect(await child.stop('SIGINT')).toBe(130);
  });
});
