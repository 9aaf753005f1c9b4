import type { JsonValue } from '../../contract/index.ts';
import { type CacheAnswer, type CacheSetAnswer, PATHS } from '../api.ts';
import { Refusal } from '../refusals.ts';
import { integer, name } from '../schemas/words.ts';
import type { Call, Route } from './route.ts';

function versionOf({ query }: Call): number | undefined {
  const version = query('version');
  return version === undefined ? undefined : Number(version);
}

function asText(bytes: Uint8Array): { readonly text?: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return {};
  }
}

async function answerCacheGet({ engine, query }: Call): Promise<CacheAnswer> {
  const key = query('key');
  if (key === undefined) throw new Refusal('bad-request', { message: 'key must stand in the query.' });
  const value = await engine.cacheGet(key, query('tenantId'));
  if (value === undefined) return { key, found: false };
  return { key, found: true, valueBase64: Buffer.from(value).toString('base64'), ...asText(value) };
}

interface CacheSet {
  readonly key: string;
  readonly valueBase64: string;
  readonly ttlSeconds?: number;
  readonly tenantId?: string;
}

async function answerCacheSet({ engine, body }: Call): Promise<CacheSetAnswer> {
  const { key, valueBase64, ttlSeconds = 0, tenantId } = body as CacheSet;
  const value = Buffer.from(valueBase64, 'base64');
  await engine.cacheSet(key, value, ttlSeconds, tenantId);
  return { key, bytes: value.length, ttlSeconds };
}

function answerRender({ engine, part, body }: Call): { readonly text: string } {
  const { data, version } = body as { readonly data: JsonValue; readonly version?: number };
  return { text: engine.renderPrompt(part('name'), data, version) };
}

/** Prompt templates, intents and the cache. */
export const storeRoutes = (): readonly Route[] => [
  {
    method: 'GET',
    path: PATHS.prompts,
    id: 'listPrompts',
    summary: 'The newest version of every prompt template.',
    answer: 'Prompts',
    perform: ({ engine }) => ({ prompts: engine.prompts() }),
  },
  {
    method: 'GET',
    path: PATHS.prompt,
    id: 'getPrompt',
    summary: 'One version of a prompt template, the newest where none is named.',
    query: { version: integer },
    answer: 'PromptAnswer',
    perform: (call) => ({ prompt: call.engine.prompt(call.part('name'), versionOf(call)) }),
  },
  {
    method: 'POST',
    path: PATHS.prompt,
    id: 'setPrompt',
    summary: 'Adds a version of a prompt template, as an operator.',
    body: 'SetPromptRequest',
    answer: 'PromptAnswer',
    perform: async ({ engine, part, body }) => ({
      prompt: await engine.setPrompt(part('name'), (body as { readonly content: string }).content),
    }),
  },
  {
    method: 'POST',
    path: PATHS.render,
    id: 'renderPrompt',
    summary: 'What a prompt template gives with some data.',
    body: 'RenderRequest',
    answer: 'RenderAnswer',
    perform: answerRender,
  },
  {
    method: 'GET',
    path: PATHS.intents,
    id: 'getIntentReport',
    summary: 'Where intents and routing semantics fail to tell agents apart.',
    answer: 'IntentReport',
    perform: ({ engine }) => engine.intentReport(),
  },
  {
    method: 'POST',
    path: PATHS.match,
    id: 'matchIntents',
    summary: 'Who would be asked about a text, the winner first, and why.',
    body: 'MatchRequest',
    answer: 'MatchAnswer',
    perform: ({ engine, body }) => ({
      candidates: engine.matchIntents((body as { readonly text: string }).text),
    }),
  },
  {
    method: 'GET',
    path: PATHS.cache,
    id: 'getCached',
    summary: 'One value of the cache.',
    query: { key: name, tenantId: name },
    answer: 'CacheAnswer',
    perform: answerCacheGet,
  },
  {
    method: 'POST',
    path: PATHS.cache,
    id: 'setCached',
    summary: 'Sets one value of the cache.',
    body: 'CacheSetRequest',
    answer: 'CacheSetAnswer',
    perform: answerCacheSet,
  },
];
