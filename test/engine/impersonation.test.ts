import { describe, expect, test } from 'vitest';
import type { PluginInfo } from '../../src/contract/index.ts';
import { createSamplePlugin, SAMPLE_INFO } from '../support/sample-plugin.ts';
import { register } from './hostile-agent.ts';
import { OTHER_TENANT, startLab, TENANT } from './support.ts';

const withDrop = (permission: 'READ' | 'ADMIN'): Partial<PluginInfo> => ({
  actions: [{ id: 'drop', description: 'Drop it all.', permission, stages: ['operate'] }],
});
const CONFIGURED: Partial<PluginInfo> = {
  ...SAMPLE_INFO,
  configParams: [{ key: 'token', type: 'string', required: false, description: 'd', isSecret: true }],
};

describe('a second process under an agent\u2019s name that calls its ADMIN action READ', () => {
  test('gets its own action run, and never the other\u2019s without an approval', async () => {
    const lab = await startLab();
    const victim = createSamplePlugin({ info: withDrop('ADMIN') });
    await lab.launch(victim);
    const evil = createSamplePlugin({ info: withDrop('READ') });
    await lab.launch(evil);
    for (let count = 0; count < 4; count++) await lab.engine.invoke({ action: 'drop', params: {} });
    expect(victim.executed).toEqual([]);
    expect(evil.executed).toHaveLength(4);
  });

  test('does not open the other to a raw call', async () => {
    const lab = await startLab();
    const victim = createSamplePlugin({ info: withDrop('ADMIN') });
    const { instanceId } = await lab.launch(victim);
    await lab.launch(createSamplePlugin({ info: withDrop('READ') }));
    const call = { agent: 'my_agent', method: 'Execute', requestJson: '{"action_id":"drop"}' } as const;
    await expect(lab.engine.callMethod({ ...call, instanceId })).rejects.toMatchObject({
      code: 'needs-approval',
    });
    expect(victim.executed).toEqual([]);
  });
});

test('an action that only the newer process offers goes to that one', async () => {
  const lab = await startLab();
  const older = createSamplePlugin();
  await lab.launch(older);
  const fresh = { id: 'fresh', description: 'Does it.', permission: 'READ', stages: ['observe'] } as const;
  const newer = createSamplePlugin({ info: { actions: [...SAMPLE_INFO.actions, fresh] } });
  await lab.launch(newer);
  for (let count = 0; count < 4; count++) await lab.engine.invoke({ action: 'fresh', params: {} });
  expect([older.executed.length, newer.executed.length]).toEqual([0, 4]);
});

describe('a caller that does not say its name', () => {
  test('gets nothing of an agent whose SDK would have said it', async () => {
    const lab = await startLab();
    await lab.launch(createSamplePlugin({ info: CONFIGURED, execute: () => new Promise(() => {}) }));
    await lab.engine.setConfig('my_agent', 'token', 'S3CR3T-1');
    const denied = { status: 'PERMISSION_DENIED' };
    await expect(
      lab.as().call('GetConfig', { plugin_name: 'my_agent', tenant_id: TENANT }),
    ).rejects.toMatchObject(denied);
    const running = lab.engine.invoke({ action: 'echo', params: { text: 'x' } }).catch(() => undefined);
    await expect.poll(() => lab.engine.history()).toHaveLength(1);
    const execution_id = lab.engine.history()[0]?.executionId ?? '';
    await expect(
      lab.as().call('RequestApproval', { execution_id, required_permission: 3, tenant_id: TENANT }),
    ).rejects.toMatchObject(denied);
    await expect(
      lab.as().call('PublishResult', { execution_id, result_json: Buffer.from('1'), tenant_id: TENANT }),
    ).rejects.toMatchObject(denied);
    expect(lab.engine.approvals()).toEqual([]);
    expect(lab.of('refused')).toHaveLength(3);
    await lab.engine.stop();
    await running;
  });

  test('cannot publish for an execution of another tenant', async () => {
    const lab = await startLab({ tenantIds: [TENANT, OTHER_TENANT] });
    await lab.launch();
    const { executionId } = await lab.engine.invoke({ action: 'echo', params: { text: 'x' } });
    await lab.as().call('PublishResult', {
      execution_id: executionId,
      result_json: Buffer.from('"forged"'),
      tenant_id: OTHER_TENANT,
    });
    expect(lab.of('published')).toEqual([]);
    expect(lab.engine.execution(executionId)?.published).toBeUndefined();
  });
});

test('an empty name in a message is no claim: the header says who calls', async () => {
  const lab = await startLab();
  await lab.as('my_agent').call('LogEvent', { plugin_name: '', event_type: 'x', tenant_id: TENANT });
  expect(lab.of('logged')).toMatchObject([{ agent: 'my_agent' }]);
});

describe('a stranger that registers under an agent\u2019s name', () => {
  test('does not use up the attempts of the agent', async () => {
    const apart = await startLab();
    const { port } = await apart.launch();
    const lab = await startLab();
    await Promise.all(
      Array.from({ length: 15 }, () => register(lab.as(), 'my_agent', '127.0.0.1:9').catch(() => undefined)),
    );
    expect(await register(lab.as(), 'my_agent', `127.0.0.1:${port}`)).toMatchObject({ success: true });
  });

  test('does not push out a process that lives: the newcomer is refused', async () => {
    const lab = await startLab();
    const good = await lab.launch();
    // Each at an address of its own, as far as the engine can tell.
    const hosts = Array.from({ length: 32 }, (_, index) => `127.0.0.${index + 2}:${good.port}`);
    const replies = [];
    for (const host of hosts) {
      replies.push(await register(lab.as(), 'my_agent', host));
      await expect
        .poll(() => lab.engine.agents()[0]?.instances.every((item) => item.health === 'healthy'))
        .toBe(true);
    }
    expect(replies.filter((reply) => reply.success)).toHaveLength(31);
    expect(replies.at(-1)).toMatchObject({
      success: false,
      error: 'my_agent has 32 instances that live already, and more are not taken',
    });
    expect(lab.engine.agents()[0]?.instances[0]?.instanceId).toBe(good.instanceId);
  });

  test('takes no place on the engine\u2019s own list', async () => {
    const lab = await startLab();
    expect(await register(lab.as(), 'my_agent', '127.0.0.1:9', 'external:my_agent')).toMatchObject({
      error: 'instance_id "external:my_agent" is one of the engine\'s own',
    });
  });
});
