import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EngineProgram, startEngineProgram } from '../support/dev-engine.ts';
import { binsOf, sharePackage } from '../support/package.ts';
import { startSampleAgent } from '../support/sample-agent.ts';
import { createSamplePlugin, SAMPLE_INFO } from '../support/sample-plugin.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

let work: Workplace;
let toolkit: string;
let project: string;
let engine: EngineProgram;
const stops: (() => Promise<void>)[] = [];

const run = (...args: string[]) => work.run(toolkit, [...args, '--project', project]);
const runJson = async (...args: string[]) => {
  const { stdout, ...rest } = await run(...args, '--json');
  return { ...rest, document: JSON.parse(stdout) as unknown };
};

beforeAll(async () => {
  toolkit = binsOf((await sharePackage()).installed).toolkit;
  work = createWorkplace();
  project = work.makeFolder();
  engine = await startEngineProgram(work, toolkit, { project, args: ['--health-interval', '0.1'] });
  stops.push(await startSampleAgent(engine.agentEnv));
  await vi.waitFor(
    async () => expect((await run('list')).stdout).toBe('my_agent 1.0.0 READ healthy\n'),
    15_000,
  );
});
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await work?.close();
});

describe('list', () => {
  test('prints the documented line', async () => {
    expect(await run('list')).toEqual({ code: 0, stdout: 'my_agent 1.0.0 READ healthy\n', stderr: '' });
  });

  test('prints one document with --json', async () => {
    expect(await runJson('list')).toEqual({
      code: 0,
      stderr: '',
      document: {
        agents: [
          {
            name: 'my_agent',
            version: '1.0.0',
            permission: 'READ',
            health: 'healthy',
            instances: [expect.objectContaining({ health: 'healthy', language: 'typescript' })],
          },
        ],
      },
    });
  });
});

describe('invoke', () => {
  test('prints the result', async () => {
    const outcome = await run('invoke', 'echo', '--param', 'text=a=b', '--agent', 'my_agent');
    expect(outcome).toEqual({ code: 0, stdout: '{\n  "text": "a=b"\n}\n', stderr: '' });
  });

  test('prints one document with --json', async () => {
    expect(await runJson('invoke', 'echo', '--param', 'text=hi')).toEqual({
      code: 0,
      stderr: '',
      document: {
        success: true,
        result: { text: 'hi' },
        error: '',
        durationMs: expect.any(Number),
        executionId: expect.any(String),
      },
    });
  });

  test('a failed action is a result with --json, a sentence without, and 1 in both', async () => {
    const args = ['invoke', 'echo', '--param', 'text=fail'];
    const error = 'the backend answered with status 503';
    expect(await run(...args)).toEqual({ code: 1, stdout: '', stderr: `${error}\n` });
    expect(await runJson(...args)).toMatchObject({
      code: 1,
      stderr: '',
      document: { success: false, result: null, error },
    });
  });

  /** What is refused before an agent hears of it. */
  const REFUSED: readonly (readonly [readonly string[], number, string, string, RegExp])[] = [
    [
      ['ecko'],
      2,
      'unknown-action',
      'No registered agent offers the action "ecko".',
      /^Did you mean echo\? Offered: echo, restart\.$/,
    ],
    [
      ['echo', '--agent', 'other', '--param', 'text=x'],
      2,
      'unknown-agent',
      'No agent named "other" is registered.',
      /^Registered: my_agent\.$/,
    ],
    [
      ['echo'],
      2,
      'missing-param',
      'Missing required param text for the action echo of my_agent.',
      /^It takes text, extra\.$/,
    ],
    [
      ['echo', '--param', 'text=x', '--param', 'txet=y'],
      2,
      'unknown-param',
      'Unknown param txet for the action echo of my_agent.',
      /^It takes text, extra\.$/,
    ],
    [
      ['echo', '--param', 'text'],
      2,
      'bad-param',
      'The param "text" is not name=value.',
      /^Write --param id=item-001\.$/,
    ],
    [['echo', '--param', '=x'], 2, 'bad-param', 'The param "=x" is not name=value.', /^Write --param/],
  ];

  test.each(REFUSED)('%j is refused with %i %s', async (args, code, error, message, hint) => {
    const human = await run('invoke', ...args);
    expect(human).toMatchObject({ code, stdout: '' });
    const [said, ...rest] = human.stderr.trimEnd().split('\n');
    expect(said).toBe(message);
    expect(rest.length).toBeLessThanOrEqual(1);
    expect(rest[0] ?? '').toMatch(hint);
    expect(await runJson('invoke', ...args)).toEqual({
      code,
      stderr: '',
      document: { error: { code: error, message, hint: expect.stringMatching(hint) } },
    });
  });
});

describe('with a second agent', () => {
  const plugin = createSamplePlugin({ info: { ...SAMPLE_INFO, name: 'logs', version: '0.10.0' } });

  beforeEach(async () => {
    if (stops.length > 1) return;
    stops.push(await startSampleAgent(engine.agentEnv, plugin));
    await expect.poll(async () => (await run('list')).stdout, { timeout: 15_000 }).toContain('logs');
  });

  test('the columns of list stand under each other', async () => {
    await expect
      .poll(async () => (await run('list')).stdout, { timeout: 15_000 })
      .toBe('logs     0.10.0 READ healthy\nmy_agent 1.0.0  READ healthy\n');
  });

  test('an action of both must be named with its agent', async () => {
    const args = ['invoke', 'echo', '--param', 'text=x'];
    expect(await runJson(...args)).toMatchObject({
      code: 2,
      document: { error: { code: 'ambiguous-action' } },
    });
    expect((await run(...args, '--agent', 'my_agent')).code).toBe(0);
  });

  test('an unhealthy agent is listed as such, with the reason', async () => {
    plugin.unhealthy = new Error('the backend is not reachable');
    await expect
      .poll(() => run('list'), { timeout: 15_000 })
      .toEqual({
        code: 0,
        stdout: 'logs     0.10.0 READ unhealthy\nmy_agent 1.0.0  READ healthy\n',
        stderr: expect.stringContaining('logs: the backend is not reachable\n'),
      });
    plugin.unhealthy = undefined;
  });
});
