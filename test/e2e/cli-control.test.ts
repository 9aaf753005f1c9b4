/** The program as its users start it: finding the engine, a person at a terminal, two terminals at once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type EngineProgram, startEngineProgram } from '../support/dev-engine.ts';
import { createLabPlugin } from '../support/lab-plugin.ts';
import { binsOf, sharePackage } from '../support/package.ts';
import { startSampleAgent } from '../support/sample-agent.ts';
import { HAS_TERMINAL, openTerminal, type TerminalSession } from '../support/terminal.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

let work: Workplace;
let toolkit: string;
let project: string;
let engine: EngineProgram;
const plugin = createLabPlugin();
const stops: (() => Promise<void>)[] = [];

const run = (...args: string[]) => work.run(toolkit, [...args, '--project', project]);

beforeAll(async () => {
  toolkit = binsOf((await sharePackage()).installed).toolkit;
  work = createWorkplace();
  project = work.makeFolder();
  engine = await startEngineProgram(work, toolkit, { project, args: ['--health-interval', '0.1'] });
  stops.push(await startSampleAgent(engine.agentEnv, plugin));
  await vi.waitFor(async () => expect((await run('list')).stdout).toContain('healthy'), 15_000);
});
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await work?.close();
});

describe('the engine is found', () => {
  const LIST = { code: 0, stdout: 'my_agent 1.0.0 READ healthy\n', stderr: '' };

  test('by its URL, by its session file, and by being the only one', async () => {
    const elsewhere = { cwd: work.makeFolder() };
    expect(await work.run(toolkit, ['list', '--control', engine.controlUrl], elsewhere)).toEqual(LIST);
    expect(await work.run(toolkit, ['list', '--control', engine.sessionFile], elsewhere)).toEqual(LIST);
    expect(await work.run(toolkit, ['list'], elsewhere)).toEqual(LIST);
  });

  test('or is to be chosen, where several run; the token is in none of the answers', async () => {
    const other = work.makeFolder();
    const second = await startEngineProgram(work, toolkit, { project: other });
    const { token } = JSON.parse(readFileSync(engine.sessionFile, 'utf8')) as { token: string };
    const outcome = await work.run(toolkit, ['list', '--json'], { cwd: work.makeFolder() });
    await second.child.stop();
    expect(outcome.code).toBe(2);
    const { error } = JSON.parse(outcome.stdout) as { error: { code: string; hint: string } };
    expect(error.code).toBe('several-engines');
    for (const text of [engine.controlUrl, second.controlUrl, project, other])
      expect(error.hint).toContain(text);
    expect(JSON.stringify(outcome)).not.toContain(token);
    // A folder that was named is meant, whatever else runs.
    const named = await work.run(toolkit, ['list', '--project', work.makeFolder()]);
    expect(named).toMatchObject({ code: 3, stderr: expect.stringContaining(project) });
  });
});

describe('the program', () => {
  test('takes what comes on stdin, as params, secrets and texts', async () => {
    const child = work.start(toolkit, ['config-set', 'my_agent', 'api_key', '--project', project]);
    child.process.stdin?.end('S3CR3T\n');
    expect(await child.exited).toBe(0);
    expect(child.stdout.join('\n')).toContain('took the change of api_key');
    await vi.waitFor(() => expect(plugin.configs.at(-1)).toMatchObject({ api_key: 'S3CR3T' }));
    const invoke = work.start(toolkit, ['invoke', 'echo', '--params', '-', '--project', project]);
    invoke.process.stdin?.end('{"text":"from stdin"}');
    expect(await invoke.exited).toBe(0);
    expect(JSON.parse(invoke.stdout.join('\n'))).toMatchObject({ text: 'from stdin' });
  });

  test('lists the history without a further word, and knows its subcommands', async () => {
    const { code, stdout } = await run('history', '--limit', '1');
    expect([code, stdout.split('\n').length]).toEqual([0, 3]);
    expect((await work.run(toolkit, ['history', '--help'])).stdout).toContain('replay');
  });

  test('Ctrl-C cancels an invoke at the agent and ends with 130', async () => {
    const before = plugin.cancelled.count;
    const child = work.start(toolkit, ['invoke', 'wait', '--project', project]);
    await vi.waitFor(
      async () => expect((await run('history', '--limit', '1')).stdout).toContain('running'),
      10_000,
    );
    expect(await child.stop('SIGINT')).toBe(130);
    await vi.waitFor(() => expect(plugin.cancelled.count).toBe(before + 1), 5_000);
  });

  test('follows events until it is told to stop, one document a line', async () => {
    const child = work.start(toolkit, ['events', '--follow', '--since', '0', '--json', '--project', project]);
    const first = await child.line((line) => JSON.parse(line) as { seq: number });
    expect(first.seq).toBe(1);
    await run('invoke', 'echo', '--param', 'text=followed');
    await child.line((line) => (line.includes('followed') ? true : undefined));
    expect(await child.stop('SIGINT')).toBe(130);
    expect(child.stderr).toEqual([]);
    const numbers = child.stdout.map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

describe.skipIf(!HAS_TERMINAL)('a person at a terminal (needs Python or script)', () => {
  const shows = (terminal: TerminalSession, text: string) =>
    expect.poll(() => terminal.screen(), { timeout: 15_000 }).toContain(text);

  test('fills in a form, and decides in a second terminal', async () => {
    const terminal = openTerminal(work, toolkit, ['invoke', 'restart', '--project', project]);
    await shows(terminal, 'service: Which service');
    terminal.type('billing\r');
    await shows(terminal, 'force: Whether to kill it');
    terminal.type('\r');
    await shows(terminal, 'mirastack-agent approval approve apr_');
    const id = /approval approve (apr_\w+)/.exec(terminal.screen())?.[1] ?? '';
    expect((await run('approval', 'approve', id)).code).toBe(0);
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain('"service": "billing"');
  });

  test('decides in the same terminal with --approve', async () => {
    const args = ['invoke', 'restart', '--param', 'service=x', '--param', 'force=true', '--approve'];
    const terminal = openTerminal(work, toolkit, [...args, '--project', project]);
    await shows(terminal, 'Your decision');
    expect(terminal.screen()).toContain('MODIFY');
    // The first choice is the safe one.
    terminal.type('\r');
    expect(await terminal.exited).toBe(1);
    expect(terminal.screen()).toContain('was denied by');
  });

  test('types a secret that is not shown', async () => {
    const terminal = openTerminal(work, toolkit, ['config-set', 'my_agent', 'api_key', '--project', project]);
    await shows(terminal, 'Value for api_key');
    terminal.type('HIDDEN-VALUE\r');
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).not.toContain('HIDDEN-VALUE');
    expect(plugin.configs.at(-1)).toMatchObject({ api_key: 'HIDDEN-VALUE' });
  });
});

test('requests are kept in the project', async () => {
  await run('invoke', 'echo', '--param', 'text=kept', '--save', 'kept');
  expect(JSON.parse(readFileSync(join(project, '.mirastack/requests/kept.json'), 'utf8'))).toEqual({
    action: 'echo',
    params: { text: 'kept' },
  });
  expect((await run('invoke', '--replay', 'kept')).stdout).toContain('"text": "kept"');
});
