import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  defineAction,
  definePlugin,
  type JsonValue,
  respondError,
  respondJson,
  respondRaw,
} from '../../src/runtime/index.ts';
import { createTestHarness } from '../../src/runtime/testing/index.ts';

const search = defineAction({
  id: 'search',
  description: 'Search the items. Use this when you need to find one by its words.',
  permission: 'READ',
  stages: ['observe'],
  params: {
    text: { type: 'string', required: true, description: 'What to look for' },
    limit: { type: 'number', required: false, description: 'How many at most' },
    exact: { type: 'boolean', required: false, description: 'Whole words only' },
    filter: { type: 'json', required: true, description: 'More conditions' },
    note: { type: 'string', required: false, description: 'Anything' },
  },
  handle: (params) => {
    expectTypeOf(params.text).toEqualTypeOf<string>();
    expectTypeOf(params.limit).toEqualTypeOf<number | undefined>();
    expectTypeOf(params.exact).toEqualTypeOf<boolean | undefined>();
    expectTypeOf(params.filter).toEqualTypeOf<JsonValue>();
    return {
      text: params.text,
      limit: params.limit ?? null,
      exact: params.exact ?? null,
      filter: params.filter,
      note: params.note ?? null,
    };
  },
});

const plain = (id: string, handle: () => unknown) =>
  defineAction({
    id,
    description: 'd',
    permission: 'READ',
    stages: ['observe'],
    handle: handle as () => JsonValue,
  });

const plugin = definePlugin({
  name: 'my_agent',
  version: '1.0.0',
  description: 'Searches',
  permission: 'READ',
  devopsStages: ['observe'],
  actions: [
    search,
    plain('own_output', () => ({ output: 1 })),
    plain('error', () => respondError('soft failure')),
    plain('json', () => respondJson({ at: new Date(0) })),
    plain('raw', () => respondRaw(Buffer.from('[1, 2]'))),
    plain('nothing', () => undefined),
  ],
  healthCheck: () => undefined,
});

test('one declaration feeds info, schema and dispatch', async () => {
  const info = await plugin.info();
  expect((await plugin.schema()).actions).toBe(info.actions);
  expect(info.actions[0]).toMatchObject({
    id: 'search',
    inputParams: [
      { name: 'text', type: 'string', required: true, description: 'What to look for' },
      { name: 'limit', type: 'number', required: false },
      { name: 'exact' },
      { name: 'filter' },
      { name: 'note' },
    ],
  });
});

describe('params', () => {
  test('arrive typed', async () => {
    const { execute } = await createTestHarness(plugin);
    expect(
      await execute('search', { text: 'x', limit: '2.5', exact: 'true', filter: '{"a":[1]}', note: '' }),
    ).toEqual({ text: 'x', limit: 2.5, exact: true, filter: { a: [1] }, note: '' });
    expect(await execute('search', { text: 'x', limit: '', exact: '', filter: 'null' })).toEqual({
      text: 'x',
      limit: null,
      exact: null,
      filter: null,
      note: null,
    });
  });

  test.each([
    [{}, 'missing required param: text; missing required param: filter'],
    [{ text: '', filter: '1' }, 'missing required param: text'],
    [{ text: 'x', filter: '{' }, 'param filter: expected JSON, got "{"'],
    [
      { text: 'x', filter: '1', limit: 'many', exact: 'yes' },
      'param limit: expected a number, got "many"; param exact: expected true or false, got "yes"',
    ],
    [{ text: 'x', filter: '1', limit: '0x10' }, 'param limit: expected a number, got "0x10"'],
    [{ text: 'x', filter: '1', limit: '1e999' }, 'param limit: expected a number, got "1e999"'],
  ])('%j never reach the handler', async (params, message) => {
    const { execute } = await createTestHarness(plugin);
    await expect(execute('search', params as Record<string, string>)).rejects.toThrow(message);
  });
});

test.each([
  ['own_output', { output: 1 }],
  ['error', { error: 'soft failure' }],
  ['json', { at: '1970-01-01T00:00:00.000Z' }],
  ['raw', [1, 2]],
])('%s is answered as meant', async (id, output) => {
  expect(await (await createTestHarness(plugin)).execute(id)).toEqual(output);
});

test('no output and an unknown action are errors', async () => {
  const { execute } = await createTestHarness(plugin);
  await expect(execute('nothing')).rejects.toThrow('action nothing returned no output');
  await expect(execute('nope')).rejects.toThrow('unknown action "nope"');
  expect(() => respondJson(undefined)).toThrow(TypeError);
});
