import { decodeJsonBytes, decodeOpaqueBytes } from './bytes.ts';
import type { Int64 } from './generated/messages.ts';
import { longInteger } from './json-text.ts';
import { type FieldSpec, isMessage, type MessageName, messageSpec, zeroValue } from './messages.ts';
import type { PeerLanguage } from './peer.ts';
import { WireError } from './status.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const INT64_MAX = 2n ** 63n - 1n;

/** Checks one parsed value and turns it into what a message holds. The path names the place in errors. */
type Read = (value: unknown, path: string, peer: PeerLanguage) => unknown;

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  const text = String(longInteger(value) ?? value);
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return typeof value === 'string' && longInteger(value) === undefined
    ? `the string ${JSON.stringify(shown)}`
    : shown;
}

function mismatch(path: string, expected: string, value: unknown): WireError {
  return new WireError('INVALID_ARGUMENT', `${path}: expected ${expected}, got ${describe(value)}`);
}

const readString: Read = (value, path) => {
  if (typeof value === 'string' && longInteger(value) === undefined) return value;
  throw mismatch(path, 'a string', value);
};

const readBoolean: Read = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw mismatch(path, 'true or false', value);
};

const readInt32: Read = (value, path) => {
  if (Number.isInteger(value) && (value as number) >= INT32_MIN && (value as number) <= INT32_MAX)
    return value;
  throw mismatch(path, 'a 32-bit integer', value);
};

/**
 * The one integer that an engine chooses freely and that the runtime bounds itself: too large a one must not make the
 * whole reply unreadable (faults.md A10).
 */
const SATURATED_FIELD = 'heartbeat_interval_seconds';

const readSaturatedInt32: Read = (value, path) => {
  const number = longInteger(value) ?? value;
  if (typeof number !== 'number' && typeof number !== 'bigint')
    throw mismatch(path, 'a 32-bit integer', value);
  return Math.trunc(Math.min(Math.max(Number(number), INT32_MIN), INT32_MAX));
};

const readInt64: Read = (value, path): Int64 => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  const long = longInteger(value);
  if (long !== undefined && long <= INT64_MAX && long >= -INT64_MAX - 1n)
    return Number.isSafeInteger(Number(long)) ? Number(long) : long;
  throw mismatch(path, 'a 64-bit integer', value);
};

const readFloat: Read = (value, path) => {
  const long = longInteger(value);
  if (typeof value === 'number' || long !== undefined) return Number(long ?? value);
  throw mismatch(path, 'a number', value);
};

const readMap: Read = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw mismatch(path, 'an object', value);
  // Without a prototype a key named __proto__ is a key like any other.
  const map: Record<string, string> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    if (item !== null && (typeof item !== 'string' || longInteger(item) !== undefined))
      throw mismatch(`${path}.${key}`, 'a string', item);
    map[key] = (item as string | null) ?? '';
  }
  return map;
};

function itemReader(field: FieldSpec): Read {
  switch (field.type) {
    case 'string':
      return readString;
    case 'bool':
      return readBoolean;
    case 'int32':
      return field.name === SATURATED_FIELD ? readSaturatedInt32 : readInt32;
    case 'enum':
      return readInt32;
    case 'int64':
      return readInt64;
    case 'float':
      return readFloat;
    case 'bytes':
      return field.jsonText ? decodeJsonBytes : decodeOpaqueBytes;
    default: {
      const { type } = field;
      return (value, path, peer) => messageReader(type)(value, path, peer);
    }
  }
}

/** Go reads a null inside an array as the element's zero value. */
function zeroItem(field: FieldSpec): unknown {
  const { repeated: _repeated, ...element } = field;
  return isMessage(field.type) ? messageReader(field.type)({}, field.name, 'unknown') : zeroValue(element);
}

function valueReader(field: FieldSpec): Read {
  if (field.map) return readMap;
  const read = itemReader(field);
  if (!field.repeated) return read;
  return (value, path, peer) => {
    if (!Array.isArray(value)) throw mismatch(path, 'an array', value);
    return value.map((item, index) =>
      item === null ? zeroItem(field) : read(item, `${path}[${index}]`, peer),
    );
  };
}

/** Null and absent are the zero value. */
function fieldReader(field: FieldSpec): Read {
  const read = valueReader(field);
  return (value, path, peer) =>
    value === null || value === undefined ? zeroValue(field) : read(value, path, peer);
}

function compile(name: MessageName): Read {
  const spec = messageSpec(name);
  if (spec.transparent) return fieldReader(spec.fields[0] as FieldSpec);
  const fields = spec.fields.map((field) => ({ key: field.name, read: fieldReader(field) }));
  return (value, path, peer) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw mismatch(path, 'an object', value);
    const prefix = path === name ? '' : `${path}.`;
    const message: Record<string, unknown> = {};
    for (const { key, read } of fields)
      message[key] = read((value as Record<string, unknown>)[key], prefix + key, peer);
    return message;
  };
}

const compiled = new Map<MessageName, Read>();

/** The reader of a message, made from its declaration with the first use. */
export function messageReader(name: MessageName): Read {
  let read = compiled.get(name);
  if (read === undefined) {
    read = compile(name);
    compiled.set(name, read);
  }
  return read;
}
