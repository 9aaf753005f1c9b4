import { describe, expect, test } from 'vitest';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { OTHER_TENANT, startLab, TENANT } from './support.ts';

const tenant = { tenant_id: TENANT };

describe('cache', () => {
  test('binary values come back as they went, a miss is no empty value, batches keep their order', async () => {
    const lab = await startLab();
    const client = lab.as('my_agent');
    const bytes = Buffer.from([0x76, 0x00, 0xff]);
    await client.call('CacheSet', { key: 'a', value: bytes, ttl_seconds: 0, ...tenant });
    await client.call('CacheSet', { key: 'empty', value: Buffer.alloc(0), ttl_seconds: 60, ...tenant });
    const got = await client.call('CacheGet', { key: 'a', ...tenant });
    expect(got.found).toBe(true);
    expect(Buffer.from(got.value)).toEqual(bytes);
    expect(await client.call('CacheGet', { key: 'empty', ...tenant })).toMatchObject({ found: true });
    expect(await client.call('CacheGet', { key: 'miss', ...tenant })).toMatchObject({ found: false });
    const { entries } = await client.call('CacheGetBatch', { keys: ['miss', 'a', 'a'], ...tenant });
    expect(entries.map(({ key, found }) => [key, found])).toEqual([
      ['miss', false],
      ['a', true],
      ['a', true],
    ]);
    expect(await lab.engine.cacheGet('a')).toEqual(new Uint8Array(bytes));
  });

  test('tenants do not see each other\u2019s values', async () => {
    const lab = await startLab({ tenantIds: [TENANT, OTHER_TENANT] });
    await lab.as().call('CacheSet', { key: 'k', value: Buffer.from('x'), ttl_seconds: 0, ...tenant });
    expect(await lab.as().call('CacheGet', { key: 'k', tenant_id: OTHER_TENANT })).toMatchObject({
      found: false,
    });
    await lab.launch();
    await expect(
      lab.as('my_agent').call('CacheGet', { key: 'k', tenant_id: OTHER_TENANT }),
    ).rejects.toMatchObject({ status: 'PERMISSION_DENIED' });
  });

  test('a negative time to live and a value beyond the limit are refused by name', async () => {
    const lab = await startLab();
    const set = (fields: object) =>
      lab
        .as('a')
        .call('CacheSet', { key: 'k', value: Buffer.from('x'), ttl_seconds: 0, ...tenant, ...fields });
    await expect(set({ ttl_seconds: -1 })).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'ttl_seconds: -1 is negative, 0 means no expiry',
    });
    await expect(set({ value: Buffer.alloc(17 * 1024 * 1024) })).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
  });
});

test('KPIs come from the file, of the own tenant, filtered, with exactly the keys that Python reads', async () => {
  const kpi = (id: string, fields: object) => ({
    id,
    tenantId: TENANT,
    name: id,
    query: '',
    integrationId: '',
    kind: 'business',
    layer: 'gold',
    sentiment: 'negative',
    classifier: '',
    definition: '',
    createdAt: 1,
    updatedAt: 2,
    ...fields,
  });
  const lab = await startLab({
    tenantIds: [TENANT, OTHER_TENANT],
    kpis: [kpi('a', {}), kpi('b', { kind: 'technical' }), kpi('c', { tenantId: OTHER_TENANT })],
  });
  const client = lab.as('my_agent');
  const ids = async (fields: object) =>
    (await client.call('ListKPIs', { ...tenant, ...fields })).kpis.map((item) => item.id);
  expect(await ids({})).toEqual(['a', 'b']);
  expect(await ids({ kind: 'technical' })).toEqual(['b']);
  expect(await ids({ layer: 'silver' })).toEqual([]);
  expect((await client.call('GetKPI', { ...tenant, kpi_id: 'a' })).kpi).toMatchObject({
    id: 'a',
    created_at: 1,
  });
  expect((await client.call('GetKPI', { ...tenant, kpi_id: 'c' })).kpi).toBeUndefined();
  lab.engine.setKpis([]);
  expect(await ids({})).toEqual([]);
});

describe('LogEvent and PublishResult', () => {
  test('are kept: the event with its fields, the result with its execution', async () => {
    const plugin = createSamplePlugin({
      execute: async (request) => {
        await request.engineClient.logEvent('warn', 'half way', { step: 1 });
        await request.engineClient.publishResult(request.executionId, { part: 1 });
        return { output: 'all' };
      },
    });
    const lab = await startLab();
    await lab.launch(plugin);
    const { executionId } = await lab.engine.invoke({ action: 'echo', params: { text: 'x' } });
    expect(lab.of('logged')).toMatchObject([
      { agent: 'my_agent', severity: 'warn', message: 'half way', dataJson: '{"step":1}' },
    ]);
    expect(lab.of('published')).toMatchObject([{ executionId, resultJson: '{"part":1}' }]);
    expect(lab.engine.execution(executionId)).toMatchObject({
      published: ['{"part":1}'],
      resultJson: '"all"',
    });
  });

  test('a result of somebody else\u2019s execution is not kept, and said', async () => {
    const lab = await startLab();
    const reply = await lab.as('thief').call('PublishResult', {
      execution_id: 'e-9',
      result_json: Buffer.from('1'),
      success: true,
      ...tenant,
    });
    expect(reply).toEqual({ acknowledged: true });
    expect(lab.of('published')).toEqual([]);
    expect(lab.of('warning')[0]?.message).toBe(
      'thief published a result of "e-9", which is no execution of its own',
    );
  });

  test('large fields and names that are not the caller\u2019s are refused', async () => {
    const lab = await startLab();
    const log = (as: string, fields: object) =>
      lab
        .as(as)
        .call('LogEvent', { plugin_name: 'a', event_type: 'x', severity: 'info', ...tenant, ...fields });
    await expect(log('a', { data_json: Buffer.from(`"${'x'.repeat(70_000)}"`) })).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    await expect(log('b', {})).rejects.toMatchObject({ status: 'PERMISSION_DENIED' });
    await expect(log('a', { data_json: Buffer.from('{') })).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
  });

  test('a flood is cut off, for its sender alone', async () => {
    const lab = await startLab();
    await lab.launch();
    // Names cost nothing: those that are not registered share what one may write.
    const strangers = ['noisy', 'loud'].map((name) => ({ name, client: lab.as(name) }));
    const statuses = await Promise.all(
      Array.from({ length: 3_000 }, (_, index) =>
        (strangers[index % 2] as (typeof strangers)[number]).client
          .call('LogEvent', {
            plugin_name: strangers[index % 2]?.name ?? '',
            event_type: `${index}`,
            severity: 'info',
            ...tenant,
          })
          .then(
            () => 'OK',
            (error: { status: string }) => error.status,
          ),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set(['OK', 'RESOURCE_EXHAUSTED']));
    expect(statuses.filter((status) => status === 'OK').length).toBeGreaterThanOrEqual(2_000);
    expect(
      await lab.as('my_agent').call('LogEvent', { plugin_name: 'my_agent', event_type: 'x', ...tenant }),
    ).toEqual({
      acknowledged: true,
    });
    expect(lab.of('warning')).toHaveLength(1);
  });
});

test('events are numbered, timed and kept for who comes late', async () => {
  const lab = await startLab();
  for (let index = 0; index < 5; index++)
    await lab.as('a').call('LogEvent', { plugin_name: 'a', event_type: `${index}`, ...tenant });
  expect(lab.events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5]);
  expect(lab.engine.eventsSince(3)).toEqual(lab.events.slice(3));
  expect(Math.abs(Date.now() - (lab.events[0]?.atMs ?? 0))).toBeLessThan(60_000);
});
