import { describe, expect, test } from 'vitest';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { infoOf, register, serveHostile, serveHuge } from './hostile-agent.ts';
import { type EngineLab, startLab, TENANT } from './support.ts';

const MIB = 1024 * 1024;
const statusOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'OK',
    (error: { status: string }) => error.status,
  );

/** That the other agents do not notice: one of them is executed, and asks the engine for something. */
async function expectOthersServed(lab: EngineLab): Promise<void> {
  const result = await lab.engine.invoke({
    agent: 'my_agent',
    action: 'echo',
    params: { text: 'still here' },
  });
  expect(result).toMatchObject({ success: true });
  const tenant = { tenant_id: TENANT };
  await lab.as('my_agent').call('CacheSet', { key: 'k', value: Buffer.from('v'), ttl_seconds: 0, ...tenant });
  expect(await lab.as('my_agent').call('CacheGet', { key: 'k', ...tenant })).toMatchObject({ found: true });
}

async function startWithGoodAgent(): Promise<EngineLab> {
  const lab = await startLab();
  await lab.launch(createSamplePlugin());
  return lab;
}

describe('a hostile agent that registers', () => {
  const TOO_LARGE = {
    success: false,
    error: 'its answer to Info or GetSchema is larger than 4 MiB, the most that is taken',
  };

  test('an Info of 100 MiB is refused when its length is known: the rest is not taken', async () => {
    const lab = await startWithGoodAgent();
    const agent = await serveHuge();
    expect(await register(lab.as('evil'), 'evil', agent.address)).toMatchObject(TOO_LARGE);
    await expectOthersServed(lab);
    expect(agent.sentBytes()).toBeGreaterThan(0);
    // What is in buffers on the way, and no more.
    expect(agent.sentBytes()).toBeLessThan(4 * MIB);
    expect(lab.engine.agents().map((item) => item.name)).toEqual(['my_agent']);
  });

  test('a schema just beyond 4 MiB is refused in one sentence, one within is taken', async () => {
    const lab = await startWithGoodAgent();
    const schema = (size: number) => ({ body: `{"actions":[],"x":"${'x'.repeat(size)}"}` });
    for (const [size, expected] of [
      [4 * MIB, TOO_LARGE],
      [4 * MIB - 100, { success: true }],
    ] as const) {
      const agent = await serveHostile('evil', { GetSchema: () => schema(size) });
      expect(await register(lab.as('evil'), 'evil', `127.0.0.1:${agent.port}`)).toMatchObject(expected);
    }
    await expectOthersServed(lab);
  });

  test('one whose Info never comes is told so before its own patience ends, and holds nobody up', async () => {
    const lab = await startWithGoodAgent();
    const silent = await Promise.all(
      Array.from({ length: 20 }, () => serveHostile('evil', { Info: () => new Promise(() => {}) })),
    );
    const startedAt = performance.now();
    // More of them than are asked side by side.
    const attempts = silent.map(({ port }, index) =>
      register(lab.as(`evil_${index}`), `evil_${index}`, `127.0.0.1:${port}`),
    );
    const good = await serveHostile('newcomer');
    expect(await register(lab.as('newcomer'), 'newcomer', `127.0.0.1:${good.port}`)).toMatchObject({
      success: true,
    });
    await expectOthersServed(lab);
    for (const reply of await Promise.all(attempts))
      expect(reply).toMatchObject({
        success: false,
        error: expect.stringMatching(/^the engine cannot reach it at .*no answer within \d+ ms/),
      });
    // SDKs wait 10 s for the answer to RegisterPlugin.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  }, 20_000);

  test('of 10,000 intents 1,000 are taken, and its author hears of the rest', async () => {
    const lab = await startWithGoodAgent();
    const default_intents = Array.from({ length: 10_000 }, (_, index) => ({
      pattern: `phrase ${index} end`,
      priority: 9,
    }));
    const agent = await serveHostile('evil', { Info: () => ({ body: infoOf('evil', { default_intents }) }) });
    expect(await register(lab.as('evil'), 'evil', `127.0.0.1:${agent.port}`)).toMatchObject({
      success: true,
    });
    expect(lab.engine.agents()[0]).toMatchObject({ name: 'evil' });
    expect(lab.engine.agents()[0]?.intents).toHaveLength(1_000);
    expect(lab.engine.matchIntents('phrase 9999 end')).toEqual([]);
    expect(lab.of('warning').map((event) => event.message)).toEqual([
      'evil: it has 10000 intents, and at most 1000 are taken; the last 9000 are left out',
    ]);
    await expectOthersServed(lab);
  });

  test('a name that its Info denies, a host that is not this machine, an instance of another: refused', async () => {
    const lab = await startWithGoodAgent();
    const liar = await serveHostile('evil');
    const address = `127.0.0.1:${liar.port}`;
    expect(await register(lab.as('my_agent'), 'my_agent', address)).toMatchObject({
      success: false,
      error: 'it registered as "my_agent", but its Info says "evil"',
    });
    for (const outside of ['203.0.113.7:443', '169.254.169.254:80', 'metadata.internal:80'])
      expect(await register(lab.as('evil'), 'evil', outside)).toMatchObject({
        success: false,
        error: expect.stringContaining('is not this machine'),
      });
    const [instance] = lab.engine.agents()[0]?.instances ?? [];
    expect(await register(lab.as('evil'), 'evil', address, instance?.instanceId)).toMatchObject({
      success: false,
      error: expect.stringMatching(/belongs to my_agent$/),
    });
    expect(lab.engine.agents().map((item) => item.name)).toEqual(['my_agent']);
    await expectOthersServed(lab);
  });

  test('one that registers without pause is slowed down', async () => {
    const lab = await startWithGoodAgent();
    const agent = await serveHostile('evil');
    const address = `127.0.0.1:${agent.port}`;
    const attempts = Array.from({ length: 40 }, () => statusOf(register(lab.as('evil'), 'evil', address)));
    const statuses = await Promise.all(attempts);
    expect(statuses.filter((status) => status === 'OK').length).toBeGreaterThanOrEqual(4);
    expect(new Set(statuses)).toEqual(new Set(['OK', 'RESOURCE_EXHAUSTED']));
    await expectOthersServed(lab);
  });
});

describe('a hostile agent that floods', () => {
  test('log events and cache values beyond its share end with RESOURCE_EXHAUSTED; the others go on', async () => {
    const lab = await startWithGoodAgent();
    const evil = lab.as('evil');
    const tenant = { tenant_id: TENANT };
    const data_json = Buffer.from(JSON.stringify('x'.repeat(32 * 1024)));
    const value = Buffer.alloc(2 * MIB, 1);
    const logs = Array.from({ length: 600 }, () =>
      statusOf(evil.call('LogEvent', { plugin_name: 'evil', event_type: 'x', data_json, ...tenant })),
    );
    const sets = Array.from({ length: 20 }, (_, index) =>
      statusOf(evil.call('CacheSet', { key: `${index}`, value, ttl_seconds: 0, ...tenant })),
    );
    await expectOthersServed(lab);
    const statuses = await Promise.all([...logs, ...sets]);
    expect(new Set(statuses)).toEqual(new Set(['OK', 'RESOURCE_EXHAUSTED']));
    await expectOthersServed(lab);
    expect(lab.of('warning').filter((event) => event.message.includes('writes more'))).not.toEqual([]);
  }, 20_000);
});
