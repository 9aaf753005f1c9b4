import { expect, test } from 'vitest';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { startLab, TENANT } from './support.ts';

/** An agent that serves and registers nowhere, for an engine to dial. */
async function serveOnly() {
  const apart = await startLab();
  const agent = await apart.launch(createSamplePlugin());
  return { agent, apart };
}

test('a listed agent is dialled, can be invoked, and makes room for one that registers itself', async () => {
  const { agent } = await serveOnly();
  const lab = await startLab({
    externalAgents: [{ name: 'my_agent', address: `127.0.0.1:${agent.port}` }],
  });
  await expect.poll(() => lab.engine.agents()[0]?.health).toBe('healthy');
  expect(lab.engine.agents()).toMatchObject([
    { name: 'my_agent', tenantId: TENANT, instances: [{ instanceId: 'external:my_agent' }] },
  ]);
  expect(await lab.engine.invoke({ action: 'echo', params: { text: 'x' } })).toMatchObject({ success: true });
  const own = await lab.launch();
  expect(lab.engine.agents()[0]?.instances.map((item) => item.instanceId)).toEqual([own.instanceId]);
  await own.stop();
  await expect
    .poll(() => lab.engine.agents()[0]?.instances.map((item) => item.instanceId), { timeout: 15_000 })
    .toEqual(['external:my_agent']);
});

test('one that is not there, or is somebody else, is told once and tried again', async () => {
  const { agent } = await serveOnly();
  const lab = await startLab({
    externalAgents: [
      { name: 'nobody', address: '127.0.0.1:9' },
      { name: 'other_agent', address: `127.0.0.1:${agent.port}` },
    ],
  });
  await expect.poll(() => lab.of('warning').length).toBe(2);
  const told = lab
    .of('warning')
    .map((event) => event.message)
    .sort();
  expect(told[0]).toContain('the listed agent nobody cannot join: the engine cannot reach it at 127.0.0.1:9');
  expect(told[1]).toContain('it registered as "other_agent", but its Info says "my_agent"');
  expect(lab.engine.agents()).toEqual([]);
});
