import type http2 from 'node:http2';
import * as grpc from '@grpc/grpc-js';
import { type Codec, type PeerLanguage, profilePeer, requestedCodec } from './peer.ts';
import type { CallContext } from './service.ts';
import { WireError } from './status.ts';

const OPEN_BRACE = 0x7b;
const JSON_TYPE = 'application/grpc+json';
/** grpc-js hides the content type from handlers; it travels to them under this name where it is not JSON. */
const OTHER_TYPE_HEADER = 'x-received-content-type';

/** Keeps what handlers must know of a request's headers and grpc-js would drop. */
export function keepContentType(headers: http2.IncomingHttpHeaders): void {
  const type = headers['content-type'];
  // Nearly every call says JSON, and then the header that a caller may have sent by that name is all there is to drop.
  if (type !== JSON_TYPE || headers[OTHER_TYPE_HEADER] !== undefined) headers[OTHER_TYPE_HEADER] = type;
}

/** What grpc-js gives the handler of any kind of call. */
interface ReceivedCall {
  readonly metadata: grpc.Metadata;
  readonly cancelled: boolean;
  on(event: 'cancelled', listener: () => void): unknown;
}

/** One call: its codec, and what its handler may know of it. What few handlers ask for is made when they do. */
export class Call implements CallContext {
  readonly codec: Codec;
  readonly peer: PeerLanguage;
  readonly pluginName: string | undefined;
  /** Once it is true, what the caller does concerns the handler no more. */
  isAnswered = false;
  readonly #received: ReceivedCall;
  #controller: AbortController | undefined;
  #reason: unknown;

  /**
   * Chooses the codec: by the content type, or by the body where that says nothing.
   * @throws WireError INVALID_ARGUMENT for a content type that is not served
   */
  constructor(received: ReceivedCall, body: Buffer) {
    this.#received = received;
    const otherType = this.#header(OTHER_TYPE_HEADER);
    const requested = otherType === undefined ? 'json' : requestedCodec(otherType);
    if (requested === undefined)
      throw new WireError(
        'INVALID_ARGUMENT',
        `content type ${JSON.stringify(otherType)} is not served: expected application/grpc, application/grpc+json or application/grpc+proto`,
      );
    this.codec = requested === 'bare' ? (body[0] === OPEN_BRACE ? 'json' : 'proto') : requested;
    this.pluginName = this.#header('x-plugin-name');
    const userAgent = this.#header('user-agent') ?? '';
    this.peer = profilePeer({ requested, userAgent, pluginName: this.pluginName });
  }

  get traceparent(): string | undefined {
    return this.#header('traceparent');
  }

  get tracestate(): string | undefined {
    return this.#header('tracestate');
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#listen();
    return this.#controller.signal;
  }

  giveUp(reason: unknown): void {
    this.#reason ??= reason;
    this.#controller?.abort(reason);
  }

  #listen(): AbortController {
    const controller = new AbortController();
    // grpc-js says "cancelled" at the end of every call, an answered one included.
    const cancel = () => {
      if (!this.isAnswered) controller.abort(new WireError('CANCELLED', 'the caller gave up'));
    };
    if (this.#reason !== undefined) controller.abort(this.#reason);
    else if (this.#received.cancelled) cancel();
    else this.#received.on('cancelled', cancel);
    return controller;
  }

  #header(name: string): string | undefined {
    return this.#received.metadata.get(name)[0]?.toString();
  }
}

/** The same for every answer, so that none pays for it. */
class JsonHeaders extends grpc.Metadata {
  static readonly #headers = { 'content-type': JSON_TYPE };

  override toHttp2Headers(): ReturnType<grpc.Metadata['toHttp2Headers']> {
    return JsonHeaders.#headers;
  }
}

/** Only normal answers carry the type; Go reads any that starts with application/grpc (protocol.md §1.2). */
export const JSON_HEADERS: grpc.Metadata = new JsonHeaders();

/** The status a call ends with for what its handler threw. */
export type ToStatus = (error: unknown, path: string) => Partial<grpc.StatusObject>;

/** A method whose bodies stay bytes until our own code decodes them: grpc-js would turn bad input into INTERNAL. */
export function bytesMethod(
  path: string,
  streams: { readonly request?: true; readonly response?: true } = {},
): grpc.MethodDefinition<Buffer, Buffer> {
  return {
    path,
    requestStream: streams.request ?? false,
    responseStream: streams.response ?? false,
    requestSerialize: (body) => body,
    requestDeserialize: (body) => body,
    responseSerialize: (body) => body,
    responseDeserialize: (body) => body,
  };
}
