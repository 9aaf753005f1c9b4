import type { ServerResponse } from 'node:http';
import { UserError } from '../support/errors.ts';
import { wrapError } from './envelope.ts';
import { Refusal, STATUS_BY_KIND } from './refusals.ts';

/** On every answer. There are no CORS headers, on purpose: no other origin may read anything here. */
export const ANSWER_HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Answers with a JSON value. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  // First the text: a value that cannot be written must not leave a half-sent answer.
  const text = Buffer.from(`${JSON.stringify(value)}\n`);
  response.writeHead(status, {
    ...ANSWER_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': text.length,
    ...headers,
  });
  response.end(text);
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  return error instanceof UserError ? STATUS_BY_KIND[error.kind] : 500;
}

/** Answers with an error. The connection ends with it, so that an unread body cannot keep it busy. */
export function sendError(response: ServerResponse, error: unknown): void {
  const headers = error instanceof Refusal ? error.headers : {};
  sendJson(response, statusOf(error), wrapError(error), { ...headers, connection: 'close' });
}
