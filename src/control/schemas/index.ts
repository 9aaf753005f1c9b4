import type { Schemas } from '../schema.ts';
import { agentSchemas } from './agents.ts';
import { eventSchemas } from './events.ts';
import { storeSchemas } from './stores.ts';
import { record, text } from './words.ts';
import { workSchemas } from './work.ts';

let built: Schemas | undefined;

/** Every named schema of the API; built when they are first needed, which clients never do. */
export function apiSchemas(): Schemas {
  built ??= {
    ...agentSchemas(),
    ...workSchemas(),
    ...storeSchemas(),
    ...eventSchemas(),
    Empty: record({}),
    Error: record({
      error: record({
        code: { type: 'string', description: 'a stable word for scripts' },
        message: text,
        hint: { type: 'string', description: 'how to mend it; empty when there is none' },
        kind: {
          type: 'string',
          enum: ['usage', 'failed', 'unreachable', 'tool-missing', 'io', 'internal'],
        },
      }),
    }),
  };
  return built;
}
