/** A streaming gRPC call on nothing but HTTP/2, beside raw-grpc.ts for the unary ones. */
import { once } from 'node:events';
import http2 from 'node:http2';

export interface RawStream {
  /** Every message received so far. */
  readonly messages: Buffer[];
  readonly headers: http2.IncomingHttpHeaders;
  /** The status of the end; undefined while it is open, -1 when it was cut off. */
  readonly status: number | undefined;
  /** The text that came with the status. */
  readonly message: string;
  /** Sends one message. */
  send(body: Buffer | string): void;
  /** Says that no more messages come. */
  finish(): void;
  /** Cuts the connection. */
  close(): Promise<void>;
}

/** Opens a call; it stays open until the server ends it or `close`. */
export function openRaw(request: {
  readonly port: number;
  readonly path: string;
  readonly contentType: string;
  /** How many bytes the server may send; the default of HTTP/2 when left out. */
  readonly window?: number;
}): RawStream {
  const settings = request.window === undefined ? {} : { initialWindowSize: request.window };
  const session = http2.connect(`http://127.0.0.1:${request.port}`, { settings });
  const state = {
    messages: [] as Buffer[],
    headers: {} as http2.IncomingHttpHeaders,
    status: undefined as number | undefined,
    message: '',
  };
  session.on('error', () => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': request.path,
    'content-type': request.contentType,
    te: 'trailers',
  });
  const readStatus = (headers: http2.IncomingHttpHeaders) => {
    if (headers['grpc-status'] === undefined) return;
    state.status = Number(headers['grpc-status']);
    state.message = decodeURIComponent(String(headers['grpc-message'] ?? ''));
  };
  let rest = Buffer.alloc(0);
  stream.on('response', (headers) => {
    state.headers = headers;
    readStatus(headers);
  });
  stream.on('trailers', readStatus);
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1); ) {
      const end = 5 + rest.readUInt32BE(1);
      state.messages.push(rest.subarray(5, end));
      rest = rest.subarray(end);
    }
  });
  stream.on('error', () => undefined);
  stream.on('close', () => {
    state.status ??= -1;
  });
  return Object.assign(state, {
    send: (body: Buffer | string) => {
      const message = Buffer.from(body);
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      stream.write(Buffer.concat([prefix, message]));
    },
    finish: () => void stream.end(),
    close: async () => {
      if (session.destroyed) return;
      session.destroy();
      await once(session, 'close');
    },
  });
}
