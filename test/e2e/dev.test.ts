import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DevProgram, startDevProgram } from '../support/dev-program.ts';
import { type GeneratedProject, generateProject } from '../support/generated-project.ts';
import { CAN_SEE_PROCESSES, descendantsOf, describeProcess, survivorsOf } from '../support/processes.ts';
import { HAS_TERMINAL, openTerminal } from '../support/terminal.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

const HEALTHY = 'my_agent 1.0.0 READ healthy\n';
/** What each process that a dev session starts carries in its environment. */
const MARKER = 'MIRASTACK_DEV_SESSION=';

let work: Workplace;
let project: GeneratedProject;

beforeAll(async () => {
  work = createWorkplace();
  project = await generateProject(work);
}, 180_000);
afterAll(() => work?.close());

const patient = { timeout: 15_000 };
const list = async () => (await project.run('list')).stdout;
let asked = 0;
/** The result of an action that must succeed. Each time the question is another, else the cache answers. */
async function invoke(): Promise<unknown> {
  asked += 1;
  const params = ['--param', 'limit=2', '--param', `start=${asked}`];
  const outcome = await project.run('invoke', 'list_items', ...params, '--json');
  const { success, result } = JSON.parse(outcome.stdout) as { success: boolean; result: unknown };
  expect({ code: outcome.code, success }).toEqual({ code: 0, success: true });
  return result;
}

/** Processes of our dev sessions that still live, and session files that are still there. */
function leftovers(): readonly string[] {
  const ours = work
    .processes()
    .filter(({ environment }) => environment.some((entry) => entry.startsWith(MARKER)));
  return [...ours.map(describeProcess), ...readdirSync(work.sessions)];
}

describe('the edit loop', () => {
  let dev: DevProgram;

  beforeAll(() => {
    dev = startDevProgram(work, project);
  });

  test('comes up: engine, build, launch, ready', async () => {
    const ready = await dev.waitFor('ready');
    expect(ready).toEqual({
      type: 'ready',
      agent: 'my_agent',
      version: '1.0.0',
      ms: expect.any(Number),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      generation: 1,
    });
    const types = dev.events().map(({ type }) => type);
    expect(types.filter((type) => type !== 'agent-log')).toEqual([
      'engine-listening',
      'building',
      'launching',
      'ready',
    ]);
    expect(dev.events()[0]).toMatchObject({
      generation: 0,
      grpcAddr: expect.stringMatching(/^127\.0\.0\.1:/),
      pid: dev.pid,
      sessionFile: expect.any(String),
    });
    expect(await list()).toBe(HEALTHY);
    expect(await invoke()).toMatchObject({ count: 2, total: 60 });
  });

  test('a second one for the same project is refused', async () => {
    const second = await project.run('dev');
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toContain(`already, with pid ${dev.pid}.`);
  });

  test('a save is the next generation, which answers differently', async () => {
    project.edit('actions.ts', 'count: items.length', "count: items.length, motto: 'festina lente'");
    await dev.waitFor('ready', 2);
    expect(await invoke()).toMatchObject({ count: 2, motto: 'festina lente' });
  });

  test('a syntax error is told with its place, and the old generation still answers', async () => {
    const good = project.read('actions.ts');
    const line = good.split('\n').length;
    project.edit('actions.ts', good, `${good}const broken = ;\n`);
    const failure = await dev.waitFor('build-failed');
    expect(failure).toMatchObject({ file: 'actions.ts', line, generation: 3 });
    expect(failure.message).not.toBe('');
    expect(await invoke()).toMatchObject({ motto: 'festina lente' });
    project.edit('actions.ts', 'const broken = ;\n', '');
    await dev.waitFor('ready', 3);
    expect(await invoke()).toMatchObject({ motto: 'festina lente' });
  });

  test('an agent that ends at its start is told with its last words, and the next save mends it', async () => {
    const crash = "console.error('cannot reach the moon');\nprocess.exit(3);\n";
    const good = project.read('main.ts');
    project.edit(
      'main.ts',
      good,
      good.replace('const REQUIRED', () => `${crash}const REQUIRED`),
    );
    expect(await dev.waitFor('agent-exited', 4)).toMatchObject({ code: 3, signal: null });
    expect(await dev.waitFor('agent-log', 4)).toMatchObject({ line: 'cannot reach the moon' });
    expect(await dev.waitFor('warning', 4)).toMatchObject({
      message: expect.stringMatching(/^the agent .*3.*; it is started again in \d/),
    });
    project.edit('main.ts', crash, '');
    // How many times it has been started again by now depends on the machine.
    await expect
      .poll(() => dev.events().filter(({ type, generation }) => type === 'ready' && generation > 4), patient)
      .toHaveLength(1);
    expect(await invoke()).toMatchObject({ count: 2 });
  });

  test.skipIf(!CAN_SEE_PROCESSES)(
    'a backend that is down makes the agent unhealthy, and up healthy',
    async () => {
      const backend = descendantsOf(dev.pid).find(({ argv }) => argv.includes('dev/backend.mjs'));
      const turn = (down: boolean) =>
        fetch(`http://127.0.0.1:${backend?.argv.at(-1)}/admin/down`, {
          method: 'POST',
          body: JSON.stringify({ down }),
        });
      expect((await turn(true)).status).toBe(200);
      await expect
        .poll(() => project.run('list'), patient)
        .toMatchObject({
          stdout: 'my_agent 1.0.0 READ unhealthy\n',
          stderr: 'my_agent: the backend answered with status 503\n',
        });
      expect((await turn(false)).status).toBe(200);
      await expect.poll(list, patient).toBe(HEALTHY);
    },
  );

  test('SIGINT ends everything with 130', async () => {
    const started = CAN_SEE_PROCESSES ? descendantsOf(dev.pid) : [];
    expect(await dev.child.stop('SIGINT')).toBe(130);
    expect(dev.events().at(-1)).toMatchObject({ type: 'stopped' });
    expect(dev.child.stderr).toEqual([]);
    if (!CAN_SEE_PROCESSES) return;
    // Agent, backend and watchdog at least: else there was nothing to end.
    expect(started.length).toBeGreaterThanOrEqual(3);
    expect(survivorsOf(started)).toEqual([]);
    expect(leftovers()).toEqual([]);
  });
});

describe.skipIf(!CAN_SEE_PROCESSES)('however it ends, nothing stays (needs /proc)', () => {
  /** A session that is ready, and all that it has started. */
  async function bringUp(): Promise<{ dev: DevProgram; started: ReturnType<typeof descendantsOf> }> {
    const dev = startDevProgram(work, project);
    await dev.waitFor('ready');
    const started = descendantsOf(dev.pid);
    expect(started.length).toBeGreaterThanOrEqual(3);
    return { dev, started };
  }

  test('SIGKILL: its children go with it, and the next session starts', async () => {
    const { dev, started } = await bringUp();
    expect(await dev.child.stop('SIGKILL')).toBe('SIGKILL');
    await expect.poll(() => survivorsOf(started), patient).toEqual([]);
    const next = await bringUp();
    expect(await list()).toBe(HEALTHY);
    expect(await next.dev.child.stop('SIGTERM')).toBe(143);
    expect(leftovers()).toEqual([]);
  });

  test('SIGHUP: 129', async () => {
    const { dev, started } = await bringUp();
    expect(await dev.child.stop('SIGHUP')).toBe(129);
    expect([...survivorsOf(started), ...leftovers()]).toEqual([]);
  });

  test('nobody reads its events any more: quietly', async () => {
    const dev = startDevProgram(work, project);
    await dev.waitFor('engine-listening');
    dev.child.process.stdout?.destroy();
    expect(await dev.child.exited).toBe(141);
    expect(dev.child.stderr).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  describe.skipIf(!HAS_TERMINAL)('at a terminal (needs Python or script)', () => {
    async function open() {
      const terminal = openTerminal(work, project.toolkit, ['dev'], { cwd: project.folder });
      await expect.poll(terminal.screen, patient).toContain('my_agent 1.0.0 is ready (generation 1');
      return terminal;
    }

    test('Ctrl-C: 130', async () => {
      const terminal = await open();
      terminal.type('\x03');
      expect(await terminal.exited).toBe(130);
      expect(terminal.screen()).not.toMatch(/Error|^\s+at /m);
      expect(leftovers()).toEqual([]);
    });

    test('Ctrl-C held down: it still ends, and nothing stays', async () => {
      const terminal = await open();
      terminal.type('\x03\x03\x03\x03');
      expect(await terminal.exited).toBe(130);
      await expect.poll(() => leftovers().filter((name) => !name.endsWith('.json')), patient).toEqual([]);
      expect((await project.run('list')).code).toBe(3);
    });

    test('the window is closed', async () => {
      const terminal = await open();
      const before = leftovers();
      expect(before.length).toBeGreaterThanOrEqual(3);
      await terminal.close();
      await expect.poll(leftovers, patient).toEqual([]);
    });
  });
});
