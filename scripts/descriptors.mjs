// Writes the reflection tree of protobufjs as the file descriptors that protoc would write. What protobufjs
// writes itself puts every file under an invented name and lacks the marks of maps and optional fields, so
// strict readers refuse it.
import { relative } from 'node:path';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';

const TYPES = { float: 2, int64: 3, int32: 5, bool: 8, string: 9, message: 11, bytes: 12, enum: 14 };
const OPTIONAL = 1;
const REPEATED = 3;

/** protoc's rule for the JSON name of a field. */
const jsonName = (name) => name.replace(/_+(.?)/g, (_all, next) => next.toUpperCase());

/** protoc's rule for the message that holds one entry of a map. */
const entryName = (name) => `${jsonName(`_${name}`)}Entry`;

/** How a field names its type: scalars by a number, the others by number and full name. */
function typeOf(field) {
  const type = field.resolvedType;
  if (type)
    return { type: type instanceof protobuf.Enum ? TYPES.enum : TYPES.message, typeName: type.fullName };
  if (TYPES[field.type] === undefined) throw new Error(`${field.fullName}: no number for type ${field.type}`);
  return { type: TYPES[field.type] };
}

function toEnum(type) {
  return {
    name: type.name,
    value: Object.entries(type.values).map(([name, number]) => ({ name, number })),
  };
}

function toMapEntry(field) {
  const part = (name, number, type) => ({ name, number, label: OPTIONAL, jsonName: name, ...type });
  return {
    name: entryName(field.name),
    field: [part('key', 1, { type: TYPES[field.keyType] }), part('value', 2, typeOf(field))],
    options: { mapEntry: true },
  };
}

function toMessage(type) {
  const isSynthetic = (oneof) =>
    oneof.fieldsArray.length === 1 && oneof.fieldsArray[0].options?.proto3_optional;
  // The ones made for optional fields stand behind the real ones.
  const oneofs = [...type.oneofsArray].sort(
    (a, b) => Number(isSynthetic(a) ?? false) - Number(isSynthetic(b) ?? false),
  );
  const toField = (field) => ({
    name: field.name,
    number: field.id,
    label: field.repeated || field.map ? REPEATED : OPTIONAL,
    ...(field.map
      ? { type: TYPES.message, typeName: `${type.fullName}.${entryName(field.name)}` }
      : typeOf(field)),
    jsonName: jsonName(field.name),
    ...(field.partOf ? { oneofIndex: oneofs.indexOf(field.partOf) } : {}),
    ...(field.options?.proto3_optional ? { proto3Optional: true } : {}),
  });
  return {
    name: type.name,
    field: type.fieldsArray.map(toField),
    nestedType: [
      ...type.fieldsArray.filter((field) => field.map).map(toMapEntry),
      ...type.nestedArray.filter((item) => item instanceof protobuf.Type).map(toMessage),
    ],
    enumType: type.nestedArray.filter((item) => item instanceof protobuf.Enum).map(toEnum),
    oneofDecl: oneofs.map(({ name }) => ({ name })),
  };
}

function toService(service) {
  const toMethod = (method) => ({
    name: method.name,
    inputType: method.resolvedRequestType.fullName,
    outputType: method.resolvedResponseType.fullName,
    ...(method.requestStream ? { clientStreaming: true } : {}),
    ...(method.responseStream ? { serverStreaming: true } : {}),
  });
  return { name: service.name, method: service.methodsArray.map(toMethod) };
}

/** Every type, service and method that an item declares. */
function declared(item) {
  const inner = item instanceof protobuf.Service ? item.methodsArray : (item.nestedArray ?? []);
  return [item, ...inner.flatMap(declared)];
}

/** The types that an item names, its own included. */
function typesNamedBy(item) {
  if (item instanceof protobuf.Method) return [item.resolvedRequestType, item.resolvedResponseType];
  if (item instanceof protobuf.Type)
    return item.fieldsArray.map((field) => field.resolvedType).filter(Boolean);
  return [];
}

/** The file that declares an item: of a nested one, that of the outermost. */
const fileOf = (item) =>
  item.parent instanceof protobuf.Type || item.parent instanceof protobuf.Service
    ? fileOf(item.parent)
    : item.filename;

const nameOf = (item) => item.fullName.slice(1);

function itemsOf(namespace) {
  return namespace.nestedArray.flatMap((item) =>
    item instanceof protobuf.Type || item instanceof protobuf.Enum || item instanceof protobuf.Service
      ? [item]
      : item instanceof protobuf.Namespace
        ? itemsOf(item)
        : [],
  );
}

/**
 * One entry for each file below `protoDir` that declares a type or a service, a file behind those it imports. Options of our own are left
 * out, and with them the imports that only they need: no reader of the wire has a use for them.
 */
export function describeFiles(root, protoDir) {
  const items = itemsOf(root).filter((item) => item.filename?.startsWith(protoDir));
  const files = new Map();
  const add = (path) => {
    const name = relative(protoDir, path).replaceAll('\\', '/');
    if (files.has(name)) return name;
    const own = items.filter((item) => item.filename === path);
    const all = own.flatMap(declared);
    const paths = new Set(all.flatMap(typesNamedBy).map(fileOf));
    paths.delete(path);
    const dependencies = [...paths].sort().map(add);
    const pick = (kind) => own.filter((item) => item instanceof kind);
    const { FileDescriptorProto } = descriptor;
    const file = FileDescriptorProto.fromObject({
      name,
      package: nameOf(own[0].parent),
      dependency: dependencies,
      messageType: pick(protobuf.Type).map(toMessage),
      enumType: pick(protobuf.Enum).map(toEnum),
      service: pick(protobuf.Service).map(toService),
      syntax: 'proto3',
    });
    files.set(name, {
      name,
      dependencies,
      symbols: all.map(nameOf),
      descriptor: Buffer.from(FileDescriptorProto.encode(file).finish()).toString('base64'),
    });
    return name;
  };
  for (const item of items) add(item.filename);
  return [...files.values()];
}
