import * as grpc from '@grpc/grpc-js';
import { decodeJson, encodeJson } from './json-codec.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import type { Sparse } from './messages.ts';
import type { PeerLanguage } from './peer.ts';
import {
  type MethodName,
  type MethodSpec,
  methodSpec,
  type RequestOf,
  type ResponseOf,
  type ServiceName,
} from './service.ts';
import { statusName, WireError } from './status.ts';

const JSON_CONTENT_TYPE = 'application/grpc+json';
/** What a header may hold; a name beyond it travels in the message alone. */
const HEADER_TEXT = /^[ -~]+$/;

/**
 * grpc-js overwrites the content type with `application/grpc`, which Go answers with INTERNAL. Its last
 * write goes to the object this method returns, where an accessor without effect outlives it
 * (design.md, "Facts that fixed these walls"); a test reads the header off a real socket.
 */
class JsonMetadata extends grpc.Metadata {
  override toHttp2Headers(): ReturnType<grpc.Metadata['toHttp2Headers']> {
    const headers = super.toHttp2Headers();
    Object.defineProperty(headers, 'content-type', {
      enumerable: true,
      get: () => JSON_CONTENT_TYPE,
      set: () => undefined,
    });
    return headers;
  }

  /** grpc-js clones the metadata of every call; the plain clone would lose the accessor. */
  override clone(): JsonMetadata {
    const copy = new JsonMetadata(this.getOptions());
    for (const [key, value] of Object.entries(this.getMap())) copy.set(key, value);
    return copy;
  }
}

/** How to reach the other side. */
export interface ClientOptions<Service extends ServiceName> {
  readonly service: Service;
  /** `host:port`. */
  readonly address: string;
  /** Sent as `x-plugin-name` with every call, as Go agents do. */
  readonly pluginName?: string;
  /**
   * Ping an idle connection every 30 s. Right towards an engine; towards an agent it is not: the Python
   * SDK's server answers pings more frequent than 5 min with GOAWAY (protocol.md §1.3).
   */
  readonly keepalive: boolean;
  /** The largest reply that is taken, bytes; a larger one ends its call with RESOURCE_EXHAUSTED. Default 64 MiB. */
  readonly maxReceiveBytes?: number;
}

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the call ends with DEADLINE_EXCEEDED; left out, it may take for ever. */
  readonly timeoutMs?: number;
  /** How the peer writes and reads bytes; default Go's way, base64. */
  readonly peer?: PeerLanguage;
  /** Further metadata, such as `traceparent`; keys in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A connection to one server, opened with the first call and re-opened when it broke. */
export interface WireClient<Service extends ServiceName> {
  /**
   * Calls a unary method.
   * @throws WireError with the status the call ended with
   */
  call<Method extends MethodName<Service>>(
    method: Method,
    request: Sparse<RequestOf<Service, Method>>,
    options?: CallOptions,
  ): Promise<ResponseOf<Service, Method>>;
  /** Takes no new calls; those under way go on to their end. */
  close(): void;
}

/** What an agent needs of its connection to the engine. */
export type EngineConnection = Pick<WireClient<'EngineService'>, 'call'>;

/** Whether an address is on this machine, where a configured proxy must not be used (faults.md 0.6). */
function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What grpc-js dials: a plain address of this machine needs none of the resolvers that it would make for a name. */
function targetOf(address: string): string {
  return /^127\.\d+\.\d+\.\d+:\d+$/.test(address) ? `ipv4:${address}` : address;
}

function channelOptions({
  address,
  keepalive,
  maxReceiveBytes = MAX_MESSAGE_BYTES,
}: ClientOptions<ServiceName>): grpc.ClientOptions {
  return {
    'grpc.max_receive_message_length': maxReceiveBytes,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // The defaults leave an agent unreachable for minutes after an engine's outage (faults.md 0.7).
    'grpc.initial_reconnect_backoff_ms': 500,
    'grpc.max_reconnect_backoff_ms': 5_000,
    // Channels with equal options share connections; one client's close must not depend on another's.
    'grpc.use_local_subchannel_pool': 1,
    // Nobody asks for grpc-js' own statistics, and every channel and call pays for them.
    'grpc.enable_channelz': 0,
    ...(isLoopback(address) ? { 'grpc.enable_http_proxy': 0 } : {}),
    ...(keepalive
      ? {
          'grpc.keepalive_time_ms': 30_000,
          'grpc.keepalive_timeout_ms': 10_000,
          'grpc.keepalive_permit_without_calls': 1,
        }
      : {}),
  };
}

/** A reply that does not decode is the peer's fault, never an invalid argument of ours. */
function readReply(spec: MethodSpec, reply: Buffer, peer: PeerLanguage): unknown {
  try {
    return decodeJson(spec.response, reply, peer);
  } catch (error) {
    throw error instanceof WireError
      ? new WireError('INTERNAL', `unreadable reply: ${error.message}`)
      : error;
  }
}

/** The library's text for a passed deadline counts milliseconds, so no two of them would be equal. */
function toWireError(error: grpc.ServiceError, timeoutMs: number | undefined): WireError {
  const status = statusName(error.code);
  if (status === 'DEADLINE_EXCEEDED' && timeoutMs !== undefined)
    return new WireError(status, `no answer within ${timeoutMs} ms`);
  return new WireError(status, error.details);
}

/** Makes a client; the connection opens with the first call. */
export function createClient<Service extends ServiceName>(
  options: ClientOptions<Service>,
): WireClient<Service> {
  const client = new grpc.Client(
    targetOf(options.address),
    grpc.credentials.createInsecure(),
    channelOptions(options),
  );
  const identity = (body: Buffer) => body;
  return {
    call: async (method, request, callOptions = {}) => {
      const spec = methodSpec(options.service, method);
      const peer = callOptions.peer ?? 'go';
      const body = encodeJson(spec.request, request as never, peer);
      const metadata = new JsonMetadata();
      if (options.pluginName !== undefined && HEADER_TEXT.test(options.pluginName))
        metadata.set('x-plugin-name', options.pluginName);
      const { signal, timeoutMs, headers = {} } = callOptions;
      for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
      const reply = await new Promise<Buffer>((resolve, reject) => {
        if (signal?.aborted) {
          reject(new WireError('CANCELLED', `${method} was cancelled`));
          return;
        }
        const deadline = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
        const call = client.makeUnaryRequest(
          spec.path,
          identity,
          identity,
          body,
          metadata,
          deadline,
          (error, value) => {
            signal?.removeEventListener('abort', cancel);
            if (error) reject(toWireError(error, timeoutMs));
            else resolve(value as Buffer);
          },
        );
        const cancel = () => call.cancel();
        signal?.addEventListener('abort', cancel, { once: true });
      });
      return readReply(spec, reply, peer) as never;
    },
    close: () => client.close(),
  };
}
