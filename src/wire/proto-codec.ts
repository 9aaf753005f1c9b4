import protoLoader from '@grpc/proto-loader';
import { FILES } from './generated/descriptors.ts';
import { type Int64, type MessageTypes, PACKAGE } from './generated/messages.ts';
import {
  type FieldSpec,
  isMessage,
  type MessageName,
  messageSpec,
  type Sparse,
  zeroValue,
} from './messages.ts';
import { writeBytes } from './proto-fields.ts';
import { WireError } from './status.ts';

type MessageCodec = protoLoader.MessageTypeDefinition<object, object>;

/** A FileDescriptorSet is nothing but field 1, repeated. */
const ownFiles = FILES.filter((file) => file.symbols.some((symbol) => symbol.startsWith(`${PACKAGE}.`)));
const descriptorSet = Buffer.concat(
  ownFiles.map((file) => writeBytes(1, Buffer.from(file.descriptor, 'base64'))),
);

const definitions = protoLoader.loadFileDescriptorSetFromBuffer(descriptorSet, {
  keepCase: true,
  longs: String,
  enums: Number,
  arrays: true,
  objects: true,
});

function codecOf(name: MessageName): MessageCodec {
  return definitions[`${PACKAGE}.${name}`] as unknown as MessageCodec;
}

function toInt64(value: unknown): Int64 {
  const long = BigInt(value as string | number);
  return Number.isSafeInteger(Number(long)) ? Number(long) : long;
}

/** Turns the single values and the maps of a message one way. */
interface Conversion {
  readonly value: (field: FieldSpec, value: unknown) => unknown;
  readonly map: (value: object) => unknown;
}

function walk(name: MessageName, source: Record<string, unknown>, conversion: Conversion) {
  const target: Record<string, unknown> = {};
  for (const field of messageSpec(name).fields) {
    const value = source[field.name] ?? zeroValue(field);
    if (value === undefined) continue;
    if (field.map) target[field.name] = conversion.map(value as object);
    else
      target[field.name] = field.repeated
        ? (value as unknown[]).map((item) => conversion.value(field, item))
        : conversion.value(field, value);
  }
  return target;
}

/** protobufjs reads the map fields of a descriptor as what they are on the wire: lists of entries. */
interface MapEntry {
  readonly key: string;
  readonly value: string;
}

const fromProto: Conversion = {
  value: (field, value) => {
    if (!isMessage(field.type)) return field.type === 'int64' ? toInt64(value) : value;
    const message = walk(field.type, value as Record<string, unknown>, fromProto);
    const spec = messageSpec(field.type);
    return spec.transparent ? message[spec.fields[0]?.name ?? ''] : message;
  },
  map: (value) => {
    const map: Record<string, string> = Object.create(null);
    if (Array.isArray(value))
      for (const entry of value as MapEntry[]) map[entry.key ?? ''] = entry.value ?? '';
    return map;
  },
};

const toProto: Conversion = {
  value: (field, value) => {
    // protobufjs takes long integers as text.
    if (!isMessage(field.type)) return typeof value === 'bigint' ? String(value) : value;
    const spec = messageSpec(field.type);
    const message = spec.transparent
      ? { [spec.fields[0]?.name ?? '']: value }
      : (value as Record<string, unknown>);
    return walk(field.type, message, toProto);
  },
  map: (value) => Object.entries(value).map(([key, item]): MapEntry => ({ key, value: item as string })),
};

/**
 * Decodes one protobuf body.
 * @throws WireError INVALID_ARGUMENT when the bytes are no such message
 */
export function decodeProto<Name extends MessageName>(name: Name, body: Uint8Array): MessageTypes[Name] {
  let raw: object;
  try {
    raw = codecOf(name).deserialize(Buffer.from(body));
  } catch (error) {
    throw new WireError('INVALID_ARGUMENT', `${name}: malformed protobuf: ${(error as Error).message}`);
  }
  return walk(name, raw as Record<string, unknown>, fromProto) as MessageTypes[Name];
}

/** Encodes one message as protobuf. */
export function encodeProto<Name extends MessageName>(
  name: Name,
  message: Sparse<MessageTypes[Name]>,
): Buffer {
  return codecOf(name).serialize(walk(name, message as Record<string, unknown>, toProto));
}
