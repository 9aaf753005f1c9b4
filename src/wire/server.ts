import type http2 from 'node:http2';
import net from 'node:net';
import * as grpc from '@grpc/grpc-js';
import { bytesMethod, Call, JSON_HEADERS, keepContentType } from './call.ts';
import { PACKAGE } from './generated/messages.ts';
import { addHealth, HEALTH_SERVICE, WATCH_PATH } from './health.ts';
import { decodeJson, encodeJson } from './json-codec.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import { addReflection, REFLECTION_PATHS, REFLECTION_SERVICES } from './reflection.ts';
import {
  type CallContext,
  type MethodName,
  type MethodSpec,
  methodSpec,
  type ServiceHandlers,
  type ServiceName,
} from './service.ts';
import { STATUS, WireError } from './status.ts';

/** Streams that stay open for as long as the caller likes, so a server that closes does not wait for them. */
const STANDING_PATHS = new Set([WATCH_PATH, ...REFLECTION_PATHS]);
/** How long a socket without any call may linger once the server closes. */
const IDLE_CLOSE_MS = 200;

/** What to serve. */
export interface ServerOptions {
  readonly services: { readonly [Service in ServiceName]?: ServiceHandlers<Service> };
  /** Called for what a handler threw that is no WireError; the caller gets INTERNAL without its text. */
  readonly onInternalError: (error: unknown, method: string) => void;
  /** Fires when the end begins: health says NOT_SERVING from then on, at the latest from `close`. */
  readonly draining?: AbortSignal;
}

/**
 * A gRPC server that speaks JSON and protobuf on one port. Beside its services it serves `grpc.health.v1`
 * and server reflection.
 */
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

/** The protobuf codec costs as much as the rest of a start, so it loads with the first such message. */
const loadProtoCodec = () => import('./proto-codec.ts');

type AnyHandler = (request: unknown, context: CallContext) => unknown;

/** A status text travels in a header, and one of 100 KB stalls the whole connection in Node's HTTP/2. */
const MAX_STATUS_CHARS = 1_000;

function shorten(text: string): string {
  return text.length > MAX_STATUS_CHARS ? `${text.slice(0, MAX_STATUS_CHARS)}…` : text;
}

function toStatus(error: unknown, path: string, options: ServerOptions): Partial<grpc.StatusObject> {
  if (error instanceof WireError) return { code: error.code, details: shorten(error.message) };
  options.onInternalError(error, path);
  return { code: STATUS.INTERNAL, details: 'internal error' };
}

/**
 * One method as grpc-js calls it. It is one function that awaits nothing but the handler, because every layer
 * of promises is paid for with every call.
 */
function unaryMethod(spec: MethodSpec, handler: AnyHandler, options: ServerOptions) {
  return async (
    received: grpc.ServerUnaryCall<Buffer, Buffer>,
    answer: grpc.sendUnaryData<Buffer>,
  ): Promise<void> => {
    let call: Call | undefined;
    let body: Buffer;
    try {
      call = new Call(received, received.request);
      const proto = call.codec === 'proto' ? await loadProtoCodec() : undefined;
      const request = proto
        ? proto.decodeProto(spec.request, received.request)
        : decodeJson(spec.request, received.request, call.peer);
      const response = (await handler(request, call)) as never;
      body = proto
        ? proto.encodeProto(spec.response, response)
        : encodeJson(spec.response, response, call.peer);
      call.isAnswered = true;
      if (!proto) received.sendMetadata(JSON_HEADERS);
    } catch (error) {
      if (call !== undefined) call.isAnswered = true;
      answer(toStatus(error, spec.path, options));
      return;
    }
    answer(null, body);
  };
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
    definition[method] = bytesMethod(spec.path);
    implementation[method] = unaryMethod(spec, handler as AnyHandler, options);
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
  const endStream = () => openStreams--;
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // As the Go SDK's server: a ping after 30 s idle, 10 s for the answer (protocol.md §1.3).
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    // Nobody asks an agent for grpc-js' own statistics, and every call pays for them.
    'grpc.enable_channelz': 0,
  });
  onStream(server, (stream, headers) => {
    keepContentType(headers);
    if (STANDING_PATHS.has(headers[':path'] ?? '')) return;
    openStreams++;
    stream.once('close', endStream);
  });
  for (const [service, handlers] of Object.entries(options.services))
    addService(server, service as ServiceName, handlers as ServiceHandlers<ServiceName>, options);
  const services = Object.keys(options.services).map((service) => `${PACKAGE}.${service}`);
  const endWith = (error: unknown, path: string) => toStatus(error, path, options);
  const health = addHealth(server, services, endWith);
  addReflection(server, [...services, HEALTH_SERVICE, ...REFLECTION_SERVICES], endWith);
  options.draining?.addEventListener('abort', health.stopServing, { once: true });

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
        health.stopServing();
        health.endWatches();
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
