import { encodeBytes } from './bytes.ts';
import { type FieldSpec, isMessage, type MessageName, messageSpec, zeroValue } from './messages.ts';
import type { PeerLanguage } from './peer.ts';

/** Writes one value as JSON text. */
type Write = (value: unknown, peer: PeerLanguage) => string;

function writeScalar(value: unknown): string {
  // JSON.stringify knows no bigint.
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function writeBytes(value: unknown, peer: PeerLanguage): string {
  const text = encodeBytes(value as Uint8Array, peer);
  // Base64 needs no escapes, and looking for some in a large result costs more than all the rest.
  return peer === 'python' ? JSON.stringify(text) : `"${text}"`;
}

function itemWriter({ type }: FieldSpec): Write {
  if (isMessage(type)) return (value, peer) => messageWriter(type)(value, peer);
  return type === 'bytes' ? writeBytes : writeScalar;
}

function valueWriter(field: FieldSpec): Write {
  const write = itemWriter(field);
  if (!field.repeated) return write;
  return (value, peer) => `[${(value as unknown[]).map((item) => write(item, peer)).join(',')}]`;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Uint8Array
    ? value.length === 0
    : typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Writes the key and the value of a message's field, or nothing where it is left out. */
function fieldWriter(field: FieldSpec): (message: Record<string, unknown>, peer: PeerLanguage) => string {
  const key = `${JSON.stringify(field.name)}:`;
  const write = valueWriter(field);
  return (message, peer) => {
    const value = message[field.name] ?? zeroValue(field);
    return value === undefined || (field.omitEmpty && isEmpty(value)) ? '' : key + write(value, peer);
  };
}

function compile(name: MessageName): Write {
  const spec = messageSpec(name);
  if (spec.transparent) return valueWriter(spec.fields[0] as FieldSpec);
  const writers = spec.fields.map(fieldWriter);
  return (message, peer) => {
    let text = '';
    for (const write of writers) {
      const field = write(message as Record<string, unknown>, peer);
      if (field !== '') text += text === '' ? field : `,${field}`;
    }
    return `{${text}}`;
  };
}

const compiled = new Map<MessageName, Write>();

/** The writer of a message, made from its declaration with the first use. */
export function messageWriter(name: MessageName): Write {
  let write = compiled.get(name);
  if (write === undefined) {
    write = compile(name);
    compiled.set(name, write);
  }
  return write;
}
