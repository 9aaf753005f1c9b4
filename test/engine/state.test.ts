import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EngineCache, startEngine } from '../../src/engine/index.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { startLab, TENANT } from './support.ts';

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

/** Lays a file into the folder before the engine starts. */
function lay(name: string, text: string): string {
  mkdirSync(stateDirectory, { recursive: true });
  const path = join(stateDirectory, name);
  writeFileSync(path, text);
  return path;
}

const SHAPES = [
  null,
  1,
  'x',
  true,
  [],
  {},
  [null],
  [1],
  [[]],
  [{}],
  { a: null },
  { a: 1 },
  { a: {} },
  { a: { values: null, version: null } },
  { a: { values: { url: 5 }, version: 1 } },
  [{ id: 'a' }],
  [{ name: 'chat_system' }],
  JSON.parse('{"__proto__":{"values":{},"version":"x"}}'),
];

test.each(['config.json', 'approvals.json', 'prompts.json', 'history.jsonl', 'refusals.jsonl'])(
  'whatever stands in %s, the engine starts and works',
  async (name) => {
    for (const shape of SHAPES) {
      lay(name, `${JSON.stringify(shape)}\n`);
      const lab = await startLab({ stateDirectory });
      expect([lab.engine.approvals(), lab.engine.history()]).toEqual([[], []]);
      expect(lab.engine.prompts().map((view) => view.source)).toEqual(['engine', 'engine', 'engine']);
      for (const { name } of lab.engine.prompts()) lab.engine.renderPrompt(name, { tools: [] });
      await lab.stop();
      rmSync(stateDirectory, { recursive: true });
    }
  },
);

test('records that are no records are left out, counted in one warning; the others stay', async () => {
  const first = await startLab({ stateDirectory });
  await first.launch();
  const { executionId } = await first.engine.invoke({ action: 'echo', params: { text: 'x' } });
  await first.stop();
  appendFileSync(join(stateDirectory, 'history.jsonl'), 'null\n{"executionId":5}\nnonsense\n{"torn');
  const second = await startLab({ stateDirectory });
  expect(second.engine.history().map((record) => record.executionId)).toEqual([executionId]);
  expect(second.engine.eventsSince(0)).toMatchObject([
    {
      type: 'warning',
      message: `3 of the executions in ${stateDirectory} are not what an engine wrote, and left out`,
    },
  ]);
});

test('a file that is broken is put aside, not overwritten', async () => {
  lay('config.json', '{"x":{"values":{"url":"mine"');
  const lab = await startLab({ stateDirectory });
  await lab.launch(createSamplePlugin({ info: INFO }));
  await lab.engine.setConfig('my_agent', 'url', 'http://new');
  await lab.stop();
  const aside = readdirSync(stateDirectory).find((name) => name.startsWith('config.json.broken-'));
  expect(readFileSync(join(stateDirectory, aside ?? ''), 'utf8')).toContain('"mine"');
  expect(readFileSync(join(stateDirectory, 'config.json'), 'utf8')).toContain('http://new');
  expect(lab.engine.eventsSince(0)[0]).toMatchObject({
    type: 'warning',
    message: expect.stringContaining(`is kept as ${join(stateDirectory, aside ?? '')}`),
  });
});

test('what cannot be read is named, and the cache is closed', async () => {
  mkdirSync(join(stateDirectory, 'approvals.json'), { recursive: true });
  let closed = 0;
  const cache = { close: async () => void closed++ } as EngineCache;
  await expect(startEngine({ tenantIds: [TENANT], stateDirectory, cache })).rejects.toMatchObject({
    kind: 'io',
    code: 'state-not-readable',
    message: `The engine's state ${join(stateDirectory, 'approvals.json')} cannot be used: EISDIR.`,
    hint: expect.stringContaining('--ephemeral'),
  });
  expect(closed).toBe(1);
  await expect(startEngine({ tenantIds: [TENANT], listen: 'nonsense', cache })).rejects.toMatchObject({
    code: 'bad-listen-address',
  });
  expect(closed).toBe(2);
});

test('links lead nowhere, and files that others may read become the user\u2019s alone', async () => {
  const victim = join(stateDirectory, '..', 'victim');
  writeFileSync(victim, 'mine');
  mkdirSync(stateDirectory);
  chmodSync(stateDirectory, 0o755);
  // Where a file used to be staged.
  symlinkSync(victim, join(stateDirectory, 'config.json.new'));
  lay('history.jsonl', '');
  chmodSync(join(stateDirectory, 'history.jsonl'), 0o644);
  const lab = await startLab({ stateDirectory });
  await lab.launch(createSamplePlugin({ info: INFO }));
  await lab.engine.setConfig('my_agent', 'url', 'http://mine');
  await lab.engine.invoke({ action: 'echo', params: { text: 'x' } });
  await lab.stop();
  expect(readFileSync(victim, 'utf8')).toBe('mine');
  for (const [name, mode] of [
    ['', 0o700],
    ['config.json', 0o600],
    ['history.jsonl', 0o600],
  ] as const)
    expect(statSync(join(stateDirectory, name)).mode & 0o777).toBe(mode);
  const start = () => startEngine({ tenantIds: [TENANT], stateDirectory });
  rmSync(join(stateDirectory, 'history.jsonl'));
  symlinkSync(victim, join(stateDirectory, 'history.jsonl'));
  await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('it is a link') });
  rmSync(stateDirectory, { recursive: true });
  symlinkSync(join(stateDirectory, '..'), stateDirectory);
  await expect(start()).rejects.toMatchObject({ code: 'state-not-readable' });
  expect(readFileSync(victim, 'utf8')).toBe('mine');
});

test('an execution that ran when the engine ended is there afterwards, as failed', async () => {
  const first = await startLab({ stateDirectory });
  await first.launch(createSamplePlugin({ execute: () => new Promise(() => {}) }));
  const running = first.engine.invoke({ action: 'echo', params: { text: 'x' } });
  const refused = expect(running).rejects.toMatchObject({ code: 'engine-stopping' });
  await expect.poll(() => first.engine.history()[0]?.instanceId).toBeDefined();
  await first.engine.stop();
  await refused;
  const [ended] = first.engine.history();
  expect(ended).toMatchObject({ outcome: 'failed', error: expect.stringContaining('ended with the engine') });
  const second = await startLab({ stateDirectory });
  expect(second.engine.history()).toEqual([ended]);
  await second.stop();
  // One that was killed had no time to say how it ended.
  const lines = readFileSync(join(stateDirectory, 'history.jsonl'), 'utf8').trim().split('\n');
  writeFileSync(
    join(stateDirectory, 'history.jsonl'),
    `${lines[0]?.replace('"failed"', '"running"').replace(/"error":"[^"]*"/, '"error":""')}\n`,
  );
  const third = await startLab({ stateDirectory });
  expect(third.engine.history()).toMatchObject([
    { executionId: ended?.executionId, outcome: 'failed', error: 'the engine ended while it ran' },
  ]);
});

test('the beginning of an execution is on disk before its end', async () => {
  const lab = await startLab({ stateDirectory });
  await lab.launch();
  const running = lab.engine.invoke({ action: 'restart', params: {} }).catch(() => undefined);
  const written = () => readFileSync(join(stateDirectory, 'history.jsonl'), 'utf8');
  await expect.poll(() => readdirSync(stateDirectory)).toContain('history.jsonl');
  await expect.poll(written).toContain('"outcome":"running"');
  await lab.stop();
  await running;
});

test('after the end nothing is executed, and nobody is asked', async () => {
  const lab = await startLab();
  await lab.launch();
  const stopped = lab.engine.stop();
  await expect(lab.engine.invoke({ action: 'restart', params: {} })).rejects.toMatchObject({
    code: 'engine-stopping',
  });
  await stopped;
  expect(lab.engine.approvals()).toEqual([]);
});

test('an operator\u2019s template is on disk when the engine has stopped', async () => {
  const lab = await startLab({ stateDirectory });
  const set = lab.engine.setPrompt('chat_system', 'mine');
  await lab.engine.stop();
  expect(readFileSync(join(stateDirectory, 'prompts.json'), 'utf8')).toContain('"mine"');
  await set;
});
