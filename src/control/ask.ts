import { Agent, type IncomingMessage, request as openRequest } from 'node:http';
import { messageOf, systemCode, UserError } from '../support/errors.ts';

/** One request to the API. */
export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON in UTF-8. */
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
  /** How long the whole answer may take; left out, as long as it takes. */
  readonly timeoutMs?: number;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Nothing usable answers at the URL. */
export function notReachable(url: string, reason: string, cause?: unknown): UserError {
  return new UserError({
    kind: 'unreachable',
    code: 'engine-not-reachable',
    message: `The engine at ${url} is not reachable: ${reason}.`,
    hint: 'Start one with `mirastack-agent dev` or `mirastack-agent engine`.',
    cause,
  });
}

/** Why a connection failed, in words. */
export function reasonOf(error: unknown): string {
  const code = systemCode(error);
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'it closed the connection before it had answered';
  return messageOf(error);
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Asks once, on a connection of its own that ends with the answer, so that a command can exit. No proxy
 * and no redirect: an agent of our own ignores the proxy variables, and `node:http` follows nothing.
 * @throws UserError `engine-not-reachable`, or the signal's reason once it has fired
 */
export async function ask(url: string, token: string, question: Question): Promise<Reply> {
  const { method, path, body, signal, timeoutMs } = question;
  signal?.throwIfAborted();
  const silence = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signals = [signal, silence].filter((item) => item !== undefined);
  const request = openRequest(new URL(path, url), {
    method,
    agent: new Agent({ keepAlive: false }),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
    },
    ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
  });
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      // Stays for errors after the response, which its reader reports.
      request.on('error', reject);
      request.end(body);
    });
    return { status: response.statusCode ?? 0, text: await readText(response) };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = silence?.aborted ? `it did not answer within ${timeoutMs} ms` : reasonOf(error);
    throw notReachable(url, reason, error);
  }
}
