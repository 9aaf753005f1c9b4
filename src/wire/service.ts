import { METHODS, type MessageTypes, PACKAGE, type ServiceTypes } from './generated/messages.ts';
import type { MessageName, Sparse } from './messages.ts';
import type { PeerLanguage } from './peer.ts';

export type ServiceName = keyof ServiceTypes;
export type MethodName<Service extends ServiceName> = keyof ServiceTypes[Service] & string;

/** The request a method takes, as it arrives: every field filled. */
export type RequestOf<
  Service extends ServiceName,
  Method extends MethodName<Service>,
> = ServiceTypes[Service][Method] extends { request: infer Request } ? Request : never;
/** The answer a method gives, as it arrives: every field filled. */
export type ResponseOf<
  Service extends ServiceName,
  Method extends MethodName<Service>,
> = ServiceTypes[Service][Method] extends { response: infer Response } ? Response : never;

/** What a handler knows of its call beyond the message. */
export interface CallContext {
  /** Which SDK is calling; it decides how bytes travel. */
  readonly peer: PeerLanguage;
  /** The `x-plugin-name` header, sent by Go and TypeScript agents. */
  readonly pluginName: string | undefined;
  /** The W3C trace context headers as they came, unchecked; the engine's spans are the parents of ours. */
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  /** Fires when the caller cancelled, its deadline passed, the connection broke, or `giveUp` was called. */
  readonly signal: AbortSignal;
  /** Fires the signal for a reason on this side. A call whose signal nobody has asked for has no controller. */
  giveUp(reason: unknown): void;
}

/** Answers a service's unary methods; a method without a handler answers UNIMPLEMENTED. */
export type ServiceHandlers<Service extends ServiceName> = {
  readonly [Method in MethodName<Service>]?: (
    request: RequestOf<Service, Method>,
    context: CallContext,
  ) => Sparse<ResponseOf<Service, Method>> | Promise<Sparse<ResponseOf<Service, Method>>>;
};

/** One method as the transport needs it. */
export interface MethodSpec {
  readonly path: string;
  readonly request: MessageName;
  readonly response: MessageName;
}

/** Path and message names of a method. */
export function methodSpec<Service extends ServiceName>(
  service: Service,
  method: MethodName<Service>,
): MethodSpec {
  const methods = METHODS[service] as Record<
    string,
    { request: keyof MessageTypes; response: keyof MessageTypes }
  >;
  const spec = methods[method];
  if (spec === undefined) throw new TypeError(`${service} has no method ${method}`);
  return { path: `/${PACKAGE}.${service}/${method}`, request: spec.request, response: spec.response };
}
