import * as grpc from '@grpc/grpc-js';
import { type Codec, profilePeer, requestedCodec } from './peer.ts';
import type { CallContext } from './service.ts';
import { WireError } from './status.ts';

const OPEN_BRACE = 0x7b;
/** grpc-js hides the content type from handlers; it travels to them under this name. */
export const RECEIVED_TYPE_HEADER = 'x-received-content-type';

/** The codec of a call, and who made it. */
export interface DecodedCall {
  readonly codec: Codec;
  readonly context: Omit<CallContext, 'signal'>;
}

/**
 * Chooses the codec of a call: by its content type, or by the body where that says nothing.
 * @throws WireError INVALID_ARGUMENT for a content type that is not served
 */
export function readCall(metadata: grpc.Metadata, body: Buffer): DecodedCall {
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
  const trace = { traceparent: header('traceparent'), tracestate: header('tracestate') };
  return { codec, context: { peer, pluginName, ...trace } };
}

/** Only normal answers carry the type; Go reads any that starts with application/grpc (protocol.md §1.2). */
export function jsonHeaders(): grpc.Metadata {
  const headers = new grpc.Metadata();
  headers.set('content-type', 'application/grpc+json');
  return headers;
}

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
