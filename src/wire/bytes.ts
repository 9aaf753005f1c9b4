import { checkDepth, MAX_JSON_DEPTH, parseJsonText, stringifyExact } from './json-text.ts';
import type { PeerLanguage } from './peer.ts';
import { WireError } from './status.ts';

const EMPTY = new Uint8Array();

/**
 * The bytes of a padded RFC 4648 §4 string, or undefined. Go skips line breaks and accepts nothing else.
 * One pattern over the whole would overflow the stack of the pattern engine on a message of 64 MiB.
 */
function fromBase64(text: string): Buffer | undefined {
  const compact = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, '') : text;
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0;
  const digits = padding === 0 ? compact : compact.slice(0, -padding);
  if (compact.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(digits)) return undefined;
  return Buffer.from(compact, 'base64');
}

/** Go also reads a JSON array of numbers as bytes (protocol.md §2.5). */
function fromByteArray(value: readonly unknown[]): Uint8Array | undefined {
  const isByte = (item: unknown) => Number.isInteger(item) && (item as number) >= 0 && (item as number) < 256;
  return value.every(isByte) ? Uint8Array.from(value as number[]) : undefined;
}

function isJson(bytes: Uint8Array, path: string): boolean {
  try {
    parseJsonText(bytes, path);
    return true;
  } catch (error) {
    if (error instanceof WireError && error.message.endsWith(`deeper than ${MAX_JSON_DEPTH}`)) throw error;
    return false;
  }
}

/** The only JSON texts that are base64 as well; what they decode to is never JSON. */
const JSON_AND_BASE64 = /^[\r\n]*(?:true|null|\d+(?:[eE]\+?\d+)?)[\r\n]*$/;

/**
 * Decodes a bytes field that carries JSON, whatever the peer's habit: base64 of JSON, JSON text, or a
 * JSON value in place. No string is valid both ways (protocol.md §2.7 rule 2), so no profile is needed.
 * Bytes that are base64 but no JSON pass through: an action may answer with anything.
 */
export function decodeJsonBytes(value: unknown, path: string): Uint8Array {
  if (value === null || value === undefined || value === '') return EMPTY;
  if (typeof value !== 'string') {
    const bytes = Array.isArray(value) ? fromByteArray(value) : undefined;
    return bytes ?? Buffer.from(stringifyExact(value), 'utf8');
  }
  const decoded = fromBase64(value);
  // Whether it is JSON need not be known here: who reads it parses it.
  if (decoded !== undefined && !JSON_AND_BASE64.test(value)) {
    checkDepth(decoded.toString('latin1'), path);
    return decoded;
  }
  const text = Buffer.from(value, 'utf8');
  if (isJson(text, path)) return text;
  if (decoded !== undefined) return decoded;
  throw new WireError('INVALID_ARGUMENT', `${path}: expected base64 or JSON text`);
}

/** Decodes opaque bytes, such as cache values, by the habit of the peer (protocol.md §2.7 rule 3). */
export function decodeOpaqueBytes(value: unknown, path: string, peer: PeerLanguage): Uint8Array {
  if (value === null || value === undefined || value === '') return EMPTY;
  if (Array.isArray(value)) {
    const bytes = fromByteArray(value);
    if (bytes !== undefined) return bytes;
  }
  if (typeof value !== 'string') throw new WireError('INVALID_ARGUMENT', `${path}: expected base64 text`);
  if (peer === 'python') return Buffer.from(value, 'utf8');
  const decoded = fromBase64(value);
  if (decoded !== undefined) return decoded;
  if (peer === 'unknown') return Buffer.from(value, 'utf8');
  throw new WireError('INVALID_ARGUMENT', `${path}: expected padded base64`);
}

/** Encodes bytes as the peer reads them: raw text for Python, which never decodes base64, else base64. */
export function encodeBytes(bytes: Uint8Array, peer: PeerLanguage): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    peer === 'python' ? 'utf8' : 'base64',
  );
}
