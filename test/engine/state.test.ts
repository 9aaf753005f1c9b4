import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { startLab } from './support.ts';

let stateDirectory: string;
beforeEach(() => {
  stateDirectory = join(mkdtempSync(join(tmpdir(), 'mirastack-state-')), 'state');
});
afterEach(() => rmSync(join(stateDirectory, '..'), { recursive: true, force: true }));

const INFO = {
  configParams: [
    { key: 'url', type: 'string', required: false, default: 'http://default', description: 'Where' },
    { key: 'token', type: 'string', required: false, description: 'Secret', isSecret: true },
  ],
} as const;

test('settings, decisions and executions are there after a restart; waits ended with the engine', async () => {
  const first = await startLab({ stateDirectory, policy: { rules: [{ action: 'echo', decision: 'deny' }] } });
  await first.launch(createSamplePlugin({ info: INFO }));
  await first.engine.setConfig('my_agent', 'url', 'http://mine');
  const done = await first.engine.invoke({ action: 'echo', params: { text: 'kept' } });
  const waiting = first.engine.invoke({ action: 'restart', params: {} }).catch(() => undefined);
  await expect.poll(() => first.engine.approvals()[0]?.state).toBe('pending');
  const [asked] = first.engine.approvals();
  await first.stop();
  await waiting;

  const second = await startLab({ stateDirectory });
  expect(second.engine.execution(done.executionId)).toMatchObject({
    params: { text: 'kept' },
    outcome: 'succeeded',
  });
  expect(second.engine.approvals()).toMatchObject([{ id: asked?.id, state: 'cancelled' }]);
  await expect(
    second.engine.decide(asked?.id ?? '', { approved: true, reviewer: 'late' }),
  ).rejects.toMatchObject({ code: 'already-decided' });
  await second.launch(createSamplePlugin({ info: INFO }));
  expect(second.engine.config('my_agent').entries[0]).toMatchObject({
    value: 'http://mine',
    source: 'operator',
  });
  expect((await second.engine.setConfig('my_agent', 'url', undefined)).version).toBeGreaterThan(2);
});

test('the folder and its files are for the user alone, and no half-written file stays', async () => {
  const lab = await startLab({ stateDirectory });
  await lab.launch(createSamplePlugin({ info: INFO }));
  await lab.engine.setConfig('my_agent', 'token', 'secret');
  await lab.engine.invoke({ action: 'echo', params: { text: 'x' } });
  await lab.stop();
  expect(statSync(stateDirectory).mode & 0o777).toBe(0o700);
  const files = readdirSync(stateDirectory).sort();
  expect(files).toEqual(['config.json', 'history.jsonl']);
  for (const file of files) expect(statSync(join(stateDirectory, file)).mode & 0o777).toBe(0o600);
});

test('a torn last line, as a crash leaves it, costs that line only', async () => {
  const first = await startLab({ stateDirectory });
  await first.launch();
  const { executionId } = await first.engine.invoke({ action: 'echo', params: { text: 'x' } });
  await first.stop();
  appendFileSync(join(stateDirectory, 'history.jsonl'), '{"executionId":"e-9","par');
  const second = await startLab({ stateDirectory });
  expect(second.engine.history().map((record) => record.executionId)).toEqual([executionId]);
});

test('what was refused is kept as an audit line', async () => {
  const lab = await startLab({ stateDirectory });
  await lab
    .as('thief')
    .call('CacheGet', { key: 'k', tenant_id: 'other' })
    .catch(() => undefined);
  await lab.stop();
  const [line] = readFileSync(join(stateDirectory, 'refusals.jsonl'), 'utf8').trim().split('\n');
  expect(JSON.parse(line ?? '')).toMatchObject({
    agent: 'thief',
    method: 'CacheGet',
    reason: expect.any(String),
  });
});

test('without a folder nothing is written', async () => {
  const lab = await startLab();
  await lab.launch(createSamplePlugin({ info: INFO }));
  await lab.engine.setConfig('my_agent', 'url', 'http://mine');
  await lab.stop();
  expect(() => readdirSync(stateDirectory)).toThrow('ENOENT');
});
