import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FILES } from '../../src/wire/generated/descriptors.ts';
import { readFields, writeBytes, writeText } from '../../src/wire/proto-fields.ts';
import { createServer, type WireServer } from '../../src/wire/server.ts';
import { STATUS } from '../../src/wire/status.ts';
import { openRaw, type RawStream } from '../support/raw-stream.ts';

const PATHS = ['v1', 'v1alpha'].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);
const PROTO_TYPE = 'application/grpc+proto';
const ASK = { host: 1, file: 3, symbol: 4, extension: 5, extensionsOf: 6, list: 7 };
const ANSWER = { host: 1, request: 2, files: 4, extensions: 5, services: 6, error: 7 };

let server: WireServer;
let port: number;
const open: RawStream[] = [];
beforeEach(async () => {
  server = createServer({
    services: { EngineService: { CacheSet: () => ({ success: true }) } },
    onInternalError: () => undefined,
  });
  port = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((stream) => stream.close()));
  await server.close(0);
});

function start(contentType = PROTO_TYPE, path = PATHS[0] as string, window?: number): RawStream {
  const stream = openRaw({ port, path, contentType, ...(window === undefined ? {} : { window }) });
  open.push(stream);
  return stream;
}

/** The fields of a message by number, in their order. */
const fieldsOf = (message: Uint8Array) =>
  readFields(message, 'message').map(({ number, bytes }) => [number, bytes] as const);
/** The texts in a field that repeats. */
const textsOf = (message: Uint8Array, number: number) =>
  fieldsOf(message).flatMap(([found, bytes]) => (found === number ? [String(Buffer.from(bytes ?? []))] : []));

async function askOne(question: Buffer, path?: string): Promise<Map<number, Uint8Array>> {
  const stream = start(PROTO_TYPE, path);
  stream.send(question);
  stream.finish();
  await expect.poll(() => stream.status).toBe(STATUS.OK);
  expect(stream.messages.length).toBe(1);
  return new Map(
    fieldsOf(stream.messages[0] as Buffer).map(([number, bytes]) => [number, bytes ?? Buffer.of()]),
  );
}

async function filesOf(question: Buffer): Promise<string[]> {
  const answer = (await askOne(question)).get(ANSWER.files) ?? Buffer.of();
  return fieldsOf(answer).map(([, file]) => textsOf(file ?? Buffer.of(), 1)[0] ?? '');
}

test.each(PATHS)('%s lists what is served, and gives host and question back', async (path) => {
  const question = Buffer.concat([writeText(ASK.host, 'here'), writeText(ASK.list, '*')]);
  const answer = await askOne(question, path);
  expect(String(Buffer.from(answer.get(ANSWER.host) ?? []))).toBe('here');
  expect(Buffer.from(answer.get(ANSWER.request) ?? [])).toEqual(question);
  expect(
    fieldsOf(answer.get(ANSWER.services) ?? Buffer.of()).map(([, service]) =>
      textsOf(service ?? Buffer.of(), 1),
    ),
  ).toEqual([
    ['mirastack.plugin.v1.EngineService'],
    ['grpc.health.v1.Health'],
    ['grpc.reflection.v1.ServerReflection'],
    ['grpc.reflection.v1alpha.ServerReflection'],
  ]);
});

describe('files', () => {
  const PLUGIN = ['mirastack/plugin/v1/plugin.proto', 'mirastack/plugin/v1/common.proto'];

  test.each([
    ['a service', writeText(ASK.symbol, 'mirastack.plugin.v1.PluginService'), PLUGIN],
    ['a method', writeText(ASK.symbol, 'mirastack.plugin.v1.PluginService.Info'), PLUGIN],
    ['an enum', writeText(ASK.symbol, 'mirastack.plugin.v1.Permission'), PLUGIN.slice(1)],
    [
      'a nested enum',
      writeText(ASK.symbol, 'grpc.health.v1.HealthCheckResponse.ServingStatus'),
      ['grpc/health/v1/health.proto'],
    ],
    ['a name', writeText(ASK.file, PLUGIN[0] as string), PLUGIN],
    [
      'the last of two questions',
      Buffer.concat([writeText(ASK.symbol, 'x'), writeText(ASK.file, PLUGIN[1] as string)]),
      PLUGIN.slice(1),
    ],
  ])('by %s, with what it imports', async (_what, question, files) => {
    expect(await filesOf(question)).toEqual(files);
  });

  test('every file stands behind its imports, and every import is there', () => {
    expect(FILES.length).toBe(6);
    FILES.forEach((file, index) => {
      const before = FILES.slice(0, index).map(({ name }) => name);
      expect(before).toEqual(expect.arrayContaining([...file.dependencies]));
      expect(textsOf(Buffer.from(file.descriptor, 'base64'), 3)).toEqual(file.dependencies);
    });
  });
});

test.each([
  [
    'a symbol',
    writeText(ASK.symbol, 'mirastack.plugin.v1.Nothing'),
    'symbol mirastack.plugin.v1.Nothing not found',
  ],
  ['a prototype', writeText(ASK.symbol, '__proto__'), 'symbol __proto__ not found'],
  ['a file', writeText(ASK.file, '../../etc/passwd'), 'file ../../etc/passwd not found'],
  ['an extension', writeBytes(ASK.extension, writeText(1, 'x')), 'extension not found'],
  ['a type', writeText(ASK.extensionsOf, 'x'), 'type x not found'],
])('%s that is not there is an answer, not the end', async (_what, question, message) => {
  const error = (await askOne(question)).get(ANSWER.error) ?? Buffer.of();
  expect(Buffer.from(error.subarray(0, 2))).toEqual(Buffer.from([0x08, STATUS.NOT_FOUND]));
  expect(textsOf(error, 2)).toEqual([message]);
});

test('a type has no extensions', async () => {
  const answer = (await askOne(writeText(ASK.extensionsOf, 'mirastack.plugin.v1.InfoResponse'))).get(
    ANSWER.extensions,
  );
  expect(textsOf(answer ?? Buffer.of(), 1)).toEqual(['mirastack.plugin.v1.InfoResponse']);
});

test.each([
  ['nothing asked', PROTO_TYPE, Buffer.of(), 'ServerReflectionRequest: no question that is known here'],
  [
    'an unknown question',
    PROTO_TYPE,
    writeText(99, 'x'),
    'ServerReflectionRequest: no question that is known here',
  ],
  ['a cut message', PROTO_TYPE, Buffer.from([0x22, 9]), 'ServerReflectionRequest: malformed protobuf'],
  ['JSON', 'application/grpc+json', Buffer.from('{"list_services":""}'), 'reflection speaks protobuf only'],
])('%s ends the call', async (_what, contentType, question, message) => {
  const stream = start(contentType);
  stream.send(question);
  stream.send(writeText(ASK.list, ''));
  await expect.poll(() => [stream.status, stream.message]).toEqual([STATUS.INVALID_ARGUMENT, message]);
  expect(stream.messages).toEqual([]);
});

test('questions are answered in their order while the call stays open', async () => {
  const stream = start();
  for (let i = 0; i < 200; i++) stream.send(writeText(ASK.symbol, `x${i}`));
  await expect.poll(() => stream.messages.length).toBe(200);
  const errors = stream.messages.map((message) => String(message.subarray(-24)));
  expect(errors.every((text, i) => text.includes(`symbol x${i} not found`))).toBe(true);
  stream.send(writeText(ASK.list, ''));
  await expect.poll(() => stream.messages.length).toBe(201);
  stream.finish();
  await expect.poll(() => stream.status).toBe(STATUS.OK);
});

test('a call that stays open, or reads nothing, does not hold the end', async () => {
  const idle = start();
  idle.send(writeText(ASK.list, ''));
  await expect.poll(() => idle.messages.length).toBe(1);
  const deaf = start(PROTO_TYPE, PATHS[1], 0);
  for (let i = 0; i < 200; i++) deaf.send(writeText(ASK.symbol, 'mirastack.plugin.v1.PluginService'));
  await expect.poll(() => deaf.headers[':status']).toBe(200);
  const startedAt = performance.now();
  await server.close(20_000);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
