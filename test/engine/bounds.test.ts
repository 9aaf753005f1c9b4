import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { EventHub } from '../../src/engine/events.ts';
import { excerpt } from '../../src/engine/excerpt.ts';
import { History } from '../../src/engine/history.ts';
import type { ApprovalView, EngineEvent } from '../../src/engine/index.ts';
import { Prompts } from '../../src/engine/prompts.ts';
import { Secrets } from '../../src/engine/secrets.ts';
import { LineFile } from '../../src/engine/state/line-file.ts';
import { StateFile } from '../../src/engine/state/state-file.ts';
import { infoOf, register, serveHostile } from './hostile-agent.ts';
import { startLab, TENANT } from './support.ts';

const MIB = 1024 * 1024;

/** Bytes in use once everything that can be collected is. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test('what is kept of events is bounded by their size, whichever they are', () => {
  const text = 'x'.repeat(60 * 1024);
  const approval = { params: { text }, claim: { text } } as never as ApprovalView;
  const kinds: ((index: number) => EngineEvent)[] = [
    () => ({ type: 'logged', agent: 'a', severity: text, message: text, dataJson: text }),
    () => ({ type: 'refused', agent: 'a', method: 'm', reason: text }),
    () => ({ type: 'approval', agent: 'a', approval }),
    () => ({
      type: 'health',
      agent: 'a',
      instanceId: 'i',
      health: 'unhealthy',
      message: text,
      changed: true,
    }),
  ];
  for (const make of kinds) {
    const hub = new EventHub(new Secrets());
    for (let index = 0; index < 400; index++) hub.emit(make(index));
    const kept = hub.since(0).reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    expect(kept).toBeLessThan(10 * MIB);
    // The newest are there.
    expect(hub.since(0).at(-1)?.seq).toBe(400);
  }
});

test('a listener that throws costs no other its events, and is told once', () => {
  const hub = new EventHub(new Secrets());
  const heard: string[] = [];
  hub.subscribe(({ type, seq }) => {
    throw new Error(`no ${type} ${seq}`);
  });
  hub.subscribe((event) => heard.push(event.type === 'warning' ? event.message : event.type));
  for (let index = 0; index < 3; index++) hub.emit({ type: 'license', active: true, effectiveTier: '' });
  expect(heard).toEqual(['what follows the events failed: no license 1', 'license', 'license', 'license']);
});

test('names and ids have an end, on every call and in Info', async () => {
  const lab = await startLab();
  const long = 'x'.repeat(300);
  const log = { plugin_name: 'evil', event_type: 'x', tenant_id: TENANT };
  const calls = [
    lab.as().call('CacheGet', { key: 'k', tenant_id: long }),
    lab.as('evil').call('LogEvent', { ...log, severity: long }),
    lab.as(long).call('CacheGet', { key: 'k', tenant_id: TENANT }),
    lab.as('evil').call('PublishResult', { execution_id: long, tenant_id: TENANT }),
    register(lab.as(), long, '127.0.0.1:9'),
    register(lab.as(), 'evil', '127.0.0.1:9', long),
  ];
  for (const call of calls)
    await expect(call).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining('300 characters, and at most 256 are taken'),
    });
  expect(lab.events).toEqual([]);
  const agent = await serveHostile('evil', { Info: () => ({ body: infoOf('evil', { version: long }) }) });
  expect(await register(lab.as('evil'), 'evil', `127.0.0.1:${agent.port}`)).toMatchObject({
    error: 'its version has 300 characters, and at most 256 are taken',
  });
});

test('what is cut from a long text does not keep the whole of it in memory', () => {
  const before = memory();
  const pieces = Array.from({ length: 40 }, (_, index) => excerpt(`${index}${'y'.repeat(MIB)}`, 1_000));
  expect(memory() - before).toBeLessThan(10 * MIB);
  expect(pieces[39]).toMatch(/^39y{998}$/);
});

test('templates of agents that come and go do not fill the store; those of who is there stay', () => {
  const prompts = new Prompts(new StateFile(undefined, () => {}));
  const content = 'x'.repeat(60_000);
  const bring = (agent: string) =>
    prompts.ingest(
      agent,
      Array.from({ length: 100 }, (_, index) => ({ name: `${agent}_${index}`, description: 'd', content })),
    );
  prompts.ingest('good', [{ name: 'mine', description: 'd', content: 'x' }]);
  for (let index = 0; index < 20; index++) {
    bring(`evil_${index}`);
    prompts.retire(`evil_${index}`);
  }
  expect(prompts.list().reduce((sum, view) => sum + view.bytes, 0)).toBeLessThan(17 * MIB);
  expect(prompts.get('mine').source).toBe('agent:good');
  expect(prompts.get('evil_19_99').source).toBe('agent:evil_19');
  expect(() => prompts.get('evil_0_0')).toThrow('There is no prompt template');
  // Agents that stay are not pushed out: the next are refused.
  for (let index = 0; index < 3; index++) bring(`more_${index}`);
  expect(prompts.get('more_0_0').source).toBe('agent:more_0');
  expect(bring('late').at(-1)).toContain('all agents together may bring');
});

const start = (executionId: string, params: Record<string, string> = {}) => ({
  executionId,
  stepId: 's',
  tenantId: TENANT,
  agent: 'a',
  action: 'act',
  permission: 'READ' as const,
  mode: 'GUIDED' as const,
  params,
});
const end = { outcome: 'succeeded' as const, error: '', resultJson: 'null', durationMs: 1 };
const startHistory = () => new History(new LineFile(undefined, 1, () => {}), new Secrets());

test('the history has 1,000 executions, the newest, and never loses one that runs', () => {
  const history = startHistory();
  history.begin(start('long'));
  for (let index = 0; index < 1_100; index++) {
    history.begin(start(`e-${index}`));
    history.end(`e-${index}`, end);
  }
  expect(history.list()).toHaveLength(1_000);
  expect(history.get('e-1099')).toBeDefined();
  expect(history.get('e-0')).toBeUndefined();
  history.end('long', end);
  expect(history.get('long')).toMatchObject({ outcome: 'succeeded' });
});

test('the history keeps the beginnings of large params and results, and says so', () => {
  const history = startHistory();
  history.begin(start('large', { body: 'x'.repeat(20_000), name: 'n' }));
  expect(history.get('large')).toMatchObject({
    truncated: true,
    params: { body: 'x'.repeat(256), name: 'n' },
  });
  history.begin(start('small', { body: 'x'.repeat(10_000) }));
  history.end('small', { ...end, resultJson: JSON.stringify('y'.repeat(20_000)) });
  expect(history.get('small')?.params.body).toHaveLength(10_000);
  expect(history.get('small')?.resultJson).toHaveLength(16 * 1024);
  expect(history.get('small')).toMatchObject({ truncated: true });
});

test('what is published counts for the tenant and the agent of the execution alone', () => {
  const history = startHistory();
  history.begin(start('e-1'));
  expect(history.publish('e-1', { tenantId: 'other', agent: undefined }, '1')).toBe(false);
  expect(history.publish('e-1', { tenantId: TENANT, agent: 'b' }, '1')).toBe(false);
  expect(history.publish('e-1', { tenantId: TENANT, agent: 'a' }, '"mine"')).toBe(true);
  expect(history.get('e-1')?.published).toEqual(['"mine"']);
});
