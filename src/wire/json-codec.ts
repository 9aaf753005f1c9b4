import { decodeJsonBytes, decodeOpaqueBytes, encodeBytes } from './bytes.ts';
import type { Int64, MessageTypes } from './generated/messages.ts';
import { longInteger, parseMarkedJson, stringifyExact } from './json-text.ts';
import {
  type FieldSpec,
  isMessage,
  type MessageName,
  messageSpec,
  type Sparse,
  zeroValue,
} from './messages.ts';
import type { PeerLanguage } from './peer.ts';
import { WireError } from './status.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const INT64_MAX = 2n ** 63n - 1n;

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

function decodeInt64(value: unknown, path: string): Int64 {
  const long = longInteger(value);
  if (long !== undefined && long <= INT64_MAX && long >= -INT64_MAX - 1n)
    return Number.isSafeInteger(Number(long)) ? Number(long) : long;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw mismatch(path, 'a 64-bit integer', value);
}

function decodeScalar(field: FieldSpec, value: unknown, path: string, peer: PeerLanguage): unknown {
  switch (field.type) {
    case 'string':
      if (typeof value === 'string' && longInteger(value) === undefined) return value;
      throw mismatch(path, 'a string', value);
    case 'bool':
      if (typeof value === 'boolean') return value;
      throw mismatch(path, 'true or false', value);
    case 'int32':
    case 'enum':
      if (Number.isInteger(value) && (value as number) >= INT32_MIN && (value as number) <= INT32_MAX)
        return value;
      throw mismatch(path, 'a 32-bit integer', value);
    case 'int64':
      return decodeInt64(value, path);
    case 'float': {
      const long = longInteger(value);
      if (typeof value === 'number' || long !== undefined) return Number(long ?? value);
      throw mismatch(path, 'a number', value);
    }
    case 'bytes':
      return field.jsonText ? decodeJsonBytes(value, path) : decodeOpaqueBytes(value, path, peer);
    default:
      return decodeMessage(field.type, value, path, peer);
  }
}

function decodeMap(value: unknown, path: string): Record<string, string> {
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
}

function decodeField(field: FieldSpec, value: unknown, path: string, peer: PeerLanguage): unknown {
  if (value === null || value === undefined) return zeroValue(field);
  if (field.map) return decodeMap(value, path);
  if (!field.repeated) return decodeScalar(field, value, path, peer);
  if (!Array.isArray(value)) throw mismatch(path, 'an array', value);
  return value.map((item, index) =>
    item === null ? zeroItem(field) : decodeScalar(field, item, `${path}[${index}]`, peer),
  );
}

/** Go reads a null inside an array as the element's zero value. */
function zeroItem(field: FieldSpec): unknown {
  const { repeated: _repeated, ...element } = field;
  return isMessage(field.type) ? decodeMessage(field.type, {}, field.name, 'unknown') : zeroValue(element);
}

function decodeMessage(name: MessageName, value: unknown, path: string, peer: PeerLanguage): unknown {
  const spec = messageSpec(name);
  if (spec.transparent) return decodeField(spec.fields[0] as FieldSpec, value, path, peer);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw mismatch(path, 'an object', value);
  const message: Record<string, unknown> = {};
  for (const field of spec.fields) {
    const raw = Object.hasOwn(value, field.name) ? (value as Record<string, unknown>)[field.name] : undefined;
    message[field.name] = decodeField(field, raw, path === name ? field.name : `${path}.${field.name}`, peer);
  }
  return message;
}

/**
 * Decodes one JSON body. Null and absent are the zero value, unknown keys are ignored.
 * @throws WireError INVALID_ARGUMENT with the path of the field that does not fit
 */
export function decodeJson<Name extends MessageName>(
  name: Name,
  body: Uint8Array,
  peer: PeerLanguage,
): MessageTypes[Name] {
  if (body.length === 0)
    throw new WireError('INVALID_ARGUMENT', `${name}: empty body, expected a JSON object`);
  const value = parseMarkedJson(body, name);
  return decodeMessage(name, value === null ? {} : value, name, peer) as MessageTypes[Name];
}

function encodeItem(field: FieldSpec, value: unknown, peer: PeerLanguage): unknown {
  if (isMessage(field.type)) return encodeFields(field.type, value, peer);
  return field.type === 'bytes' ? encodeBytes(value as Uint8Array, peer) : value;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Uint8Array
    ? value.length === 0
    : typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function encodeFields(name: MessageName, message: unknown, peer: PeerLanguage): unknown {
  const spec = messageSpec(name);
  if (spec.transparent) return message;
  const source = message as Record<string, unknown>;
  const json: Record<string, unknown> = {};
  for (const field of spec.fields) {
    const value = source[field.name] ?? zeroValue(field);
    if (value === undefined || (field.omitEmpty && isEmpty(value))) continue;
    json[field.name] = field.repeated
      ? (value as unknown[]).map((item) => encodeItem(field, item, peer))
      : encodeItem(field, value, peer);
  }
  return json;
}

/** Encodes one message as the peer reads it: snake_case keys, enums and integers as plain numbers. */
export function encodeJson<Name extends MessageName>(
  name: Name,
  message: Sparse<MessageTypes[Name]>,
  peer: PeerLanguage,
): Buffer {
  return Buffer.from(stringifyExact(encodeFields(name, message, peer)), 'utf8');
}
