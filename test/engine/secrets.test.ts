import { expect, test } from 'vitest';
import { Secrets } from '../../src/engine/secrets.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { startLab, TENANT } from './support.ts';

const SECRET = 'S3CR3T-"1"-canary';
const DEFAULT = 'S3CR3T-default';
const CONFIGURED = {
  configParams: [
    { key: 'token', type: 'string', required: false, description: 'd', isSecret: true, default: DEFAULT },
  ],
} as const;

test('a secret is in nothing that the engine keeps or shows; the agent and who asked it get theirs', async () => {
  const plugin = createSamplePlugin({
    info: CONFIGURED,
    execute: async ({ params }) => {
      if (params.text === 'fail') throw new Error(`cannot use ${SECRET}`);
      return { output: { used: SECRET } };
    },
  });
  const lab = await startLab();
  await lab.launch(plugin);
  expect(JSON.stringify(lab.engine.agents())).not.toContain('S3CR3T');
  await lab.engine.setConfig('my_agent', 'token', SECRET);
  expect(plugin.configs).toEqual([{ token: SECRET }]);
  Object.assign(plugin, {
    configUpdated: (config: Record<string, string>) => {
      throw new Error(`cannot use the token ${config.token}`);
    },
    healthCheck: () => {
      throw new Error(`refused with ${SECRET}`);
    },
  });
  const result = await lab.engine.invoke({ action: 'echo', params: { text: SECRET } });
  expect(JSON.parse(result.resultJson)).toEqual({ used: SECRET });
  await lab.engine.invoke({ action: 'echo', params: { text: 'fail' } }).catch(() => undefined);
  await lab.as('my_agent').call('LogEvent', {
    plugin_name: 'my_agent',
    event_type: `using ${SECRET}`,
    data_json: Buffer.from(JSON.stringify({ token: SECRET, nested: JSON.stringify({ token: SECRET }) })),
    tenant_id: TENANT,
  });
  const change = await lab.engine.setConfig('my_agent', 'token', SECRET);
  expect(change.answers[0]?.error).toContain('cannot use the token ***');
  await expect.poll(() => lab.engine.agents()[0]?.health).toBe('unhealthy');
  const info = await lab.engine.callMethod({ agent: 'my_agent', method: 'Info' });
  const seen = JSON.stringify([
    lab.events,
    lab.engine.history(),
    lab.engine.agents(),
    lab.engine.config('my_agent'),
    change,
    info,
  ]);
  expect(seen).not.toContain('S3CR3T');
  expect(seen).toContain('using ***');
  // Kept in part: it cannot be repeated from there.
  expect(lab.engine.history().at(-1)).toMatchObject({ truncated: true, params: { text: '***' } });
});

test('short values are left alone, the longer of two goes first, and what has none is what it was', () => {
  const secrets = new Secrets();
  const event = { a: ['secret-12'], b: { c: 1, d: null } };
  expect(secrets.mask(event)).toBe(event);
  secrets.add('12345');
  expect(secrets.maskText('in 12345 steps')).toBe('in 12345 steps');
  secrets.add('secret');
  secrets.add('secret-12');
  expect(secrets.mask(event)).toEqual({ a: ['***'], b: { c: 1, d: null } });
  const clean = { a: ['nothing'] };
  expect(secrets.mask(clean)).toBe(clean);
});
