import { ref, type Schema, type Schemas } from '../schema.ts';
import { anyJson, count, flag, integer, list, name, permission, record, text } from './words.ts';

const owner = { agent: text };
const ownerOptional = { tenantId: text, action: text };
const intentKind: Schema = { type: 'string', enum: ['phrase', 'pattern'] };
const base64: Schema = { type: 'string', description: 'bytes as base64' };

/** Settings, prompt templates, intents and the cache. */
export const storeSchemas = (): Schemas => ({
  ConfigEntry: record({
    path: { type: 'string', description: '`plugin.{name}.{key}`' },
    key: text,
    type: text,
    required: flag,
    description: text,
    isSecret: flag,
    value: { type: 'string', description: '`***` for a secret that is set, empty without a value' },
    source: { type: 'string', enum: ['operator', 'default', 'unset'] },
  }),
  Config: record({ agent: text, tenantId: text, version: count, entries: list(ref('ConfigEntry')) }),
  SetConfigRequest: record({
    key: name,
    value: { type: ['string', 'null'], description: 'null goes back to the default' },
  }),
  ConfigChange: record({
    agent: text,
    key: text,
    version: count,
    answers: list(record({ instanceId: text, acknowledged: flag, error: text })),
  }),
  Prompt: record({
    name: text,
    version: integer,
    path: text,
    source: { type: 'string', description: '`engine`, `agent:{name}` or `operator`' },
    description: text,
    content: text,
    bytes: count,
  }),
  Prompts: record({ prompts: list(ref('Prompt')) }),
  PromptAnswer: record({ prompt: ref('Prompt') }),
  SetPromptRequest: record({ content: text }),
  RenderRequest: record({ data: anyJson }, { version: integer }),
  RenderAnswer: record({ text }),
  IntentRef: record({ ...owner, pattern: text, kind: intentKind }, ownerOptional),
  IntentCandidate: record(
    {
      ...owner,
      rank: integer,
      pattern: text,
      kind: intentKind,
      outcome: { type: 'string', enum: ['won', 'lost', 'not-routed'] },
      routed: flag,
      reason: text,
      matchedText: text,
      start: count,
      length: count,
      wholeWords: flag,
      priority: { type: 'number' },
    },
    { ...ownerOptional, permission },
  ),
  MatchRequest: record({ text }),
  MatchAnswer: record({ candidates: list(ref('IntentCandidate')) }),
  IntentReport: record({
    overlaps: record({
      overlaps: list(
        record({
          kind: { type: 'string', enum: ['same', 'phrase-in-phrase', 'pattern-on-phrase'] },
          extent: { type: 'string', enum: ['full', 'partial'] },
          scope: { type: 'string', enum: ['between-agents', 'within-agent'] },
          left: ref('IntentRef'),
          right: ref('IntentRef'),
          text,
          wholeWords: flag,
        }),
      ),
      complete: flag,
    }),
    conflicts: list(
      record({
        kind: { type: 'string', enum: ['same-capability', 'same-use-case', 'contradiction'] },
        value: text,
        actions: list(record({ ...owner, action: text, derived: flag }, { tenantId: text })),
      }),
    ),
    unrouted: list(record({ ...owner, action: text, reason: text }, { tenantId: text })),
    faults: list(
      record({ ...owner, kind: text, message: text, dropped: flag }, { ...ownerOptional, pattern: text }),
    ),
  }),
  CacheAnswer: record(
    { key: text, found: flag },
    {
      valueBase64: base64,
      text: { type: 'string', description: 'the value, where it is UTF-8' },
    },
  ),
  CacheSetRequest: record(
    { key: name, valueBase64: base64 },
    {
      ttlSeconds: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1, description: '0 never expires' },
      tenantId: name,
    },
  ),
  CacheSetAnswer: record({ key: text, bytes: count, ttlSeconds: count }),
});
