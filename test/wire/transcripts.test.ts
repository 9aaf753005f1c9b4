import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { METHODS, type MessageTypes } from '../../src/wire/generated/messages.ts';
import { decodeJson, encodeJson } from '../../src/wire/json-codec.ts';
import type { PeerLanguage } from '../../src/wire/peer.ts';
import { createServer, type WireServer } from '../../src/wire/server.ts';
import { STATUS } from '../../src/wire/status.ts';
import { callRaw } from '../support/raw-grpc.ts';
import { loadTranscripts, normaliseMessage, type TranscriptLine } from '../support/transcripts.ts';

const transcripts = loadTranscripts();

const peerOf = (name: string): PeerLanguage => (name.startsWith('python') ? 'python' : 'go');

/** The fields that travel as bytes; written out, so that the codec's own table is not its judge. */
const BYTES = new Set([
  'params_json',
  'result_json',
  'params_json_schema',
  'result_json_schema',
  'input_params',
  'output_params',
  'value',
  'data_json',
  'context_json',
]);

/** What a bytes field says, by the habit of who wrote it; JSON inside it is compared as JSON. */
function readBytes(text: string, peer: PeerLanguage): unknown {
  const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0;
  const plain = Buffer.from(text, 'base64').toString('latin1');
  for (const candidate of isBase64 ? [Buffer.from(text, 'base64').toString('utf8'), text] : [text]) {
    try {
      return JSON.parse(candidate);
    } catch {}
  }
  return peer === 'python' ? Buffer.from(text, 'utf8').toString('latin1') : plain;
}

function comparable(value: unknown, peer: PeerLanguage, key = ''): unknown {
  if (typeof value === 'string' && BYTES.has(key)) return readBytes(value, peer);
  if (Array.isArray(value)) return value.map((item) => comparable(item, peer));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'extra');
  return Object.fromEntries(entries.map(([name, item]) => [name, comparable(item, peer, name)]));
}

interface Recorded {
  readonly message: keyof MessageTypes;
  readonly text: string;
}

function messagesOf(line: TranscriptLine): Recorded[] {
  const service = line.from === 'agent' ? METHODS.EngineService : METHODS.PluginService;
  const method = (service as Record<string, { request: keyof MessageTypes; response: keyof MessageTypes }>)[
    line.method
  ];
  if (method === undefined) return [];
  const reply = line.from === 'agent' ? JSON.stringify(line.answered) : line.reply.raw;
  return [
    ...(line.raw === null ? [] : [{ message: method.request, text: line.raw }]),
    ...(reply === null ? [] : [{ message: method.response, text: reply }]),
  ];
}

const isObjectText = (text: string): boolean => {
  try {
    const value = JSON.parse(text);
    return value === null || (typeof value === 'object' && !Array.isArray(value));
  } catch {
    return false;
  }
};

describe.each(transcripts)('$name', ({ name, lines }) => {
  const peer = peerOf(name);
  const recorded = lines.flatMap(messagesOf).filter(({ text }) => isObjectText(text));

  test('was read whole', () => {
    expect(recorded.length).toBeGreaterThan(40);
  });

  test.each(recorded)('$message survives: $text', ({ message, text }) => {
    const decoded = decodeJson(message, Buffer.from(text, 'utf8'), peer);
    const encoded = JSON.parse(encodeJson(message, decoded as never, peer).toString('utf8'));
    const original = JSON.parse(text);
    expect(normaliseMessage(comparable(encoded, peer))).toEqual(normaliseMessage(comparable(original, peer)));
  });
});

/** What our server answers to the lines that are no message, where it is not OK. */
const MALFORMED: Record<string, keyof typeof STATUS> = {
  'application/grpc+json Info {': 'INVALID_ARGUMENT',
  'application/grpc+json Info []': 'INVALID_ARGUMENT',
  'application/grpc+json Info <zero bytes>': 'INVALID_ARGUMENT',
  'application/grpc+json Embed {}': 'UNIMPLEMENTED',
  'application/grpc+json Nope {}': 'UNIMPLEMENTED',
  // Neither JSON, which begins with a brace there, nor protobuf.
  'application/grpc Info {': 'INVALID_ARGUMENT',
  'application/grpc Info []': 'INVALID_ARGUMENT',
  'application/grpc Info null': 'INVALID_ARGUMENT',
  'application/grpc Embed {}': 'UNIMPLEMENTED',
  'application/grpc Nope {}': 'UNIMPLEMENTED',
  // JSON text announced as protobuf.
  'application/grpc+proto Info {}': 'INVALID_ARGUMENT',
  'application/grpc+proto GetSchema {}': 'INVALID_ARGUMENT',
  'application/grpc+proto HealthCheck {}': 'INVALID_ARGUMENT',
};

describe("the engine's lines against our server", () => {
  let server: WireServer;
  let port: number;
  const crashes: unknown[] = [];

  beforeAll(async () => {
    server = createServer({
      services: {
        PluginService: {
          Info: () => ({}),
          GetSchema: () => ({}),
          Execute: () => ({}),
          HealthCheck: () => ({}),
          ConfigUpdated: () => ({}),
        },
      },
      onInternalError: (error) => crashes.push(error),
    });
    port = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close(0));

  const calls = transcripts.flatMap(({ lines }) =>
    lines.flatMap((line) => (line.from === 'engine' ? [line] : [])),
  );

  test('every row of the table stands for a recorded line', () => {
    const keys = calls.map((line) => `${line.contentType} ${line.method} ${line.raw ?? '<zero bytes>'}`);
    expect(Object.keys(MALFORMED).filter((key) => !keys.includes(key))).toEqual([]);
  });

  test.each(calls)('$contentType $method $raw', async ({ contentType, method, raw }) => {
    const path = `/mirastack.plugin.v1.PluginService/${method}`;
    const reply = await callRaw({ port, path, contentType, body: raw });
    const expected = MALFORMED[`${contentType} ${method} ${raw ?? '<zero bytes>'}`] ?? 'OK';
    expect([reply.status, reply.message]).toEqual([STATUS[expected], expect.any(String)]);
    expect(crashes).toEqual([]);
  });
});
