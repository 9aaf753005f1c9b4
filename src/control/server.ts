import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Engine } from '../engine/index.ts';
import { messageOf, UserError } from '../support/errors.ts';
import { sendError, sendJson } from './answer.ts';
import { readJson } from './body.ts';
import { findRefusal, ownHosts } from './checks.ts';
import { EventFeed } from './event-feed.ts';
import { Refusal } from './refusals.ts';
import { type Call, findRoute, methodsOf, type Route } from './routes/index.ts';
import { findFault, ref, type Schema } from './schema.ts';
import { apiSchemas } from './schemas/index.ts';

export interface ControlOptions {
  readonly engine: Engine;
  /** Version of this package, told to clients. */
  readonly version: string;
  /** Milliseconds that a client of the events may read nothing while megabytes wait for it. Default 5,000. */
  readonly stallMs?: number;
  /** Hears of every error that is our bug; its caller gets status 500. */
  readonly onInternalError?: (error: unknown) => void;
}

/** The local HTTP API of a running engine. */
export interface ControlServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** 32 random bytes as hex. Its place is the session file, never an output. */
  readonly token: string;
  /** Stops listening and cuts every connection, which cancels running invokes; resolves when all are closed. Idempotent. */
  close(): Promise<void>;
}

/** A client on this machine sends its request at once; one that does not must not hold a socket. */
const HTTP_OPTIONS = {
  // A request without Host is answered by our own check, with its status.
  requireHostHeader: false,
  headersTimeout: 5_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
};

interface Listening extends ControlOptions {
  readonly hosts: readonly string[];
  readonly token: string;
  readonly feed: EventFeed;
}

/** What a query says, as its schema reads it: numbers travel as digits. */
function checkQuery(route: Route, query: URLSearchParams): Call['query'] {
  for (const [name, schema] of Object.entries(route.query ?? {})) {
    const given = query.get(name);
    if (given === null) continue;
    const value = schema.type === 'integer' && /^\d{1,15}$/.test(given) ? Number(given) : given;
    check(schema, value, name);
  }
  return (name) => query.get(name) ?? undefined;
}

function check(schema: Schema, value: unknown, place: string): void {
  const fault = findFault(apiSchemas(), schema, value, place);
  if (fault !== undefined)
    throw new Refusal('bad-request', { message: `${fault.place} must be ${fault.expected}.` });
}

async function readBody(route: Route, request: IncomingMessage): Promise<unknown> {
  if (route.method === 'GET') return undefined;
  const body = await readJson(request);
  if (route.body !== undefined) check(ref(route.body), body, '');
  return body;
}

/** Where a client of the stream wants to go on; undefined for now. */
function resumePlace(request: IncomingMessage, query: Call['query']): number | undefined {
  const place = request.headers['last-event-id'] ?? query('since');
  if (typeof place !== 'string' || place === '') return undefined;
  check({ type: 'integer' }, /^\d{1,15}$/.test(place) ? Number(place) : place, 'Last-Event-ID');
  return Number(place);
}

async function handle(
  listening: Listening,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const caller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) caller.abort();
  });
  try {
    const method = request.method ?? '';
    const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
    const { hosts, token, engine, version } = listening;
    const refusal = findRefusal({ method, path, headers: request.headersDistinct, hosts, methodsOf, token });
    if (refusal) throw refusal;
    const match = findRoute(method, path);
    if (!match) throw new Error(`No route for ${method} ${path}, though the checks let it pass.`);
    const { route, parts } = match;
    const query = checkQuery(route, new URLSearchParams(search));
    if (route.perform === 'stream') {
      listening.feed.add(response, resumePlace(request, query));
      return;
    }
    const part = (name: string) => parts.get(name) ?? '';
    const body = await readBody(route, request);
    const call: Call = { engine, version, pid: process.pid, part, query, body, signal: caller.signal };
    sendJson(response, 200, await route.perform(call));
  } catch (error) {
    if (caller.signal.aborted) return;
    if (!(error instanceof UserError)) listening.onInternalError?.(error);
    sendError(response, error);
  }
}

/** Only 127.0.0.1: neither a name, which others may resolve otherwise, nor an address that the network reaches. */
function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Serves the API of an engine on a random port of this machine. */
export async function startControl(options: ControlOptions): Promise<ControlServer> {
  const server = createServer(HTTP_OPTIONS);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listen(server).catch((error: unknown) => {
    throw new UserError({
      kind: 'unreachable',
      code: 'control-not-started',
      message: `The control API cannot listen on 127.0.0.1: ${messageOf(error)}`,
      cause: error,
    });
  });
  const token = randomBytes(32).toString('hex');
  const listening: Listening = {
    ...options,
    token,
    hosts: ownHosts(port),
    feed: new EventFeed(options.engine, options.stallMs),
  };
  // No 'upgrade' listener: such a request arrives here like any other, and a check refuses it.
  server.on('request', (request, response) => void handle(listening, request, response));

  let closed: Promise<void> | undefined;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
