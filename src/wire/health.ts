import type * as grpc from '@grpc/grpc-js';
import { bytesMethod, Call, JSON_HEADERS, type ToStatus } from './call.ts';
import { WireError } from './status.ts';

/** The full name of the service. */
export const HEALTH_SERVICE = 'grpc.health.v1.Health';
const CHECK = `/${HEALTH_SERVICE}/Check`;
const LIST = `/${HEALTH_SERVICE}/List`;
/** The path of the method whose calls stay open. */
export const WATCH_PATH = `/${HEALTH_SERVICE}/Watch`;

/** A probe is rare and the start is not, so the messages load with the first one. */
const loadMessages = () => import('./health-messages.ts');

/** The health of one server, as `grpc.health.v1` tells it. */
export interface Health {
  /** NOT_SERVING from now on, and every watcher hears of it. Idempotent; there is no way back. */
  stopServing(): void;
  /** Ends every watch, and those still to come: a caller may try again elsewhere. */
  endWatches(): void;
}

/**
 * Serves `grpc.health.v1.Health`: SERVING for the server as a whole and for each of its services.
 * @param services their full names
 */
export function addHealth(server: grpc.Server, services: readonly string[], toStatus: ToStatus): Health {
  const names = ['', ...services];
  const watches = new Set<{ readonly tell: () => void; readonly end: () => void }>();
  let serving = true;
  let ended = false;
  const overall = () => (serving ? 'SERVING' : 'NOT_SERVING');

  async function check(call: grpc.ServerUnaryCall<Buffer, Buffer>): Promise<Buffer> {
    const { codec } = new Call(call, call.request);
    const messages = await loadMessages();
    const service = messages.decodeHealthRequest(codec, call.request);
    if (!names.includes(service))
      throw new WireError('NOT_FOUND', `unknown service ${JSON.stringify(service)}`);
    if (codec === 'json') call.sendMetadata(JSON_HEADERS);
    return messages.encodeHealthResponse(codec, overall());
  }

  async function list(call: grpc.ServerUnaryCall<Buffer, Buffer>): Promise<Buffer> {
    const { codec } = new Call(call, call.request);
    const { decodeHealthRequest, encodeHealthList } = await loadMessages();
    // Only to refuse what is no message: the request has no fields.
    decodeHealthRequest(codec, call.request);
    if (codec === 'json') call.sendMetadata(JSON_HEADERS);
    return encodeHealthList(codec, names, overall());
  }

  async function watch(call: grpc.ServerWritableStream<Buffer, Buffer>): Promise<void> {
    const { codec } = new Call(call, call.request);
    const { decodeHealthRequest, encodeHealthResponse } = await loadMessages();
    const known = names.includes(decodeHealthRequest(codec, call.request));
    if (call.cancelled) return;
    if (codec === 'json') call.sendMetadata(JSON_HEADERS);
    const tell = () => call.write(encodeHealthResponse(codec, known ? overall() : 'SERVICE_UNKNOWN'));
    const end = () => {
      watches.delete(entry);
      call.emit('error', toStatus(new WireError('UNAVAILABLE', 'the server is closing'), WATCH_PATH));
    };
    const entry = { tell: known ? tell : () => undefined, end };
    tell();
    if (ended) return end();
    watches.add(entry);
    call.once('cancelled', () => watches.delete(entry));
  }

  const unary =
    (path: string, answer: typeof check) =>
    (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>) => {
      answer(call).then(
        (body) => callback(null, body),
        (error: unknown) => callback(toStatus(error, path)),
      );
    };
  server.addService(
    {
      Check: bytesMethod(CHECK),
      List: bytesMethod(LIST),
      Watch: bytesMethod(WATCH_PATH, { response: true }),
    },
    {
      Check: unary(CHECK, check),
      List: unary(LIST, list),
      Watch: (call: grpc.ServerWritableStream<Buffer, Buffer>) => {
        watch(call).catch((error: unknown) => call.emit('error', toStatus(error, WATCH_PATH)));
      },
    },
  );
  return {
    stopServing: () => {
      if (!serving) return;
      serving = false;
      for (const { tell } of watches) tell();
    },
    endWatches: () => {
      ended = true;
      for (const { end } of watches) end();
    },
  };
}
