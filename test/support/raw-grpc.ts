/** A gRPC peer on nothing but HTTP/2, for tests of the wire itself: it sends what no library would and repairs nothing it receives. */
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface RawRequest {
  readonly port: number;
  readonly path: string;
  /** Sent as it stands; null sends no content type at all. */
  readonly contentType: string | null;
  /** The text of the one message; null sends a message of zero length. */
  readonly body: Buffer | string | null;
  /** Sent instead of a well-formed frame around `body`; an empty buffer sends no message. */
  readonly frame?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long to wait for the end of the reply; 10 s when left out. */
  readonly timeoutMs?: number;
}

export interface RawReply {
  readonly headers: http2.IncomingHttpHeaders;
  readonly trailers: http2.IncomingHttpHeaders;
  /** The first message of the reply: empty for a message of zero length, null when there was none. */
  readonly body: Buffer | null;
  /** From the trailers, else from the headers; -1 when the peer sent none. */
  readonly status: number;
  readonly message: string;
}

export interface RawCall {
  readonly path: string;
  readonly headers: http2.IncomingHttpHeaders;
  /** The first message of the request, empty when there was none. */
  readonly body: Buffer;
}

export interface RawAnswer {
  /** Left out: the answer has no message, and the status stands in the headers. */
  readonly body?: Buffer | string;
  readonly status?: number;
  readonly message?: string;
  /** The request's own when left out. */
  readonly contentType?: string;
}

export interface RawServer {
  readonly port: number;
  /** Every call received, in the order in which their requests were complete. */
  readonly calls: RawCall[];
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/** Makes one unary call. Rejects when there is no complete reply: no connection, a reset stream, no end within the time. */
export function callRaw(request: RawRequest): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://127.0.0.1:${request.port}`);
    const timeoutMs = request.timeoutMs ?? 10_000;
    const timer = setTimeout(
      () => fail(new Error(`${request.path}: no complete reply within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const fail = (error: Error): void => {
      clearTimeout(timer);
      session.destroy();
      reject(error);
    };
    session.on('error', fail);
    const stream = session.request({
      ':method': 'POST',
      ':path': request.path,
      ...(request.contentType === null ? {} : { 'content-type': request.contentType }),
      te: 'trailers',
      ...request.headers,
    });
    let headers: http2.IncomingHttpHeaders = {};
    let trailers: http2.IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on('response', (received) => (headers = received));
    stream.on('trailers', (received) => (trailers = received));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', fail);
    stream.on('close', () => {
      const text = trailers['grpc-status'] ?? headers['grpc-status'];
      // On a cut connection the data ends as on a whole reply; the reset code tells them apart.
      if (text === undefined && stream.rstCode !== 0)
        return fail(new Error(`${request.path}: cut off before the end of the reply`));
      clearTimeout(timer);
      session.close();
      const message = decodeMessage(String(trailers['grpc-message'] ?? headers['grpc-message'] ?? ''));
      resolve({
        headers,
        trailers,
        body: firstMessage(Buffer.concat(chunks)),
        status: text === undefined ? -1 : Number(text),
        message,
      });
    });
    stream.end(request.frame ?? frameMessage(Buffer.from(request.body ?? '')));
  });
}

/** Serves every path with one handler on 127.0.0.1, on a free port unless one is given. A handler that throws answers UNKNOWN. */
export async function serveRaw(
  handler: (call: RawCall) => RawAnswer | Promise<RawAnswer>,
  port = 0,
): Promise<RawServer> {
  const calls: RawCall[] = [];
  const sessions = new Set<http2.ServerHttp2Session>();
  const server = http2.createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => stream.destroy());
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', async () => {
      const call = {
        path: String(headers[':path']),
        headers,
        body: firstMessage(Buffer.concat(chunks)) ?? Buffer.alloc(0),
      };
      calls.push(call);
      const answer = await Promise.resolve(call)
        .then(handler)
        .catch((error: unknown) => ({ status: 2, message: String(error) }));
      if (!stream.destroyed)
        sendAnswer(stream, String(headers['content-type'] ?? 'application/grpc'), answer);
    });
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of sessions) session.destroy();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, calls, close };
}

function sendAnswer(stream: http2.ServerHttp2Stream, requestType: string, answer: RawAnswer): void {
  const head = { ':status': 200, 'content-type': answer.contentType ?? requestType };
  const outcome = {
    'grpc-status': String(answer.status ?? 0),
    'grpc-message': encodeMessage(answer.message ?? ''),
  };
  if (answer.body === undefined) {
    stream.respond({ ...head, ...outcome }, { endStream: true });
    return;
  }
  stream.respond(head, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(outcome));
  stream.end(frameMessage(Buffer.from(answer.body)));
}

function frameMessage(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function firstMessage(bytes: Buffer): Buffer | null {
  return bytes.length < 5 ? null : bytes.subarray(5, 5 + bytes.readUInt32BE(1));
}

/** `grpc-message` is UTF-8 with everything outside printable ASCII, and `%` itself, percent-encoded. */
function encodeMessage(message: string): string {
  return message.replace(/[^\x20-\x24\x26-\x7e]+/gu, encodeURIComponent);
}

function decodeMessage(message: string): string {
  return message.replace(/(?:%[0-9a-f]{2})+/giu, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
  );
}
