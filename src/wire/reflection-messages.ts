import { type DescriptorFile, FILES } from './generated/descriptors.ts';
import { readFields, readText, writeBytes, writeNumber, writeText } from './proto-fields.ts';
import { STATUS, WireError } from './status.ts';

const REQUEST = 'ServerReflectionRequest';

/** The fields of the request and of the answer (proto/grpc/reflection/v1/reflection.proto). */
const ASK = { host: 1, file: 3, symbol: 4, extension: 5, extensionsOf: 6, list: 7 } as const;
const ANSWER = { host: 1, request: 2, files: 4, extensions: 5, services: 6, error: 7 } as const;

const byName = new Map(FILES.map((file) => [file.name, file]));
const bySymbol = new Map(FILES.flatMap((file) => file.symbols.map((symbol) => [symbol, file] as const)));

function notFound(what: string): Buffer {
  return writeBytes(
    ANSWER.error,
    Buffer.concat([writeNumber(1, STATUS.NOT_FOUND), writeText(2, `${what} not found`)]),
  );
}

/** A file and all that it imports. */
function withImports(file: DescriptorFile, seen = new Set<DescriptorFile>()): Set<DescriptorFile> {
  seen.add(file);
  for (const name of file.dependencies) withImports(byName.get(name) as DescriptorFile, seen);
  return seen;
}

function answerFile(file: DescriptorFile | undefined, what: string): Buffer {
  if (file === undefined) return notFound(what);
  const files = [...withImports(file)].map(({ descriptor }) =>
    writeBytes(1, Buffer.from(descriptor, 'base64')),
  );
  return writeBytes(ANSWER.files, Buffer.concat(files));
}

function answerQuestion(kind: number, asked: Uint8Array, services: readonly string[]): Buffer | undefined {
  switch (kind) {
    case ASK.file: {
      const name = readText(asked, REQUEST);
      return answerFile(byName.get(name), `file ${name}`);
    }
    case ASK.symbol: {
      const symbol = readText(asked, REQUEST);
      return answerFile(bySymbol.get(symbol), `symbol ${symbol}`);
    }
    // The descriptors that are shown here declare no extensions.
    case ASK.extension:
      return notFound('extension');
    case ASK.extensionsOf: {
      const type = readText(asked, REQUEST);
      return bySymbol.has(type)
        ? writeBytes(ANSWER.extensions, writeText(1, type))
        : notFound(`type ${type}`);
    }
    case ASK.list:
      return writeBytes(
        ANSWER.services,
        Buffer.concat(services.map((name) => writeBytes(1, writeText(1, name)))),
      );
    default:
      return undefined;
  }
}

/**
 * Answers one ServerReflectionRequest with a ServerReflectionResponse, both in protobuf.
 * @param services the full names to list
 * @throws WireError INVALID_ARGUMENT when the request is no such message or asks nothing
 */
export function answerReflection(request: Uint8Array, services: readonly string[]): Buffer {
  let host: Uint8Array = Buffer.alloc(0);
  let answer: Buffer | undefined;
  for (const { number, bytes } of readFields(request, REQUEST)) {
    if (bytes === undefined) continue;
    if (number === ASK.host) host = bytes;
    // Of several questions the last one counts.
    else answer = answerQuestion(number, bytes, services) ?? answer;
  }
  if (answer === undefined)
    throw new WireError('INVALID_ARGUMENT', `${REQUEST}: no question that is known here`);
  return Buffer.concat([writeBytes(ANSWER.host, host), writeBytes(ANSWER.request, request), answer]);
}
