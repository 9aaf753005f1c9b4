import { Agent, type IncomingMessage, request as openRequest } from 'node:http';
import { type EventGap, PATHS, type ShownEvent } from './api.ts';
import { notReachable, reasonOf } from './ask.ts';
import { rebuildError } from './envelope.ts';

/** Pauses between attempts to take up a broken stream: an engine that is gone is told soon. */
const RETRY_MS = [0, 100, 500];

interface Message {
  readonly id: number | undefined;
  /** Undefined where the message only says where the stream stands. */
  readonly data: string | undefined;
}

function parseMessage(text: string): Message {
  const valuesOf = (field: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${field}: `))
      .map((line) => line.slice(field.length + 2));
  const id = valuesOf('id').at(-1);
  const data = valuesOf('data');
  return {
    id: id === undefined ? undefined : Number(id),
    data: data.length > 0 ? data.join('\n') : undefined,
  };
}

/** The server-sent messages of a response; what a broken connection left half is passed over. */
async function* readMessages(response: AsyncIterable<Buffer>): AsyncGenerator<Message, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response) {
    rest += decoder.decode(chunk, { stream: true });
    const messages = rest.split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) yield parseMessage(message);
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function open(
  url: string,
  token: string,
  since: number | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = openRequest(new URL(PATHS.stream, url), {
    agent: new Agent({ keepAlive: false }),
    signal,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(since === undefined ? {} : { 'last-event-id': since }),
    },
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.end();
  });
  if (response.statusCode === 200) return response;
  const text = await readAll(response);
  let answer: { readonly error?: unknown } | undefined;
  try {
    answer = JSON.parse(text) as { readonly error?: unknown };
  } catch {
    answer = undefined;
  }
  throw rebuildError(answer, url) ?? notReachable(url, `it answered with status ${response.statusCode}`);
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** See `ControlClient.follow`. */
export async function* followEvents(
  url: string,
  token: string,
  { since, signal }: { readonly since?: number; readonly signal: AbortSignal },
): AsyncGenerator<ShownEvent | EventGap, never, void> {
  let last = since;
  let attempt = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      const response = await open(url, token, last, signal);
      attempt = 0;
      for await (const { id, data } of readMessages(response)) {
        last = id ?? last;
        if (data !== undefined) yield JSON.parse(data) as ShownEvent | EventGap;
      }
    } catch (error) {
      signal.throwIfAborted();
      // What the API itself refuses stays refused.
      if (error instanceof Error && !('syscall' in error) && !isBroken(error)) throw error;
      if (attempt === RETRY_MS.length) throw notReachable(url, reasonOf(error), error);
    }
    await wait(RETRY_MS[attempt] ?? 0);
    attempt++;
  }
}

const isBroken = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET';
