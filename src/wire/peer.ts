/**
 * The SDK at the other end, as far as the call shows it. `mended-python` is the Python SDK behind the module that our
 * Python projects carry: it writes and reads bytes as Go does.
 */
export type PeerLanguage = 'go' | 'python' | 'mended-python' | 'typescript' | 'unknown';

/** The body codec of one call: asked for by the content type, or sniffed from the body. */
export type Codec = 'json' | 'proto';

/** What the content type of a request asks for. `bare` leaves the choice to the body's first byte. */
export type RequestedCodec = Codec | 'bare';

const CONTENT_TYPE = /^application\/grpc(?:[+;]\s*(json|proto))?\s*(?:;|$)/i;

/**
 * Reads a request's content type. Undefined for one that no MIRASTACK peer sends.
 * Go also accepts `application/grpc;json` (protocol.md §1.2).
 */
export function requestedCodec(contentType: string | undefined): RequestedCodec | undefined {
  const match = CONTENT_TYPE.exec(contentType ?? '');
  if (match === null) return undefined;
  return (match[1]?.toLowerCase() as Codec | undefined) ?? 'bare';
}

/**
 * Tells the SDKs apart: Python by its user agent, because it sends the bare content type; Node by its own;
 * Go by the rest that speaks JSON (protocol.md §2.7).
 */
export function profilePeer(call: {
  readonly requested: RequestedCodec;
  readonly userAgent: string;
  readonly pluginName: string | undefined;
}): PeerLanguage {
  // The SDK itself never sends a plugin's name (protocol.md §1.4); the mend does.
  if (call.userAgent.includes('grpc-python'))
    return call.pluginName !== undefined || call.requested === 'json' ? 'mended-python' : 'python';
  if (call.userAgent.includes('grpc-node')) return 'typescript';
  if (call.userAgent.startsWith('grpc-go') || call.requested === 'json' || call.pluginName !== undefined)
    return 'go';
  return 'unknown';
}
