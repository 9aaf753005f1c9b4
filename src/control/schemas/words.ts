import { EXECUTION_MODES, PERMISSIONS, STAGES } from '../../contract/index.ts';
import type { Schema } from '../schema.ts';

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const name: Schema = { type: 'string', pattern: '\\S', description: 'that is not empty' };
export const integer: Schema = { type: 'integer' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const epochMs: Schema = {
  type: 'integer',
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'UTC milliseconds since the epoch',
};
/** The longest delay a Node timer can hold; a longer one would fire at once. */
export const timeoutMs: Schema = {
  type: 'integer',
  minimum: 1,
  maximum: 2 ** 31 - 1,
  description: 'milliseconds',
};
export const jsonText: Schema = {
  type: 'string',
  description: 'JSON as text, so that long integers keep every digit',
};
export const anyJson: Schema = { description: 'any JSON value' };
export const permission: Schema = { type: 'string', enum: PERMISSIONS };
export const mode: Schema = { type: 'string', enum: EXECUTION_MODES };
export const stages: Schema = { type: 'array', items: { type: 'string', enum: STAGES } };
export const health: Schema = { type: 'string', enum: ['healthy', 'unhealthy', 'unknown'] };
export const texts: Schema = { type: 'array', items: text };
export const textMap: Schema = { type: 'object', additionalProperties: text };
export const uuid: Schema = {
  type: 'string',
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'a UUID in lower case',
};

/** A list of these. */
export const list = (items: Schema): Schema => ({ type: 'array', items });

/** An object with these fields and no other; every field is required unless it stands in `optional`. */
export function record(
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
  description?: string,
): Schema {
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: { ...properties, ...optional },
    required: Object.keys(properties),
    additionalProperties: false,
  };
}
