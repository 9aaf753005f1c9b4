import { expect, test } from 'vitest';
import type { PluginInfo } from '../../src/contract/index.ts';
import { serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin, SAMPLE_INFO } from '../support/sample-plugin.ts';
import { startLab, TENANT } from './support.ts';

const agent = (name: string, pattern: string, priority = 0): Partial<PluginInfo> => ({
  name,
  actions: [
    {
      ...(SAMPLE_INFO.actions[0] as PluginInfo['actions'][number]),
      intents: [{ pattern, priority }],
    },
  ],
});

test('registered agents compete for a sentence; one that goes away does not', async () => {
  const lab = await startLab();
  const logs = await lab.launch(createSamplePlugin({ info: agent('logs_agent', 'show errors') }));
  await lab.launch(createSamplePlugin({ info: agent('metrics_agent', 'show errors', 5) }));
  await lab.launch(createSamplePlugin({ info: agent('trace_agent', 'errors') }));
  const winners = () =>
    lab.engine
      .matchIntents('Please SHOW  errors of checkout')
      .map(({ agent, outcome }) => `${agent} ${outcome}`);
  expect(winners()).toEqual(['metrics_agent won', 'logs_agent lost', 'trace_agent lost']);
  expect(lab.engine.intentReport().overlaps.overlaps.length).toBeGreaterThan(0);
  await logs.stop();
  expect(winners()).toEqual(['metrics_agent won', 'trace_agent lost']);
});

test('an intent that cannot be used is told, and the agent registers', async () => {
  const lab = await startLab();
  await lab.launch(createSamplePlugin({ info: agent('my_agent', '(?=look)ahead') }));
  expect(lab.of('warning')[0]?.message).toContain('(?=look)ahead');
  expect(lab.engine.agents()).toHaveLength(1);
});

test('an action without routing semantics is registered, can be invoked, and is not routed', async () => {
  const lab = await startLab();
  const old = await serveRaw(({ path }) => ({
    body: path.endsWith('/Info')
      ? JSON.stringify({
          name: 'old_agent',
          version: '1',
          description: 'd',
          type: 1,
          permission: 1,
          devops_stages: [8],
          actions: [
            {
              id: 'a',
              description: 'd',
              permission: 1,
              stages: [8],
              intents: [{ pattern: 'old words', confidence: 0 }],
            },
          ],
        })
      : '{"healthy":true}',
  }));
  await lab.as().call('RegisterPlugin', {
    name: 'old_agent',
    version: '1',
    grpc_addr: `127.0.0.1:${old.port}`,
    plugin_type: 1,
    instance_id: 'i-1',
    tenant_id: TENANT,
  });
  expect(lab.engine.matchIntents('old words')).toMatchObject([
    { agent: 'old_agent', outcome: 'not-routed', routed: false, reason: expect.stringContaining('routing') },
  ]);
  expect(lab.engine.intentReport().unrouted).toMatchObject([{ agent: 'old_agent', action: 'a' }]);
  await old.close();
});
