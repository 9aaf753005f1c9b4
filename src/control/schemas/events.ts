import { ref, type Schema, type Schemas } from '../schema.ts';
import { count, flag, health, jsonText, list, record, text } from './words.ts';

/** An event with the fields that every one has. */
function event(
  type: string,
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return record(
    {
      type: { const: type },
      seq: { type: 'integer', minimum: 1, description: 'its place in the order of all' },
      atMs: count,
      ...properties,
    },
    { ...optional, truncated: { const: true, description: 'a long text in it is cut' } },
  );
}

const agent = { agent: text };

/** What happens in an engine. */
export const eventSchemas = (): Schemas => ({
  Event: {
    anyOf: [
      event('registered', { ...agent, version: text, instance: ref('Instance'), first: flag }),
      event('deregistered', { ...agent, instanceId: text }),
      event('lost', { ...agent, instanceId: text, reason: text }),
      event('health', { ...agent, instanceId: text, health, message: text, changed: flag }),
      event('executed', { ...agent, action: text, result: ref('InvokeResult') }, { caller: text }),
      event('approval', { ...agent, approval: ref('Approval') }),
      event('config-updated', {
        ...agent,
        key: text,
        change: record({
          version: count,
          answers: list(record({ instanceId: text, acknowledged: flag, error: text })),
        }),
      }),
      event('logged', { ...agent, severity: text, message: text, dataJson: jsonText }),
      event('published', { ...agent, executionId: text, resultJson: jsonText }),
      event('refused', { ...agent, method: text, reason: text }),
      event('license', { active: flag, effectiveTier: text }),
      event('warning', { ...agent, message: text }),
      {
        ...record({
          type: { const: 'gap' },
          missedFrom: count,
          missedTo: count,
        }),
        description: 'only in a stream: these events are not kept any more',
      },
    ],
  },
  Events: record({
    events: list(ref('Event')),
    lastSeq: { type: 'integer', minimum: 0, description: 'the number of the newest event' },
  }),
});
