import { expect, test } from 'vitest';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { register, serveHostile } from './hostile-agent.ts';
import { startLab } from './support.ts';

/** Two processes of one agent, registered with an engine that probes them once, and never again while a test lasts. */
async function startTwo() {
  const apart = await startLab();
  const plugins = [createSamplePlugin(), createSamplePlugin()] as const;
  const agents = [await apart.launch(plugins[0]), await apart.launch(plugins[1])] as const;
  const lab = await startLab({
    healthIntervalMs: 600_000,
    heartbeatIntervalS: 600,
    policy: { rules: [{ decision: 'approve' }] },
  });
  for (const [index, { port }] of agents.entries())
    await register(lab.as(), 'my_agent', `127.0.0.1:${port}`, `i-${index + 1}`);
  const healths = () => lab.engine.agents()[0]?.instances.map((item) => item.health);
  await expect.poll(healths).toEqual(['healthy', 'healthy']);
  return { lab, plugins, agents, healths };
}

test('a READ that finds its instance dead goes to the next, and the dead one is asked no more', async () => {
  const { lab, plugins, agents, healths } = await startTwo();
  await agents[0].stop();
  for (let count = 0; count < 4; count++)
    expect(await lab.engine.invoke({ action: 'echo', params: { text: 'x' } })).toMatchObject({
      success: true,
    });
  expect(plugins[1].executed).toHaveLength(4);
  await expect.poll(healths).toEqual(['unhealthy', 'healthy']);
});

test('a MODIFY that finds its instance dead is not tried again: nobody knows whether it ran', async () => {
  const { lab, plugins, agents } = await startTwo();
  await agents[0].stop();
  await expect(lab.engine.invoke({ action: 'restart', params: {} })).rejects.toMatchObject({
    code: 'agent-unreachable',
    hint: expect.stringContaining('registers again'),
  });
  expect(plugins[1].executed).toEqual([]);
  expect(await lab.engine.invoke({ action: 'restart', params: {} })).toMatchObject({ success: true });
  expect(plugins[1].executed).toHaveLength(1);
});

test('the lease ends on its own time, however rarely health is asked for', async () => {
  const lab = await startLab({ healthIntervalMs: 600_000, heartbeatIntervalS: 1 });
  let asked = 0;
  const answer = () => {
    asked++;
    return { body: '{"healthy":true}' };
  };
  const silent = await serveHostile('silent', { HealthCheck: answer });
  await register(lab.as(), 'silent', `127.0.0.1:${silent.port}`);
  // It sends no heartbeat, but answers when its lease ends: it lives.
  await expect.poll(() => asked, { timeout: 10_000 }).toBe(2);
  expect(lab.engine.agents()).toHaveLength(1);
  await silent.close();
  await expect.poll(() => lab.of('lost'), { timeout: 10_000 }).toMatchObject([{ agent: 'silent' }]);
}, 30_000);

test('an interval beyond what timers can wait is a long one, not none', async () => {
  const lab = await startLab({ healthIntervalMs: 3_600_000_000, heartbeatIntervalS: 3_600_000 });
  const warnings: string[] = [];
  const hear = ({ name }: Error) => warnings.push(name);
  process.on('warning', hear);
  let asked = 0;
  const agent = await serveHostile('calm', {
    HealthCheck: () => {
      asked++;
      return { body: '{"healthy":true}' };
    },
  });
  await register(lab.as(), 'calm', `127.0.0.1:${agent.port}`);
  for (let count = 0; count < 50; count++) await lab.engine.invoke({ action: 'act', params: {} });
  expect(asked).toBe(1);
  // What Node says before it waits 1 ms instead.
  process.off('warning', hear);
  expect(warnings).not.toContain('TimeoutOverflowWarning');
});
