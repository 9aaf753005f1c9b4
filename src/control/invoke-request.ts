import type { JsonValue, TimeRange } from '../contract/index.ts';
import type { InvokeRequest } from './api.ts';
import { Refusal } from './refusals.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The longest delay a Node timer can hold; a longer one would fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

const refuse = (field: string, expected: string): Refusal =>
  new Refusal('bad-request', { message: `${field} must be ${expected}.` });

/** An object with known fields only: a field we do not know could be one that the caller relies on. */
function readFields(value: unknown, name: string, known: readonly string[]): Fields {
  const fields = readObject(value, name);
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new Refusal('bad-request', {
      message: `${name} has an unknown field ${JSON.stringify(unknown)}; it takes ${known.join(', ')}.`,
    });
  return fields;
}

function readObject(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(name, 'an object');
  return value as Fields;
}

function readName(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw refuse(name, 'a string that is not empty');
  return value;
}

function readText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw refuse(name, 'a string');
  return value;
}

function readInteger(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw refuse(name, `a whole number of milliseconds from ${min} to ${max}`);
  return value;
}

function readTimeRange(value: unknown): TimeRange {
  const name = 'timeRange';
  const known = ['startEpochMs', 'endEpochMs', 'timezone', 'originalExpression'];
  const fields = readFields(value, name, known);
  const epoch = (key: string) => readInteger(fields[key], `${name}.${key}`, 0, Number.MAX_SAFE_INTEGER);
  const range = { startEpochMs: epoch('startEpochMs'), endEpochMs: epoch('endEpochMs') };
  const text = (key: 'timezone' | 'originalExpression') =>
    fields[key] === undefined ? {} : { [key]: readText(fields[key], `${name}.${key}`) };
  return { ...range, ...text('timezone'), ...text('originalExpression') };
}

/** The request in the body of `POST /api/invoke`, or a refusal that names the field. */
export function decodeInvokeRequest(body: unknown): InvokeRequest {
  const fields = readFields(body, 'The body', ['action', 'agent', 'params', 'timeRange', 'timeoutMs']);
  const { agent, timeRange, timeoutMs } = fields;
  // No prototype: a declared param named `constructor` must count as missing when it is not given.
  const params: Record<string, JsonValue> = Object.create(null);
  return {
    action: readName(fields.action, 'action'),
    params: Object.assign(params, readObject(fields.params, 'params')),
    ...(agent === undefined ? {} : { agent: readName(agent, 'agent') }),
    ...(timeRange === undefined ? {} : { timeRange: readTimeRange(timeRange) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs: readInteger(timeoutMs, 'timeoutMs', 1, MAX_TIMEOUT_MS) }),
  };
}
