/** Every command on a running engine, with a real agent: what people read, what scripts read, how it ends. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  runApprovalApprove,
  runApprovalList,
  runApprovalReject,
  runApprovalShow,
} from '../../../src/cli/commands/approval.ts';
import { runCacheGet, runCacheSet } from '../../../src/cli/commands/cache.ts';
import { runCall } from '../../../src/cli/commands/call.ts';
import { runConfig, runConfigSet } from '../../../src/cli/commands/config.ts';
import { runEvents } from '../../../src/cli/commands/events.ts';
import { runGet } from '../../../src/cli/commands/get.ts';
import { runHealth } from '../../../src/cli/commands/health.ts';
import { runHistoryList, runHistoryReplay, runHistoryShow } from '../../../src/cli/commands/history.ts';
import { runIntentList, runIntentMatch } from '../../../src/cli/commands/intent.ts';
import { runInvoke } from '../../../src/cli/commands/invoke.ts';
import { runList } from '../../../src/cli/commands/list.ts';
import {
  runPromptGet,
  runPromptList,
  runPromptRender,
  runPromptSet,
} from '../../../src/cli/commands/prompt.ts';
import { CancelledError } from '../../../src/support/cancelled.ts';
import { type ControlLab, startControlLab } from '../../support/control-lab.ts';
import { createLabPlugin, type LabPlugin } from '../../support/lab-plugin.ts';
import { checkedShapes, DOCUMENTED, readDocument, runCommand } from '../command-lab.ts';

let lab: ControlLab;
let plugin: LabPlugin;
let here: { readonly project: string };

beforeAll(async () => {
  lab = await startControlLab();
  plugin = createLabPlugin();
  await lab.launch(plugin);
  here = { project: lab.folder };
});
afterAll(() => lab.stop());

const json = () => ({ ...here, json: true });

describe('list', () => {
  it('prints the documented line and document', async () => {
    expect(await runCommand(runList, [], here)).toMatchObject({
      code: 0,
      answers: 'my_agent 1.0.0 READ healthy\n',
      talk: '',
    });
    const { answers, talk } = await runCommand(runList, [], json());
    expect(readDocument('list', answers).agents).toMatchObject([{ name: 'my_agent', health: 'healthy' }]);
    expect(talk).toBe('');
  });
});

describe('get', () => {
  it('shows everything the agent declares', async () => {
    const { answers } = await runCommand(runGet, ['my_agent'], here);
    for (const text of [
      'echo READ observe',
      'What to echo',
      'echo my text',
      'my_agent_guide',
      'api_key',
      'healthy',
    ])
      expect(answers).toContain(text);
    const document = readDocument('get', (await runCommand(runGet, ['my_agent'], json())).answers);
    expect(document).toMatchObject({ agent: { name: 'my_agent', actions: [{ id: 'echo' }, {}, {}] } });
  });

  it('names the nearest agent', async () => {
    const { code, talk } = await runCommand(runGet, ['my_agnet'], here);
    expect(code).toBe(2);
    expect(talk).toBe(
      'No agent named "my_agnet" is registered.\nDid you mean my_agent? Registered: my_agent.\n',
    );
    const { answers } = await runCommand(runGet, ['my_agnet'], json());
    expect(readDocument('error', answers)).toMatchObject({ error: { code: 'unknown-agent' } });
  });
});

describe('health', () => {
  it('asks the agent now, and ends with 1 when it is not well', async () => {
    const well = await runCommand(runHealth, ['my_agent'], json());
    expect(well.code).toBe(0);
    expect(readDocument('health', well.answers)).toMatchObject({ health: 'healthy' });
    plugin.unhealthy = new Error('the backend is gone');
    try {
      const ill = await runCommand(runHealth, ['my_agent'], json());
      expect(ill.code).toBe(1);
      expect(readDocument('health', ill.answers)).toMatchObject({
        health: 'unhealthy',
        instances: [{ message: 'the backend is gone' }],
      });
      const told = await runCommand(runHealth, ['my_agent'], here);
      expect(told.answers).toContain('the backend is gone');
      expect(told.talk).toBe('No instance of my_agent is healthy.\n');
    } finally {
      plugin.unhealthy = undefined;
    }
  });
});

describe('invoke', () => {
  it('prints the result, and takes params from flags, a file and stdin', async () => {
    const file = join(lab.folder, 'params.json');
    writeFileSync(file, '{"text":"from file","extra":{"n":[1]}}');
    const flags = { ...here, params: file, param: ['text=a=b'] };
    const { code, answers, talk } = await runCommand(runInvoke, ['echo'], flags);
    expect([code, talk]).toEqual([0, '']);
    expect(JSON.parse(answers)).toMatchObject({ text: 'a=b', extra: '{"n":[1]}', mode: 'GUIDED' });
    expect(answers).toMatch(/^\{\n {2}"/);
    const piped = await runCommand(
      runInvoke,
      ['echo'],
      { ...json(), params: '-' },
      { input: '{"text":"piped"}' },
    );
    expect(readDocument('invoke', piped.answers)).toMatchObject({ success: true, result: { text: 'piped' } });
  });

  it('takes a time range, a zone and a mode', async () => {
    const flags = { ...json(), param: ['text=x'], from: '2026-11-01', to: '2026-11-02', tz: 'Europe/Berlin' };
    const { answers } = await runCommand(runInvoke, ['echo'], { ...flags, mode: 'AUTONOMOUS' as const });
    expect(readDocument('invoke', answers).result).toMatchObject({
      mode: 'AUTONOMOUS',
      timeRange: { startEpochMs: Date.UTC(2026, 9, 31, 23), timezone: 'Europe/Berlin' },
    });
    const bad = await runCommand(runInvoke, ['echo'], { ...json(), param: ['text=x'], since: 'soonish' });
    expect(bad.code).toBe(2);
    readDocument('error', bad.answers);
  });

  it('a failed action is a document and 1; its text cannot reach the terminal', async () => {
    const failed = await runCommand(runInvoke, ['echo'], { ...here, param: ['text=fail'] });
    expect(failed).toMatchObject({ code: 1, answers: '', talk: 'the backend answered with status 503\n' });
    const document = await runCommand(runInvoke, ['echo'], { ...json(), param: ['text=fail'] });
    expect(document).toMatchObject({ code: 1, talk: '' });
    expect(readDocument('invoke', document.answers)).toMatchObject({ success: false, result: null });
  });

  it('never asks without a terminal', async () => {
    const { code, asked, talk } = await runCommand(runInvoke, ['echo'], here);
    expect([code, asked]).toEqual([2, []]);
    expect(talk).toContain('Missing required param text');
    const approve = await runCommand(runInvoke, ['restart'], { ...here, approve: true });
    expect(approve.code).toBe(2);
    expect(approve.talk).toContain('--approve');
    expect(lab.engine.approvals()).toEqual([]);
  });

  it('offers a form of what is missing on a terminal', async () => {
    const run = await runCommand(runInvoke, ['echo'], json(), { replies: { text: 'typed' } });
    expect(run.asked).toEqual(['text']);
    expect(readDocument('invoke', run.answers).result).toMatchObject({ text: 'typed' });
    const given = await runCommand(runInvoke, ['echo'], { ...json(), param: ['text=x'] }, { replies: {} });
    expect(given.asked).toEqual([]);
    const unknown = await runCommand(runInvoke, ['ecko'], here, { replies: {} });
    expect(unknown).toMatchObject({ code: 2, asked: [] });
    expect(unknown.talk).toContain('Did you mean echo? Offered: echo, wait, restart.');
  });

  it('keeps a request in the project and repeats it', async () => {
    const flags = { ...here, param: ['text=kept'], since: '2h', mode: 'AUTONOMOUS' as const };
    const saved = await runCommand(runInvoke, ['echo'], { ...flags, save: 'my-echo' });
    expect(saved.code).toBe(0);
    const file = join(lab.folder, '.mirastack/requests/my-echo.json');
    expect(saved.talk).toBe(`Saved as ${file}.\n`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      action: 'echo',
      params: { text: 'kept' },
      mode: 'AUTONOMOUS',
      time: { since: '2h' },
    });
    const again = await runCommand(runInvoke, [undefined], { ...json(), replay: 'my-echo' });
    expect(readDocument('invoke', again.answers).result).toMatchObject({ text: 'kept', mode: 'AUTONOMOUS' });
    const other = await runCommand(runInvoke, [undefined], {
      ...json(),
      replay: 'my-echo',
      param: ['text=new'],
    });
    expect(readDocument('invoke', other.answers).result).toMatchObject({ text: 'new' });
    const slip = await runCommand(runInvoke, [undefined], { ...here, replay: 'my-ecko' });
    expect(slip.code).toBe(2);
    expect(slip.talk).toContain('Did you mean my-echo? Saved: my-echo.');
    const outside = await runCommand(runInvoke, ['echo'], { ...flags, save: '../x' });
    expect(outside.code).toBe(2);
    mkdirSync(join(lab.folder, '.mirastack/requests'), { recursive: true });
    writeFileSync(join(lab.folder, '.mirastack/requests/bad.json'), '{"action":"echo"}');
    expect((await runCommand(runInvoke, [undefined], { ...here, replay: 'bad' })).code).toBe(2);
  });

  it('a cancelled one is cancelled at the agent', async () => {
    const stop = new AbortController();
    const before = plugin.cancelled.count;
    const run = runCommand(runInvoke, ['wait'], here, { signal: stop.signal });
    await vi.waitFor(() =>
      expect(lab.engine.history()[0]).toMatchObject({ action: 'wait', outcome: 'running' }),
    );
    stop.abort(new CancelledError('SIGINT'));
    expect(await run).toEqual({ code: 130, answers: '', talk: '', asked: [] });
    await vi.waitFor(() => expect(plugin.cancelled.count).toBe(before + 1), 5_000);
    expect(lab.engine.history()[0]).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('approvals', () => {
  const restart = (more: object = {}, options = {}) =>
    runCommand(runInvoke, ['restart'], { ...json(), param: ['service=db', 'force=true'], ...more }, options);
  const pending = async () => {
    await vi.waitFor(() => expect(lab.engine.approvals()[0]?.state).toBe('pending'), 5_000);
    return lab.engine.approvals()[0]?.id ?? '';
  };

  it('a change waits for the decision of another command, and says how to decide', async () => {
    let said: { readonly talk: string } = { talk: '' };
    const run = restart(
      { json: false },
      {
        onStart: (heard: typeof said) => {
          said = heard;
        },
      },
    );
    const id = await pending();
    await vi.waitFor(() => expect(said.talk).toContain(`mirastack-agent approval approve ${id}`), 5_000);
    const listed = await runCommand(runApprovalList, [], { ...here, all: false });
    expect(listed.answers).toContain(`${id} pending MODIFY`);
    const { answers } = await runCommand(runApprovalList, [], { ...json(), all: false });
    expect(readDocument('approval list', answers).approvals).toMatchObject([
      { id, params: { service: 'db' } },
    ]);
    expect((await runCommand(runApprovalShow, [id], here)).answers).toContain('param service  db\n');
    readDocument('approval show', (await runCommand(runApprovalShow, [id], json())).answers);
    const approved = await runCommand(runApprovalApprove, [id], { ...json(), comment: 'go on' });
    expect(readDocument('approval approve', approved.answers)).toMatchObject({
      approval: { state: 'approved', comment: 'go on' },
    });
    const { code, answers: result } = await run;
    expect([code, JSON.parse(result)]).toMatchObject([0, { service: 'db', force: 'true' }]);
    const again = await runCommand(runApprovalReject, [id], { ...here });
    expect(again.code).toBe(1);
    expect(again.talk).toContain('is used already');
  });

  it('a rejected one ends with 1 and the reason', async () => {
    const run = restart();
    const rejected = await runCommand(runApprovalReject, [await pending()], {
      ...json(),
      comment: 'not today',
    });
    readDocument('approval reject', rejected.answers);
    const { code, answers } = await run;
    expect(code).toBe(1);
    expect(readDocument('invoke', answers)).toMatchObject({
      success: false,
      error: expect.stringMatching(/was denied by .*: not today$/),
    });
  });

  it.each([
    ['approve', 0],
    ['reject', 1],
  ])('--approve asks in the same terminal: %s', async (decision, code) => {
    const run = await restart({ approve: true }, { replies: { decision } });
    expect([run.code, run.asked]).toEqual([code, ['decision']]);
    expect(run.talk).toContain('permission     MODIFY\n');
    readDocument('invoke', run.answers);
  });

  it('one that does not exist is a wrong usage', async () => {
    for (const body of [runApprovalShow, runApprovalApprove]) {
      const { code, talk } = await runCommand(body, ['apr_x'], here);
      expect([code, talk]).toEqual([2, expect.stringContaining('There is no request for approval "apr_x".')]);
    }
    expect((await runCommand(runApprovalList, [], { ...here, all: false })).talk).toBe(
      'Nothing waits for approval.\n',
    );
  });
});

describe('config', () => {
  it('shows settings, and a change reaches the agent while it runs', async () => {
    const { answers } = await runCommand(runConfig, ['my_agent'], here);
    expect(answers).toMatch(/^url +http:\/\/localhost +default +string +yes +Where it is$/m);
    readDocument('config', (await runCommand(runConfig, ['my_agent'], json())).answers);
    const set = await runCommand(runConfigSet, ['my_agent', 'url', 'http://new'], {
      ...json(),
      unset: false,
    });
    expect(readDocument('config-set', set.answers)).toMatchObject({
      key: 'url',
      answers: [{ acknowledged: true }],
    });
    expect(plugin.configs.at(-1)).toMatchObject({ url: 'http://new' });
    const unset = await runCommand(runConfigSet, ['my_agent', 'url'], { ...here, unset: true });
    expect(unset.answers).toMatch(/^my_agent \S+ took the change of url \(version \d+\)\n$/);
    expect(plugin.configs.at(-1)).toMatchObject({ url: 'http://localhost' });
  });

  it('a secret comes from stdin or a hidden question, and is never shown', async () => {
    const refused = await runCommand(runConfigSet, ['my_agent', 'api_key', 'S3CR3T'], {
      ...here,
      unset: false,
    });
    expect(refused.code).toBe(2);
    expect(refused.talk).not.toContain('S3CR3T');
    for (const given of [undefined, '-'])
      expect(
        (
          await runCommand(
            runConfigSet,
            ['my_agent', 'api_key', given],
            { ...json(), unset: false },
            { input: 'S3CR3T\n' },
          )
        ).code,
      ).toBe(0);
    expect(plugin.configs.at(-1)).toMatchObject({ api_key: 'S3CR3T' });
    const asked = await runCommand(
      runConfigSet,
      ['my_agent', 'api_key'],
      { ...here, unset: false },
      { replies: { api_key: 'typed' } },
    );
    expect(asked.asked).toEqual(['api_key']);
    expect(plugin.configs.at(-1)).toMatchObject({ api_key: 'typed' });
    const { answers } = await runCommand(runConfig, ['my_agent'], json());
    expect(answers).not.toMatch(/S3CR3T|typed/);
    expect((await runCommand(runConfig, ['my_agent'], here)).answers).toMatch(/^api_key +\*\*\* /m);
  });

  it('what the agent rejects ends with 1, what it does not know with 2', async () => {
    const rejected = await runCommand(runConfigSet, ['my_agent', 'url', 'reject'], {
      ...json(),
      unset: false,
    });
    expect(rejected.code).toBe(1);
    expect(readDocument('config-set', rejected.answers)).toMatchObject({
      answers: [{ error: 'url not usable' }],
    });
    await lab.client.setConfig('my_agent', 'url', null);
    const unknown = await runCommand(runConfigSet, ['my_agent', 'ulr', 'x'], { ...here, unset: false });
    expect(unknown.code).toBe(2);
    expect(unknown.talk).toContain('Did you mean url? It declares url, api_key.');
  });
});

describe('prompt', () => {
  it('lists, shows, changes and renders', async () => {
    expect((await runCommand(runPromptList, [], here)).answers).toContain('agent:my_agent');
    readDocument('prompt list', (await runCommand(runPromptList, [], json())).answers);
    expect((await runCommand(runPromptGet, ['my_agent_guide'], here)).answers).toBe(
      'Ask {{.name}} politely.\n',
    );
    const set = await runCommand(runPromptSet, ['my_agent_guide'], json(), { input: 'Hi {{.name}}\n' });
    expect(readDocument('prompt set', set.answers)).toMatchObject({
      prompt: { version: 2, source: 'operator' },
    });
    const first = await runCommand(runPromptGet, ['my_agent_guide'], { ...json(), promptVersion: 1 });
    expect(readDocument('prompt get', first.answers)).toMatchObject({ prompt: { version: 1 } });
    const rendered = await runCommand(runPromptRender, ['my_agent_guide'], { ...here, param: ['name=Ann'] });
    expect(rendered.answers).toBe('Hi Ann\n');
    const data = await runCommand(
      runPromptRender,
      ['my_agent_guide'],
      { ...json(), data: '-', promptVersion: 1 },
      { input: '{"name":"Bob"}' },
    );
    expect(readDocument('prompt render', data.answers)).toEqual({ text: 'Ask Bob politely.' });
    const bad = await runCommand(runPromptSet, ['my_agent_guide'], here, { input: '{{.name' });
    expect(bad.code).toBe(2);
    expect((await runCommand(runPromptGet, ['nothing'], here)).code).toBe(2);
  });
});

describe('intent', () => {
  it('lists intents and says who would be asked', async () => {
    expect((await runCommand(runIntentList, [], here)).answers).toMatch(/^my_agent echo +7 +echo my text$/m);
    readDocument('intent list', (await runCommand(runIntentList, [], json())).answers);
    const match = await runCommand(runIntentMatch, ['please', 'echo my text'], json());
    expect(readDocument('intent match', match.answers)).toMatchObject({
      candidates: [{ outcome: 'won', action: 'echo', start: 7 }],
    });
    expect((await runCommand(runIntentMatch, ['nothing of it'], here)).talk).toBe('No intent matches.\n');
  });
});

describe('cache', () => {
  it('sets and gets, bytes too', async () => {
    const set = await runCommand(runCacheSet, ['k', 'v\u001b[2J'], { ...json(), ttl: 60 });
    expect(readDocument('cache set', set.answers)).toEqual({ key: 'k', bytes: 5, ttlSeconds: 60 });
    expect((await runCommand(runCacheGet, ['k'], here)).answers).toBe('v\n');
    readDocument('cache get', (await runCommand(runCacheGet, ['k'], json())).answers);
    await runCommand(runCacheSet, ['b', '-'], here, { input: Buffer.from([0xff, 0x00]) });
    expect((await runCommand(runCacheGet, ['b'], here)).answers).toBe('/wA=\n');
    const none = await runCommand(runCacheGet, ['none'], json());
    expect(none.code).toBe(1);
    expect(readDocument('cache get', none.answers)).toEqual({ key: 'none', found: false });
  });
});

describe('history', () => {
  it('lists, shows by the beginning of an id, and repeats', async () => {
    await runCommand(runInvoke, ['echo'], { ...here, param: ['text=remember'], since: '1h' });
    const listed = await runCommand(runHistoryList, [], { ...here, limit: 1 });
    expect(listed.answers.split('\n')).toHaveLength(3);
    const { answers } = await runCommand(runHistoryList, [], { ...json(), limit: 1 });
    const executions = readDocument('history', answers).executions as { executionId: string }[];
    const id = executions[0]?.executionId.slice(0, 8) ?? '';
    expect(listed.answers).toContain(`${id} `);
    expect((await runCommand(runHistoryShow, [id], here)).answers).toContain('param text remember\n');
    const shown = await runCommand(runHistoryShow, [id], json());
    const { execution } = readDocument('history show', shown.answers) as unknown as {
      execution: { timeRange: object };
    };
    const repeated = await runCommand(runHistoryReplay, [id], json());
    expect(readDocument('history replay', repeated.answers).result).toMatchObject({
      text: 'remember',
      timeRange: execution.timeRange,
    });
    expect((await runCommand(runHistoryShow, ['zzzz'], here)).code).toBe(2);
  });
});

describe('call', () => {
  it('calls each of the five methods', async () => {
    for (const [method, request] of [
      ['Info', undefined],
      ['get-schema', undefined],
      ['HealthCheck', '{}'],
      ['execute', '{"action_id":"echo","params_json":{"text":"raw"}}'],
      ['ConfigUpdated', '{"config":{"url":"http://raw"},"version":9}'],
    ] as const) {
      const flags = { ...json(), ...(request === undefined ? {} : { request }) };
      const { code, answers } = await runCommand(runCall, ['my_agent', method], flags);
      expect([method, code]).toEqual([method, 0]);
      readDocument('call', answers);
    }
    expect(plugin.configs.at(-1)).toEqual({ url: 'http://raw' });
    const text = (await runCommand(runCall, ['my_agent', 'Info'], here)).answers;
    expect(JSON.parse(text)).toMatchObject({ name: 'my_agent' });
  });

  it('is no way around an approval', async () => {
    for (const request of [
      '{"action_id":"restart"}',
      '{"params_json":{"action":"restart"}}',
      '{"action_id":"echo","params_json":{"action":" restart "}}',
    ]) {
      const { code, answers } = await runCommand(runCall, ['my_agent', 'Execute'], { ...json(), request });
      expect(code).toBe(1);
      expect(readDocument('error', answers)).toMatchObject({ error: { code: 'needs-approval' } });
    }
  });

  it('says what is wrong with a word, a message or an instance', async () => {
    const slip = await runCommand(runCall, ['my_agent', 'Helth-Check'], here);
    expect(slip).toMatchObject({ code: 2, talk: expect.stringContaining('Did you mean HealthCheck?') });
    const bad = await runCommand(runCall, ['my_agent', 'Execute'], { ...here, request: '{"action_id":7}' });
    expect(bad).toMatchObject({ code: 2, talk: expect.stringContaining('action_id: expected a string') });
    expect((await runCommand(runCall, ['my_agent', 'Info'], { ...here, instance: 'x' })).code).toBe(2);
  });
});

describe('events', () => {
  it('shows what happened, one line each', async () => {
    const { answers } = await runCommand(runEvents, [], { ...here, follow: false });
    expect(answers).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ my_agent 1\.0\.0 registered from 127\.0\.0\.1:\d+$/m,
    );
    const document = readDocument(
      'events',
      (await runCommand(runEvents, [], { ...json(), follow: false })).answers,
    );
    const { events } = document as unknown as { events: { seq: number; type: string }[] };
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    const flags = { ...json(), follow: false, type: ['config-updated'], agent: 'my_agent' };
    const some = readDocument('events', (await runCommand(runEvents, [], flags)).answers);
    expect(new Set((some.events as { type: string }[]).map((event) => event.type))).toEqual(
      new Set(['config-updated']),
    );
  });

  it('follows until Ctrl-C, one document a line', async () => {
    const stop = new AbortController();
    let said = { answers: '' };
    const run = runCommand(
      runEvents,
      [],
      { ...json(), follow: true, since: 0 },
      {
        signal: stop.signal,
        onStart: (heard) => {
          said = heard;
        },
      },
    );
    const count = () => said.answers.split('\n').length - 1;
    await vi.waitFor(() => expect(count()).toBeGreaterThan(5), 5_000);
    await lab.client.invoke({ action: 'echo', params: { text: 'seen' } });
    await vi.waitFor(() => expect(said.answers).toContain('"text\\":\\"seen'), 5_000);
    stop.abort(new CancelledError('SIGINT'));
    expect((await run).code).toBe(130);
    for (const line of said.answers.trimEnd().split('\n')) readDocument('events --follow', `${line}\n`);
  });
});

describe('the documentation', () => {
  it('has no shape that was not compared', () => {
    expect(checkedShapes()).toEqual([...DOCUMENTED].sort());
  });
});
