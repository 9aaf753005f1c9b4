import type http2 from 'node:http2';
import net from 'node:net';
import * as grpc from '@grpc/grpc-js';
import { decodeJson, encodeJson } from './json-codec.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import { type Codec, profilePeer, requestedCodec } from './peer.ts';
import {
  type CallContext,
  type MethodName,
  methodSpec,
  type ServiceHandlers,
  type ServiceName,
} from './service.ts';
import { STATUS, WireError } from './status.ts';

const OPEN_BRACE = 0x7b;
/** grpc-js hides the content type from handlers; it travels to them under this name. */
const RECEIVED_TYPE_HEADER = 'x-received-content-type';
/** How long a socket without any call may linger once the server closes. */
const IDLE_CLOSE_MS = 200;

/** What to serve. */
export interface ServerOptions {
  readonly services: { readonly [Service in ServiceName]?: ServiceHandlers<Service> };
  /** Called for what a handler threw that is no WireError; the caller gets INTERNAL without its text. */
  readonly onInternalError: (error: unknown, method: string) => void;
}

/** A gRPC server that speaks JSON and protobuf on one port. */
export interface WireServer {
  /**
   * Binds and starts to serve; resolves with the port that was bound.
   * @throws the system error of the bind (`EADDRINUSE`, `EACCES`, …)
   */
  listen(address: { readonly host: string | undefined; readonly port: number }): Promise<number>;
  /**
   * Stops taking connections and calls, lets running calls finish within `graceMs`, then closes every
   * socket. Always resolves: a half-sent stream or a silent connection cannot hold it (faults.md 0.2).
   */
  close(graceMs: number): Promise<void>;
}

/**
 * Calls the listener with each stream before grpc-js sees it. `createHttp2Server` is private: the version
 * is pinned, and this fails at once where the method is missing.
 */
function onStream(
  server: grpc.Server,
  listener: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
): void {
  const target = server as unknown as {
    createHttp2Server: (credentials: grpc.ServerCredentials) => http2.Http2Server;
  };
  if (typeof target.createHttp2Server !== 'function')
    throw new Error('this version of @grpc/grpc-js is not supported, use 1.14.7');
  const original = target.createHttp2Server.bind(server);
  target.createHttp2Server = (credentials) => original(credentials).prependListener('stream', listener);
}

interface DecodedCall {
  readonly codec: Codec;
  readonly context: Omit<CallContext, 'signal'>;
}

/** Chooses the codec of a call: by its content type, or by the body where that says nothing. */
function readCall(metadata: grpc.Metadata, body: Buffer): DecodedCall {
  const header = (name: string) => metadata.get(name)[0]?.toString();
  const requested = requestedCodec(header(RECEIVED_TYPE_HEADER));
  if (requested === undefined)
    throw new WireError(
      'INVALID_ARGUMENT',
      `content type ${JSON.stringify(header(RECEIVED_TYPE_HEADER))} is not served: expected application/grpc, application/grpc+json or application/grpc+proto`,
    );
  const codec = requested === 'bare' ? (body[0] === OPEN_BRACE ? 'json' : 'proto') : requested;
  const pluginName = header('x-plugin-name');
  const peer = profilePeer({ requested, userAgent: header('user-agent') ?? '', pluginName });
  return { codec, context: { peer, pluginName } };
}

/** The protobuf codec costs as much as the rest of a start, so it loads with the first such message. */
const loadProtoCodec = () => import('./proto-codec.ts');

type AnyHandler = (request: unknown, context: CallContext) => unknown;

async function answer(
  spec: ReturnType<typeof methodSpec>,
  handler: AnyHandler,
  call: grpc.ServerUnaryCall<Buffer, Buffer>,
): Promise<Buffer> {
  const abort = new AbortController();
  call.on('cancelled', () => abort.abort(new WireError('CANCELLED', 'the caller gave up')));
  const { codec, context } = readCall(call.metadata, call.request);
  const proto = codec === 'proto' ? await loadProtoCodec() : undefined;
  const request = proto
    ? proto.decodeProto(spec.request, call.request)
    : decodeJson(spec.request, call.request, context.peer);
  const response = (await handler(request, { ...context, signal: abort.signal })) as object;
  if (proto) return proto.encodeProto(spec.response, response as never);
  // Only normal answers carry the type; Go reads any that starts with application/grpc (protocol.md §1.2).
  const headers = new grpc.Metadata();
  headers.set('content-type', 'application/grpc+json');
  call.sendMetadata(headers);
  return encodeJson(spec.response, response as never, context.peer);
}

function toStatus(error: unknown, path: string, options: ServerOptions): Partial<grpc.StatusObject> {
  if (error instanceof WireError) return { code: error.code, details: error.message };
  options.onInternalError(error, path);
  return { code: STATUS.INTERNAL, details: 'internal error' };
}

function addService<Service extends ServiceName>(
  server: grpc.Server,
  service: Service,
  handlers: ServiceHandlers<Service>,
  options: ServerOptions,
): void {
  const definition: Record<string, grpc.MethodDefinition<Buffer, Buffer>> = {};
  const implementation: grpc.UntypedServiceImplementation = {};
  for (const [method, handler] of Object.entries(handlers)) {
    const spec = methodSpec(service, method as MethodName<Service>);
    definition[method] = {
      path: spec.path,
      requestStream: false,
      responseStream: false,
      // Bodies stay bytes until our own code decodes them: grpc-js would turn bad input into INTERNAL.
      requestSerialize: (body) => body,
      requestDeserialize: (body) => body,
      responseSerialize: (body) => body,
      responseDeserialize: (body) => body,
    };
    implementation[method] = (
      call: grpc.ServerUnaryCall<Buffer, Buffer>,
      callback: grpc.sendUnaryData<Buffer>,
    ) => {
      answer(spec, handler as AnyHandler, call).then(
        (body) => callback(null, body),
        (error: unknown) => callback(toStatus(error, spec.path, options)),
      );
    };
  }
  server.addService(definition, implementation);
}

/** Waits until every socket is closed, ending those that do not close by themselves. */
async function drainSockets(
  sockets: ReadonlySet<net.Socket>,
  graceMs: number,
  openStreams: () => number,
): Promise<void> {
  const closed = () =>
    Promise.all([...sockets].map((socket) => new Promise((done) => socket.once('close', done))));
  if (sockets.size === 0) return;
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const forced = new Promise<void>((resolve) => {
    const check = () => {
      const elapsed = performance.now() - startedAt;
      if (elapsed >= graceMs || (openStreams() === 0 && elapsed >= Math.min(graceMs, IDLE_CLOSE_MS)))
        resolve();
      else timer = setTimeout(check, 25);
    };
    check();
  });
  await Promise.race([closed(), forced]);
  clearTimeout(timer);
  const rest = closed();
  for (const socket of sockets) socket.destroy();
  await rest;
}

/** Makes a server for the given services; nothing is bound yet. */
export function createServer(options: ServerOptions): WireServer {
  let openStreams = 0;
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // As the Go SDK's server: a ping after 30 s idle, 10 s for the answer (protocol.md §1.3).
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
  });
  onStream(server, (stream, headers) => {
    headers[RECEIVED_TYPE_HEADER] = headers['content-type'];
    openStreams++;
    stream.once('close', () => openStreams--);
  });
  for (const [service, handlers] of Object.entries(options.services))
    addService(server, service as ServiceName, handlers as ServiceHandlers<ServiceName>, options);

  // The sockets are ours, because grpc-js cannot end silent ones.
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const sockets = new Set<net.Socket>();
  const listener = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    injector.injectConnection(socket);
  });
  let closing: Promise<void> | undefined;

  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        listener.once('error', reject);
        listener.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
          listener.off('error', reject);
          resolve((listener.address() as net.AddressInfo).port);
        });
      }),
    close: (graceMs) => {
      closing ??= (async () => {
        const unbound = new Promise<void>((done) =>
          listener.listening ? listener.close(() => done()) : done(),
        );
        injector.drain(graceMs);
        await drainSockets(sockets, graceMs, () => openStreams);
        injector.destroy();
        server.forceShutdown();
        await unbound;
      })();
      return closing;
    },
  };
}
