import { WireError } from './status.ts';

/** One field of a protobuf message as it travels. */
export interface ProtoField {
  readonly number: number;
  /** The bytes of a text, a message or bytes; undefined for a field of another kind. */
  readonly bytes: Uint8Array | undefined;
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/**
 * Reads the fields of a protobuf message, for messages too small to load the codec of protobufjs for.
 * @param name names the message in errors
 * @throws WireError INVALID_ARGUMENT when the bytes are no message
 */
export function readFields(body: Uint8Array, name: string): ProtoField[] {
  const malformed = () => new WireError('INVALID_ARGUMENT', `${name}: malformed protobuf`);
  let position = 0;
  const skip = (length: number) => {
    if (length > body.length - position) throw malformed();
    position += length;
  };
  const readVarint = () => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = body[position++];
      if (byte === undefined) throw malformed();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed();
  };
  const fields: ProtoField[] = [];
  while (position < body.length) {
    const tag = readVarint();
    const number = Math.floor(tag / 8);
    if (number < 1 || number >= 2 ** 29) throw malformed();
    let bytes: Uint8Array | undefined;
    switch (tag % 8) {
      case VARINT:
        readVarint();
        break;
      case FIXED_64:
        skip(8);
        break;
      case BYTES: {
        const length = readVarint();
        const start = position;
        skip(length);
        bytes = body.subarray(start, position);
        break;
      }
      case FIXED_32:
        skip(4);
        break;
      default:
        throw malformed();
    }
    fields.push({ number, bytes });
  }
  return fields;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a text.
 * @throws WireError INVALID_ARGUMENT when it is not UTF-8
 */
export function readText(bytes: Uint8Array, name: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new WireError('INVALID_ARGUMENT', `${name}: not valid UTF-8`);
  }
}

function writeVarint(number: number): number[] {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** Writes a field that holds a message or bytes. */
export function writeBytes(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([
    Uint8Array.from([...writeVarint(number * 8 + BYTES), ...writeVarint(bytes.length)]),
    bytes,
  ]);
}

/** Writes a field that holds text. */
export function writeText(number: number, text: string): Buffer {
  return writeBytes(number, Buffer.from(text, 'utf8'));
}

/** Writes a field that holds a whole number from 0 upwards, or an enum. */
export function writeNumber(number: number, value: number): Buffer {
  return Buffer.from([...writeVarint(number * 8 + VARINT), ...writeVarint(value)]);
}
