import type { JsonValue } from '../contract/index.ts';
import { parseJsonText } from './json-text.ts';
import type { Codec } from './peer.ts';
import { readFields, readText, writeBytes, writeNumber, writeText } from './proto-fields.ts';
import { WireError } from './status.ts';

/** grpc.health.v1.HealthCheckResponse.ServingStatus, as far as we say it (proto/grpc/health/v1/health.proto). */
export const SERVING_STATUS = { SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const;

export type ServingStatus = keyof typeof SERVING_STATUS;

const REQUEST = 'HealthCheckRequest';

/**
 * Reads the service that a HealthCheckRequest asks for; empty for the server as a whole.
 * @throws WireError INVALID_ARGUMENT when the body is no such message
 */
export function decodeHealthRequest(codec: Codec, body: Buffer): string {
  if (codec === 'proto') {
    const bytes = readFields(body, REQUEST).findLast((field) => field.number === 1)?.bytes;
    return bytes === undefined ? '' : readText(bytes, REQUEST);
  }
  const request = parseJsonText(body, REQUEST) ?? {};
  if (typeof request !== 'object' || Array.isArray(request))
    throw new WireError('INVALID_ARGUMENT', `${REQUEST}: expected an object`);
  const service = (request as { readonly service?: JsonValue }).service ?? '';
  if (typeof service !== 'string') throw new WireError('INVALID_ARGUMENT', 'service: expected a string');
  return service;
}

const writeStatus = (status: ServingStatus) => writeNumber(1, SERVING_STATUS[status]);
const writeJson = (value: object) => Buffer.from(JSON.stringify(value), 'utf8');

/** Writes a HealthCheckResponse. In JSON an enum is a number, as everywhere on this wire. */
export function encodeHealthResponse(codec: Codec, status: ServingStatus): Buffer {
  return codec === 'proto' ? writeStatus(status) : writeJson({ status: SERVING_STATUS[status] });
}

/** Writes a HealthListResponse that says the same of every service. */
export function encodeHealthList(codec: Codec, services: readonly string[], status: ServingStatus): Buffer {
  if (codec === 'json')
    return writeJson({
      statuses: Object.fromEntries(services.map((name) => [name, { status: SERVING_STATUS[status] }])),
    });
  const entry = (name: string) => Buffer.concat([writeText(1, name), writeBytes(2, writeStatus(status))]);
  return Buffer.concat(services.map((name) => writeBytes(1, entry(name))));
}
