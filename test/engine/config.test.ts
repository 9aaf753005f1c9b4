import { expect, test } from 'vitest';
import { expectedOfConfig } from '../../src/engine/config-value.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { OTHER_TENANT, startLab, TENANT } from './support.ts';

const CONFIGURED = {
  configParams: [
    { key: 'url', type: 'string', required: false, default: 'http://default', description: 'Where' },
    { key: 'token', type: 'string', required: false, description: 'Secret', isSecret: true },
    { key: 'retries', type: 'int', required: true, description: 'How often' },
    { key: 'pause', type: 'duration', required: false, default: '5s', description: 'How long' },
    { key: 'strict', type: 'bool', required: false, description: 'Whether' },
    { key: 'labels', type: 'json', required: false, description: 'Which' },
  ],
} as const;

test('defaults hold until an operator sets a value; secrets are masked for everybody but the agent', async () => {
  const plugin = createSamplePlugin({ info: CONFIGURED });
  const lab = await startLab();
  await lab.launch(plugin);
  expect(lab.of('warning').map((event) => event.message)).toEqual([
    'my_agent needs the configuration retries, which has no value yet',
  ]);
  const change = await lab.engine.setConfig('my_agent', 'token', 'S3CR3T-canary');
  expect(change).toMatchObject({ version: 2, answers: [{ acknowledged: true, error: '' }] });
  expect(plugin.configs).toEqual([{ url: 'http://default', pause: '5s', token: 'S3CR3T-canary' }]);
  const view = lab.engine.config('my_agent');
  expect(view).toMatchObject({ version: 2 });
  expect(view.entries.map(({ path, value, source }) => [path, value, source])).toEqual([
    ['plugin.my_agent.url', 'http://default', 'default'],
    ['plugin.my_agent.token', '***', 'operator'],
    ['plugin.my_agent.retries', '', 'unset'],
    ['plugin.my_agent.pause', '5s', 'default'],
    ['plugin.my_agent.strict', '', 'unset'],
    ['plugin.my_agent.labels', '', 'unset'],
  ]);
  expect(JSON.stringify([lab.events, view])).not.toContain('S3CR3T');
});

test('a change goes to every instance with a growing version; GetConfig says the same, for Python too', async () => {
  const plugins = [createSamplePlugin({ info: CONFIGURED }), createSamplePlugin({ info: CONFIGURED })];
  const lab = await startLab();
  for (const plugin of plugins) await lab.launch(plugin);
  const versions = [];
  for (const value of ['1', '2', '3'])
    versions.push((await lab.engine.setConfig('my_agent', 'retries', value)).version);
  expect(versions).toEqual([2, 3, 4]);
  for (const plugin of plugins)
    expect(plugin.configs.map((config) => config.retries)).toEqual(['1', '2', '3']);
  const reply = await lab.as('my_agent').call('GetConfig', { plugin_name: 'my_agent', tenant_id: TENANT });
  const expected = { url: 'http://default', retries: '3', pause: '5s' };
  expect({ ...reply.config }).toEqual(expected);
  expect(JSON.parse(reply.config_json)).toEqual(expected);
  expect(Number(reply.version)).toBe(4);
  await lab.engine.setConfig('my_agent', 'url', 'http://mine');
  await lab.engine.setConfig('my_agent', 'url', undefined);
  expect(plugins[0]?.configs.at(-1)?.url).toBe('http://default');
});

test('an agent that refuses a change is reported with its reason', async () => {
  const lab = await startLab();
  await lab.launch(createSamplePlugin({ info: CONFIGURED }));
  expect(await lab.engine.setConfig('my_agent', 'url', 'reject')).toMatchObject({
    answers: [{ acknowledged: false, error: 'url not usable' }],
  });
  expect(lab.of('config-updated')).toMatchObject([{ agent: 'my_agent', key: 'url' }]);
});

test.each([
  ['nope', 'x', 'unknown-config-key', 'my_agent declares no configuration key "nope".'],
  [
    'retries',
    '1.5',
    'bad-config-value',
    '"1.5" is no value for retries of my_agent: expected a whole number.',
  ],
  ['retries', '9223372036854775808', 'bad-config-value', expect.stringContaining('a whole number')],
  ['strict', 'yes', 'bad-config-value', expect.stringContaining('expected true or false')],
  ['pause', '5 minutes', 'bad-config-value', expect.stringContaining('expected a duration such as 30s')],
  ['labels', '{', 'bad-config-value', expect.stringContaining('expected JSON')],
])('%s = %s is refused, and nothing is pushed', async (key, value, code, message) => {
  const plugin = createSamplePlugin({ info: CONFIGURED });
  const lab = await startLab();
  await lab.launch(plugin);
  await expect(lab.engine.setConfig('my_agent', key, value)).rejects.toMatchObject({
    kind: 'usage',
    code,
    message,
  });
  expect(plugin.configs).toEqual([]);
});

test.each([
  ['pause', '1h30m'],
  ['pause', '-1.5h'],
  ['retries', '-9223372036854775808'],
  ['labels', '[1,{"a":null}]'],
])('%s = %s is taken', async (key, value) => {
  const plugin = createSamplePlugin({ info: CONFIGURED });
  const lab = await startLab();
  await lab.launch(plugin);
  await lab.engine.setConfig('my_agent', key, value);
  expect(plugin.configs.at(-1)?.[key]).toBe(value);
});

test('nobody reads the configuration of another agent or tenant', async () => {
  const lab = await startLab({ tenantIds: [TENANT, OTHER_TENANT] });
  await lab.launch(createSamplePlugin({ info: CONFIGURED }));
  const denied = { status: 'PERMISSION_DENIED' };
  const read = (as: string | undefined, plugin_name: string, tenant_id: string) =>
    lab.as(as).call('GetConfig', { plugin_name, tenant_id });
  await expect(read('thief', 'my_agent', TENANT)).rejects.toMatchObject(denied);
  await expect(read('my_agent', 'my_agent', OTHER_TENANT)).rejects.toMatchObject(denied);
  await expect(read('my_agent', 'my_agent', 'nobody')).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining('is not active'),
  });
  await expect(read('my_agent', 'my_agent', '')).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
  expect(lab.of('refused').map((event) => event.method)).toEqual(['GetConfig', 'GetConfig', 'GetConfig']);
});

test('changes of one agent go out one after the other; one that hangs holds up no other agent', async () => {
  const taken: (string | undefined)[] = [];
  let release: () => void = () => undefined;
  const first = new Promise<void>((resolve) => (release = resolve));
  const slow = createSamplePlugin({ info: { ...CONFIGURED, name: 'slow_agent' } });
  Object.assign(slow, {
    configUpdated: async ({ retries }: Record<string, string>) => {
      if (retries === '1') await first;
      taken.push(retries);
    },
  });
  const lab = await startLab();
  await lab.launch(slow);
  await lab.launch(createSamplePlugin({ info: CONFIGURED }));
  const changes = ['1', '2'].map((value) => lab.engine.setConfig('slow_agent', 'retries', value));
  await lab.engine.setConfig('my_agent', 'retries', '7');
  expect(taken).toEqual([]);
  release();
  expect((await Promise.all(changes)).map((change) => change.version)).toEqual([2, 3]);
  expect(taken).toEqual(['1', '2']);
});

test('a default that is not of its type is told', async () => {
  const lab = await startLab();
  const param = { key: 'n', type: 'int', required: false, description: 'd', default: 'abc' } as const;
  await lab.launch(createSamplePlugin({ info: { configParams: [param] } }));
  expect(lab.of('warning').map((event) => event.message)).toEqual([
    'the value of n of my_agent is not a whole number, as its type int asks',
  ]);
});

test('a duration of thousands of zeros is refused at once', () => {
  expect(expectedOfConfig('duration', `${'0'.repeat(100_000)}x`)).toContain('a duration');
  expect(expectedOfConfig('duration', `${'1h'.repeat(40)}`)).toContain('a duration');
  expect(expectedOfConfig('duration', '0')).toBeUndefined();
  expect(expectedOfConfig('duration', '00x')).toContain('a duration');
});
