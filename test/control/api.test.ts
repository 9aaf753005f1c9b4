import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiRoutes, describeApi, findFault, type Schema, type Schemas } from '../../src/control/index.ts';
import { type ControlLab, startControlLab } from '../support/control-lab.ts';
import { createLabPlugin } from '../support/lab-plugin.ts';

/** The document as it is published: answers are checked against this file, not against the code. */
const FILE = new URL('../../docs/openapi.json', import.meta.url);
const DOCUMENT = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
};

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** A judge that shares nothing with the code under test. */
const judge = new Ajv2020({ strict: false, allErrors: true });
judge.addSchema(DOCUMENT, 'openapi.json');

/** What an answer has that the document does not allow, or lacks that it demands. */
function faultsOf(schema: Schema, answer: unknown): string {
  const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/')) as Schema;
  return judge.validate(local, answer) ? '' : judge.errorsText();
}

let lab: ControlLab;
const tried = new Set<string>();

beforeAll(async () => {
  lab = await startControlLab();
  await lab.launch(createLabPlugin());
});
afterAll(() => lab.stop());

/** One request; what comes back must be as the document says. */
async function ask(method: 'GET' | 'POST', pattern: string, path: string, body?: unknown, status = 200) {
  const response = await fetch(`${lab.server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${lab.server.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, never>;
  expect([path, response.status, status === 200 ? answer : '']).toEqual([
    path,
    status,
    status === 200 ? answer : '',
  ]);
  const operation = DOCUMENT.paths[pattern]?.[method.toLowerCase()];
  const schema =
    status === 200
      ? operation?.responses[200]?.content?.['application/json']?.schema
      : { $ref: '#/components/schemas/Error' };
  if (schema === undefined) throw new Error(`The document does not describe ${method} ${pattern}.`);
  expect(faultsOf(schema, answer)).toBe('');
  if (operation !== undefined && status === 200) tried.add(operation.operationId);
  return answer;
}

const get = (pattern: string, path = pattern, status = 200) => ask('GET', pattern, path, undefined, status);
const post = (pattern: string, path: string, body: unknown, status = 200) =>
  ask('POST', pattern, path, body, status);

describe('the document', () => {
  /** JSON as the formatter of this repository leaves it: a list of plain values on one line where it fits. */
  function layout(value: unknown, indent: string, before: number): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const inner = `${indent}  `;
    if (Array.isArray(value)) {
      const isFlat = value.every((item) => typeof item !== 'object' || item === null || Array.isArray(item));
      const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
      if (isFlat && before + line.length <= 110) return line;
      return `[\n${value.map((item) => inner + layout(item, inner, inner.length)).join(',\n')}\n${indent}]`;
    }
    const pairs = Object.entries(value).map(([key, item]) => {
      const name = `${inner}${JSON.stringify(key)}: `;
      return name + layout(item, inner, name.length + 1);
    });
    return pairs.length === 0 ? '{}' : `{\n${pairs.join(',\n')}\n${indent}}`;
  }

  it('is what docs/openapi.json says; `npx vitest run test/control/api.test.ts -u` writes it', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    const text = `${layout(JSON.parse(JSON.stringify(describeApi(apiRoutes(), version))), '', 0)}\n`;
    await expect(text).toMatchFileSnapshot(FILE.pathname);
  });

  it('is served to whoever has the token, and names every reference', async () => {
    const served = await get('/api/openapi.json');
    expect(served).toEqual(JSON.parse(JSON.stringify(describeApi(apiRoutes(), '0.1.0'))));
    const text = JSON.stringify(DOCUMENT);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(Object.keys(DOCUMENT.components.schemas)).toContain(name);
  });

  it('allows every object only the fields it names', () => {
    const open: string[] = [];
    const visit = (schema: Schema, place: string) => {
      if (schema.properties !== undefined && schema.additionalProperties !== false) open.push(place);
      for (const [name, child] of Object.entries(schema.properties ?? {})) visit(child, `${place}.${name}`);
      if (schema.items !== undefined) visit(schema.items, `${place}[]`);
      for (const option of schema.anyOf ?? []) visit(option, place);
    };
    for (const [name, schema] of Object.entries(DOCUMENT.components.schemas)) visit(schema, name);
    expect(open).toEqual([]);
  });
});

describe('answers are as the document says:', () => {
  it('engine and agents', async () => {
    await get('/api/engine');
    await get('/api/agents');
    expect(await get('/api/agents/{agent}', '/api/agents/my_agent')).toMatchObject({ lastError: null });
    expect(await post('/api/agents/{agent}/health', '/api/agents/my_agent/health', {})).toMatchObject({
      agent: 'my_agent',
      health: 'healthy',
      instances: [{ health: 'healthy', message: 'ok' }],
    });
    const call = await post('/api/agents/{agent}/call', '/api/agents/my_agent/call', { method: 'Info' });
    expect(JSON.parse(String(call.responseJson))).toMatchObject({ name: 'my_agent' });
  });

  it('executions', async () => {
    const params = { text: 'x' };
    const time = { since: '1h', timezone: 'Europe/Berlin' };
    const done = await post('/api/invoke', '/api/invoke', {
      action: 'echo',
      params,
      time,
      mode: 'AUTONOMOUS',
    });
    expect(JSON.parse(String(done.resultJson))).toMatchObject({
      mode: 'AUTONOMOUS',
      timeRange: { timezone: 'Europe/Berlin' },
    });
    const failed = await post('/api/invoke', '/api/invoke', { action: 'echo', params: { text: 'fail' } });
    expect(failed).toMatchObject({ success: false, outcome: 'failed' });
    expect((await get('/api/history')).executions).toHaveLength(2);
    expect((await get('/api/history', '/api/history?limit=1&agent=my_agent')).executions).toHaveLength(1);
    expect((await get('/api/history', '/api/history?agent=other')).executions).toHaveLength(0);
    const id = String(done.executionId);
    for (const path of [id, id.slice(0, 8)])
      expect(await get('/api/history/{id}', `/api/history/${path}`)).toMatchObject({
        execution: { executionId: id, outcome: 'succeeded', timeRange: {} },
      });
    expect(await get('/api/agents/{agent}', '/api/agents/my_agent')).toMatchObject({
      lastError: { source: 'execution', message: expect.stringContaining('status 503') },
    });
    const body = { action: 'echo', params, executionId: id };
    expect(await post('/api/invoke', '/api/invoke', body, 422)).toMatchObject({
      error: { code: 'execution-exists' },
    });
  });

  it('approvals', async () => {
    const body = { action: 'restart', params: { service: 'db', force: true } };
    const invoked = post('/api/invoke', '/api/invoke', body);
    await expect.poll(() => lab.engine.approvals().length).toBe(1);
    const pending: unknown = (await get('/api/approvals', '/api/approvals?state=pending')).approvals;
    const [{ id = '' } = {}] = pending as { id?: string }[];
    await get('/api/approvals/{id}', `/api/approvals/${id}`);
    const path = `/api/approvals/${id}/decision`;
    const decision = { approved: false, reviewer: 'me', comment: 'not now' };
    const decided = await post('/api/approvals/{id}/decision', path, decision);
    expect(decided).toMatchObject({ approval: { state: 'denied', reviewer: 'me', comment: 'not now' } });
    expect(await invoked).toMatchObject({ success: false, outcome: 'denied' });
    expect(await post('/api/approvals/{id}/decision', path, decision, 409)).toMatchObject({
      error: { code: 'already-decided' },
    });
    expect((await get('/api/approvals')).approvals).toHaveLength(1);
  });

  it('settings', async () => {
    const path = '/api/agents/my_agent/config';
    expect(await get('/api/agents/{agent}/config', path)).toMatchObject({ agent: 'my_agent' });
    const change = { key: 'url', value: 'http://elsewhere' };
    expect(await post('/api/agents/{agent}/config', path, change)).toMatchObject({
      agent: 'my_agent',
      key: 'url',
      answers: [{ acknowledged: true }],
    });
    await post('/api/agents/{agent}/config', path, { key: 'url', value: null });
    expect(lab.engine.config('my_agent').entries[0]).toMatchObject({ source: 'default' });
    await post('/api/agents/{agent}/config', path, { key: 'rul', value: '' }, 422);
  });

  it('prompts, intents and the cache', async () => {
    await get('/api/prompts');
    const path = '/api/prompts/my_agent_guide';
    await post('/api/prompts/{name}', path, { content: 'Ask {{.name}}!' });
    expect(await get('/api/prompts/{name}', path)).toMatchObject({ prompt: { version: 2 } });
    expect(await get('/api/prompts/{name}', `${path}?version=1`)).toMatchObject({ prompt: { version: 1 } });
    expect(
      await post('/api/prompts/{name}/render', `${path}/render`, { data: { name: 'Ann' }, version: 2 }),
    ).toEqual({ text: 'Ask Ann!' });
    await get('/api/intents');
    expect(await post('/api/intents/match', '/api/intents/match', { text: 'echo my text' })).toMatchObject({
      candidates: [{ outcome: 'won', action: 'echo' }],
    });
    const valueBase64 = Buffer.from('é').toString('base64');
    await post('/api/cache', '/api/cache', { key: 'a b/c', valueBase64, ttlSeconds: 60 });
    expect(await get('/api/cache', '/api/cache?key=a%20b%2Fc')).toEqual({
      key: 'a b/c',
      found: true,
      valueBase64,
      text: 'é',
    });
    expect(await get('/api/cache', '/api/cache?key=none')).toEqual({ key: 'none', found: false });
    await get('/api/cache', '/api/cache', 400);
  });

  it('events of every kind so far', async () => {
    const { events, lastSeq } = (await get('/api/events')) as unknown as {
      events: { type: string; seq: number }[];
      lastSeq: number;
    };
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(lastSeq).toBe(events.length);
    expect([...new Set(events.map((event) => event.type))].sort()).toEqual(
      ['approval', 'config-updated', 'executed', 'health', 'registered'].sort(),
    );
    expect((await get('/api/events', `/api/events?since=${lastSeq}`)).events).toEqual([]);
    await get('/api/events', '/api/events?since=-1', 400);
  });

  it('and no path was left out', () => {
    tried.add('followEvents');
    expect([...tried].sort()).toEqual(
      apiRoutes()
        .map((route) => route.id)
        .sort(),
    );
  });
});

describe('the check of answers', () => {
  const schemas: Schemas = {
    Thing: {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    },
  };
  const thing: Schema = { $ref: '#/components/schemas/Thing' };

  it.each([
    [{ n: 1 }, undefined],
    [{ n: 1.5 }, 'n'],
    [{}, 'n'],
    [{ n: 1, m: 2 }, 'The body'],
    [[], 'The body'],
  ])('%j has its fault at %s', (value, place) => {
    expect(findFault(schemas, thing, value)?.place).toBe(place);
  });

  it('finds the option that was meant', () => {
    const either: Schema = { anyOf: [{ type: 'null' }, thing] };
    expect(findFault(schemas, either, null)).toBeUndefined();
    expect(findFault(schemas, either, { n: 'x' })?.place).toBe('n');
  });
});
