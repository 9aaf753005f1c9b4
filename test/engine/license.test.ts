import { expect, test } from 'vitest';
import { parseLicense } from '../../src/engine/index.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { startLab, TENANT } from './support.ts';

const ACTIVE = { active: true, effectiveTier: 'enterprise' };
const INACTIVE = { active: false, effectiveTier: 'enterprise' };

test('agents get the snapshot with registration and heartbeat, and refuse new work while it is inactive', async () => {
  const lab = await startLab({
    license: { ...ACTIVE, graceMode: true, quotas: { maxTenants: 1, maxIntegrationTypes: 5 } },
  });
  const agent = await lab.launch();
  const beat = () =>
    lab.as('my_agent').call('Heartbeat', { name: 'my_agent', instance_id: agent.instanceId });
  expect(await beat()).toMatchObject({
    license: {
      active: true,
      effective_tier: 'enterprise',
      grace_mode: true,
      quotas: { max_tenants: 1, max_integration_types: 5 },
    },
  });
  lab.engine.setLicense(INACTIVE);
  expect(await beat()).toMatchObject({ license: { active: false } });
  await expect(lab.engine.invoke({ action: 'echo', params: { text: 'x' } })).rejects.toMatchObject({
    kind: 'failed',
    code: 'license-inactive',
  });
  lab.engine.setLicense(ACTIVE);
  expect(await lab.engine.invoke({ action: 'echo', params: { text: 'x' } })).toMatchObject({ success: true });
  expect(lab.of('license').map((event) => event.active)).toEqual([false, true]);
});

test('inactive: registrations and the calls that do work are refused, heartbeats and readings are not', async () => {
  const lab = await startLab({ license: INACTIVE });
  const client = lab.as('my_agent');
  const tenant = { tenant_id: TENANT };
  const denied = { status: 'FAILED_PRECONDITION', message: expect.stringContaining('inactive') };
  const registration = {
    name: 'a',
    version: '1',
    grpc_addr: '127.0.0.1:9',
    plugin_type: 1,
    instance_id: 'i',
  };
  await expect(client.call('RegisterPlugin', { ...registration, ...tenant })).rejects.toMatchObject(denied);
  await expect(
    client.call('CallPlugin', { caller_plugin: 'my_agent', target_plugin: 'b', ...tenant }),
  ).rejects.toMatchObject(denied);
  await expect(client.call('PublishResult', { execution_id: 'e', ...tenant })).rejects.toMatchObject(denied);
  await expect(
    client.call('RequestApproval', { execution_id: 'e', required_permission: 2, ...tenant }),
  ).rejects.toMatchObject(denied);
  expect(await client.call('Heartbeat', { name: 'a', instance_id: 'i' })).toMatchObject({
    acknowledged: true,
  });
  expect(await client.call('CacheGet', { key: 'k', ...tenant })).toMatchObject({ found: false });
});

test('quotas: agents of new names, and sessions a day', async () => {
  const quotas = { maxTenants: -1, maxIntegrationTypes: 1, maxAgenticSessionsPerDay: 2 };
  const lab = await startLab({ license: { ...ACTIVE, quotas } });
  const agent = await lab.launch();
  await expect(
    lab.as().call('RegisterPlugin', {
      name: 'second',
      version: '1',
      grpc_addr: `127.0.0.1:${agent.port}`,
      plugin_type: 1,
      instance_id: 'i-2',
      tenant_id: TENANT,
    }),
  ).rejects.toMatchObject({
    status: 'RESOURCE_EXHAUSTED',
    message: expect.stringContaining('max_integration_types is 1'),
  });
  await lab.launch(createSamplePlugin());
  expect(lab.engine.agents()[0]?.instances).toHaveLength(2);
  const invoke = () => lab.engine.invoke({ action: 'echo', params: { text: 'x' } });
  await invoke();
  await invoke();
  await expect(invoke()).rejects.toMatchObject({ code: 'quota-exhausted' });
});

test.each([
  [[], 'document must be an object'],
  [{ effectiveTier: 'x' }, 'active must be true or false'],
  [{ active: true, tier: 'x' }, 'fields must be among'],
  [{ active: true, expiresAtMs: 1.5 }, 'expiresAtMs must be a whole number'],
  [{ active: true, quotas: { maxAgents: 1 } }, 'quotas must be made of'],
  [{ active: true, quotas: [5] }, 'quotas must be an object'],
  [{ active: true, constructor: 1 }, 'fields must be among'],
])('%j is no licence', (document, message) => {
  expect(() => parseLicense(document)).toThrow(message);
});
