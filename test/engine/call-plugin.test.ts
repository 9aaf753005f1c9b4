import { describe, expect, test } from 'vitest';
import type { EngineOptions } from '../../src/engine/index.ts';
import { createSamplePlugin, SAMPLE_INFO } from '../support/sample-plugin.ts';
import { OTHER_TENANT, startLab, TENANT } from './support.ts';

/** An agent that hands on what it is asked to another one, and what came of it. */
function createCaller(options: { target?: string; action?: string } = {}) {
  return createSamplePlugin({
    info: { name: 'caller_agent' },
    execute: async (request) => {
      const { target = 'my_agent', action = 'echo' } = options;
      const output = await request.engineClient.callPluginJson(
        target,
        { text: request.params.text ?? '', extra: [1, { a: null }] },
        { actionId: action, ...(request.timeRange === undefined ? {} : { timeRange: request.timeRange }) },
      );
      return { output };
    },
  });
}

async function startPair(options: Partial<EngineOptions> = {}, callee = createSamplePlugin()) {
  const lab = await startLab(options);
  await lab.launch(callee);
  return { lab, callee };
}

const ask = (lab: Awaited<ReturnType<typeof startLab>>, fields: object = {}) =>
  lab.engine.invoke({ agent: 'caller_agent', action: 'echo', params: { text: 'hello' }, ...fields });

test('an agent calls another: strings, the action both ways, the time range unchanged', async () => {
  const { lab, callee } = await startPair();
  await lab.launch(createCaller());
  const timeRange = {
    startEpochMs: 5,
    endEpochMs: 6,
    timezone: 'Asia/Kolkata',
    originalExpression: 'long ago',
  };
  const result = await ask(lab, { timeRange });
  expect(JSON.parse(result.resultJson)).toEqual({
    action: 'echo',
    params: { text: 'hello', extra: '[1,{"a":null}]', action: 'echo' },
  });
  expect(callee.executed[0]).toMatchObject({ tenantId: TENANT, timeRange });
  expect(lab.engine.history().map(({ agent, caller, outcome }) => ({ agent, caller, outcome }))).toEqual([
    { agent: 'my_agent', caller: 'caller_agent', outcome: 'succeeded' },
    { agent: 'caller_agent', outcome: 'succeeded' },
  ]);
});

describe('what the called agent makes of it comes back', () => {
  test('its failure, as an error that names it', async () => {
    const callee = createSamplePlugin({
      execute: () => {
        throw new Error('backend down');
      },
    });
    const { lab } = await startPair({}, callee);
    await lab.launch(createCaller());
    expect(await ask(lab)).toMatchObject({
      success: false,
      error: 'plugin "my_agent" returned error: backend down',
    });
  });

  test.each([
    [
      'an unknown action',
      { action: 'nope' },
      'plugin "my_agent" returned error: unknown action "nope": it offers echo, restart',
    ],
    [
      'an unknown agent',
      { target: 'nobody' },
      expect.stringContaining('plugin "nobody" is not registered for this tenant'),
    ],
  ])('%s', async (_what, options, error) => {
    const { lab } = await startPair();
    await lab.launch(createCaller(options));
    expect(await ask(lab)).toMatchObject({ success: false, error });
  });
});

test('the agent of another tenant is out of reach', async () => {
  const { lab } = await startPair({ tenantIds: [TENANT, OTHER_TENANT] });
  await lab.launch(createCaller(), { MIRASTACK_PLUGIN_TENANT_ID: OTHER_TENANT });
  const result = await lab.engine.invoke({ agent: 'caller_agent', action: 'echo', params: { text: 'x' } });
  expect(result).toMatchObject({
    success: false,
    error: expect.stringContaining('is not registered for this tenant'),
  });
  expect(lab.of('refused')).toMatchObject([{ agent: 'caller_agent', method: 'CallPlugin' }]);
});

describe('a READ agent that calls what changes something (faults.md T9)', () => {
  const ADMIN = {
    actions: [
      ...SAMPLE_INFO.actions.slice(0, 1),
      {
        ...(SAMPLE_INFO.actions[0] as (typeof SAMPLE_INFO.actions)[number]),
        id: 'wipe',
        permission: 'ADMIN' as const,
      },
    ],
  };

  test('is stopped by the gate of the target', async () => {
    const callee = createSamplePlugin({ info: ADMIN });
    const { lab } = await startPair(
      { policy: { rules: [{ permission: 'ADMIN', decision: 'deny' }] } },
      callee,
    );
    await lab.launch(createCaller({ action: 'wipe' }));
    expect(await ask(lab)).toMatchObject({
      success: false,
      error: expect.stringContaining('wipe of my_agent was denied by policy'),
    });
    expect(callee.executed).toEqual([]);
    expect(lab.of('refused')).toMatchObject([
      { agent: 'caller_agent', method: 'CallPlugin', reason: 'wipe of my_agent was denied by policy' },
    ]);
  });

  test('runs once a human has seen who calls what', async () => {
    const callee = createSamplePlugin({ info: ADMIN });
    const { lab } = await startPair({}, callee);
    await lab.launch(createCaller({ action: 'wipe' }));
    const running = ask(lab);
    const find = () => lab.engine.approvals().find((item) => item.state === 'pending');
    await expect.poll(find).toMatchObject({
      agent: 'my_agent',
      action: 'wipe',
      permission: 'ADMIN',
      caller: 'caller_agent',
    });
    await lab.engine.decide(find()?.id ?? '', { approved: true, reviewer: 'ada' });
    expect(await running).toMatchObject({ success: true });
    expect(callee.executed).toHaveLength(1);
  });
});

test('a target with a colon or without a name is refused with the SDK\u2019s own words', async () => {
  const { lab } = await startPair();
  const call = (target_plugin: string) =>
    lab
      .as('caller_agent')
      .call('CallPlugin', { caller_plugin: 'caller_agent', target_plugin, tenant_id: TENANT });
  await expect(call('a:b')).rejects.toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: 'target plugin "a:b" is invalid: pass plugin name only and set action in params',
  });
  await expect(call(' ')).rejects.toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: 'target plugin is required',
  });
});

test('agents that call themselves in a circle meet an end', async () => {
  const lab = await startLab();
  const plugin = createSamplePlugin({
    info: { name: 'caller_agent' },
    execute: async (request) => ({
      output: await request.engineClient.callPluginJson(
        'caller_agent',
        { text: 'again' },
        { actionId: 'echo' },
      ),
    }),
  });
  await lab.launch(plugin);
  expect(await ask(lab)).toMatchObject({
    success: false,
    error: expect.stringContaining('More than 128 calls of caller_agent are running'),
  });
  expect(plugin.executed.length).toBeLessThanOrEqual(129);
});

test('integers beyond 2^53 keep every digit, alone and inside JSON', async () => {
  const { lab, callee } = await startPair();
  await lab.as('caller_agent').call('CallPlugin', {
    caller_plugin: 'caller_agent',
    target_plugin: 'my_agent',
    params_json: Buffer.from('{"action":"echo","text":9007199254740993,"extra":{"id":9223372036854775807}}'),
    tenant_id: TENANT,
  });
  expect(callee.executed[0]?.params).toEqual({
    action: 'echo',
    text: '9007199254740993',
    extra: '{"id":9223372036854775807}',
  });
});

test('a param that is not known is refused with the known ones, in the words its author reads', async () => {
  const { lab } = await startPair();
  const reply = await lab.as('caller_agent').call('CallPlugin', {
    caller_plugin: 'caller_agent',
    target_plugin: 'my_agent',
    params_json: Buffer.from('{"action":"echo","txt":"x"}'),
    tenant_id: TENANT,
  });
  expect(reply.error).toBe('Unknown param txt for the action echo of my_agent. It takes text, extra.');
});

test('a param called action is the engine\u2019s: its agent is told, and nobody is asked for it', async () => {
  const [echo] = SAMPLE_INFO.actions;
  const action = { name: 'action', type: 'string' as const, required: true, description: 'Which' };
  const callee = createSamplePlugin({ info: { actions: [{ ...echo, inputParams: [action] } as never] } });
  const { lab } = await startPair({}, callee);
  expect(lab.of('warning').map((event) => event.message)).toEqual([
    "my_agent: the param action of echo is never asked for: the engine sends the action's id in it",
  ]);
  await expect(
    lab.engine.invoke({ action: 'echo', params: { action: 'format-disk' } }),
  ).rejects.toMatchObject({ code: 'unknown-param' });
  await lab.engine.invoke({ action: 'echo', params: {} });
  expect(callee.executed[0]?.params).toEqual({ action: 'echo' });
});
