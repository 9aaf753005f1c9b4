import { expect, test } from 'vitest';
import { defineAction, definePlugin, GateError } from '../../src/runtime/index.ts';
import { createTestHarness } from '../../src/runtime/testing/index.ts';

const action = defineAction({
  id: 'restart',
  description: 'Restart a service. WARNING: it is down for a moment.',
  permission: 'MODIFY',
  stages: ['operate'],
  params: { name: { type: 'string', required: true, description: 'Which' } },
  handle: async ({ name }, { engineClient, executionId }) => {
    const known = await engineClient.cacheGetText(`service:${name}`);
    const { approved } = await engineClient.requestApproval({
      executionId,
      description: `restart ${name}?`,
      permission: 'MODIFY',
    });
    if (!approved) throw new Error('not approved');
    await engineClient.cacheSet('last', name, 60);
    const answer = await engineClient.callPlugin('other_agent', { q: 1 }, { actionId: 'look' });
    const { url } = await engineClient.getConfig();
    return { known: known ?? null, answer, url: url ?? null };
  },
});
const plugin = definePlugin({
  name: 'my_agent',
  version: '1.0.0',
  description: 'Restarts',
  permission: 'MODIFY',
  devopsStages: ['operate'],
  actions: [action],
  healthCheck: () => undefined,
});

test('a plugin runs on a scripted engine, without a port, and what it asked can be asserted', async () => {
  const { execute, engine } = await createTestHarness(plugin, {
    cache: { 'service:db': 'known' },
    config: { url: 'http://x' },
    plugins: { other_agent: (params) => ({ saw: JSON.stringify(params), n: 1e21 }) },
  });
  expect(await execute('restart', { name: 'db' })).toEqual({
    known: 'known',
    answer: { saw: '{"q":1,"action":"look"}', n: '1000000000000000000000' },
    url: 'http://x',
  });
  expect(engine.calls.map(({ method }) => method)).toEqual([
    'CacheGet',
    'RequestApproval',
    'CacheSet',
    'CallPlugin',
    'GetConfig',
  ]);
  expect(engine.requests('CacheSet')).toMatchObject([{ key: 'last', ttl_seconds: 60 }]);
  expect(engine.cached('last')).toBe('db');
});

test('approvals are decided by the script', async () => {
  const asked: unknown[] = [];
  const approve = (request: { description: string; permission: string }) => {
    asked.push(request);
    return false;
  };
  const { execute } = await createTestHarness(plugin, { approve });
  await expect(execute('restart', { name: 'db' })).rejects.toThrow('not approved');
  expect(asked).toEqual([{ description: 'restart db?', permission: 'MODIFY' }]);
});

test('an agent that is not scripted is refused, a broken gate too', async () => {
  await expect((await createTestHarness(plugin)).execute('restart', { name: 'db' })).rejects.toMatchObject({
    status: 'PERMISSION_DENIED',
  });
  await expect(
    createTestHarness({
      ...plugin,
      info: () => ({ ...(plugin.info() as never as object), version: '' }) as never,
    }),
  ).rejects.toThrow(GateError);
});
