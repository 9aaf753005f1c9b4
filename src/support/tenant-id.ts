import { createHash } from 'node:crypto';

/**
 * The namespace the platform hashes tenant slugs in. The SDKs' comment that it is derived from a URL
 * is false, so it is written out (protocol.md §4.6).
 */
const TENANT_NAMESPACE = 'f9f3a4d4-2c64-5b9e-9e25-8a8b6f6f6f6f';

/** What Go's `strings.TrimSpace` trims; JavaScript's `trim` differs (U+0085, U+FEFF). */
const GO_SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const GO_TRIM = new RegExp(`^${GO_SPACE}+|${GO_SPACE}+$`, 'gu');

/** Go lowers rune by rune: no final sigma, and İ becomes a plain i. */
function toGoLowerCase(text: string): string {
  return [...text].map((char) => [...char.toLowerCase()][0] ?? '').join('');
}

/**
 * The tenant id of a slug: UUIDv5 of `tenant:<slug>`, trimmed and lowered as the engine (Go) does.
 * Source: protocol.md §4.6, with vectors.
 */
export function tenantIdFromSlug(slug: string): string {
  const name = `tenant:${toGoLowerCase(slug.replace(GO_TRIM, ''))}`;
  const namespace = Buffer.from(TENANT_NAMESPACE.replaceAll('-', ''), 'hex');
  const hash = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
