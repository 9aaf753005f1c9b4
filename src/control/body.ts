import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from './api.ts';
import { Refusal } from './refusals.ts';

const MAX_DEPTH = 64;

/** The whole body. Reads by events, because leaving a `for await` would cut the socket before the refusal is sent. */
function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new Refusal('body-too-large'));
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
      refuse();
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else refuse();
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('The connection closed inside the body.')));
  });
}

/** Refuses what would do harm, or change its value, further in. */
function checkValue(value: unknown, place: string, depth: number): void {
  const refuse = (reason: string) => new Refusal('bad-request', { message: `${place} ${reason}` });
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw refuse('is too large a number to arrive exactly; send it as a string.');
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) throw refuse(`is nested deeper than ${MAX_DEPTH} levels.`);
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') throw refuse('must not have a key named __proto__.');
    const inner = Array.isArray(value) ? `${place}[${key}]` : `${place}.${key}`;
    checkValue(item, depth === 0 ? key : inner, depth + 1);
  }
}

/** The JSON value in a request's body: UTF-8, at most 8 MiB, at most 64 levels deep. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal('bad-request', { message: 'The body is not JSON in UTF-8.' });
  }
  checkValue(value, 'The body', 0);
  return value;
}
