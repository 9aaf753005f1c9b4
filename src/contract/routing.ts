import type { Action, PluginInfo, RoutingSemantics } from './plugin.ts';

/** The only schema version the platform knows (protocol.md §3.7); the short form "v1" is refused. */
export const ROUTING_SCHEMA_VERSION = 'mirastack.routing_semantics/v1';

const DOMAIN = /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$/;
const MAX_ITEMS = 64;
const MAX_DOMAIN_BYTES = 128;
const MAX_USE_CASE_BYTES = 256;

/** Either the normalised form or the first reason, in the platform's own words, why there is none. */
export type RoutingResult =
  | { readonly ok: true; readonly routing: RoutingSemantics }
  | { readonly ok: false; readonly reason: string };

class RoutingError extends Error {}

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** Go sorts strings by their UTF-8 bytes, which is code point order; JavaScript's default is UTF-16. */
function compareCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

interface ListRule {
  readonly kind: 'domain' | 'use case';
  readonly required: boolean;
}

function normaliseList(field: string, items: readonly string[], rule: ListRule): string[] {
  if (items.length > MAX_ITEMS) throw new RoutingError(`${field} exceeds max items ${MAX_ITEMS}`);
  const maxBytes = rule.kind === 'domain' ? MAX_DOMAIN_BYTES : MAX_USE_CASE_BYTES;
  const seen = new Set<string>();
  for (const raw of items) {
    const item = rule.kind === 'domain' ? raw.trim().toLowerCase() : raw.trim();
    if (item === '') continue;
    const quoted = JSON.stringify(item);
    if (byteLength(item) > maxBytes)
      throw new RoutingError(`${field} item ${quoted} exceeds max length ${maxBytes}`);
    if (rule.kind === 'domain' && !DOMAIN.test(item))
      throw new RoutingError(`${field} item ${quoted} is not namespaced`);
    if (seen.has(item)) throw new RoutingError(`${field} contains duplicate ${rule.kind} ${quoted}`);
    seen.add(item);
  }
  if (rule.required && seen.size === 0)
    throw new RoutingError(`${field} must contain at least one ${rule.kind}`);
  return [...seen].sort(compareCodePoints);
}

function normaliseCapability(raw: string): string {
  const domain = raw.trim().toLowerCase();
  const quoted = JSON.stringify(domain);
  if (domain === '') throw new RoutingError('capability_domain is required');
  if (byteLength(domain) > MAX_DOMAIN_BYTES)
    throw new RoutingError(`capability_domain ${quoted} exceeds max length ${MAX_DOMAIN_BYTES}`);
  if (!DOMAIN.test(domain)) throw new RoutingError(`capability_domain ${quoted} is not namespaced`);
  return domain;
}

/**
 * Normalises and checks routing semantics as the platform does: trims, lower-cases domains, drops
 * blanks, sorts, and stops at the first fault. Source: protocol.md §3.7 (rules) and §5 (texts, order).
 */
export function normaliseRouting(routing: RoutingSemantics): RoutingResult {
  try {
    const version = (routing.schemaVersion ?? '').trim();
    if (version === '') throw new RoutingError('routing schema_version is required');
    if (version !== ROUTING_SCHEMA_VERSION)
      throw new RoutingError(`unsupported routing schema_version ${JSON.stringify(version)}`);
    const domains = (field: string, items: readonly string[] | undefined, required = false) =>
      normaliseList(field, items ?? [], { kind: 'domain', required });
    const useCases = (field: string, items: readonly string[] | undefined, required = false) =>
      normaliseList(field, items ?? [], { kind: 'use case', required });
    return {
      ok: true,
      routing: {
        schemaVersion: version,
        acceptedIntentDomains: domains('accepted_intent_domains', routing.acceptedIntentDomains, true),
        capabilityDomain: normaliseCapability(routing.capabilityDomain ?? ''),
        positiveUseCases: useCases('positive_use_cases', routing.positiveUseCases, true),
        negativeUseCases: useCases('negative_use_cases', routing.negativeUseCases),
        signalDomains: domains('signal_domains', routing.signalDomains),
        backendDomains: domains('backend_domains', routing.backendDomains),
        entityTypes: domains('entity_types', routing.entityTypes),
      },
    };
  } catch (error) {
    if (error instanceof RoutingError) return { ok: false, reason: error.message };
    throw error;
  }
}

/** A name as one segment of a domain: lower case, other characters as `_`, a letter first. */
function toSegment(name: string): string {
  const segment = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .slice(0, 40);
  return /^[a-z]/.test(segment) ? segment : `a_${segment}`;
}

function truncateBytes(text: string, maxBytes: number): string {
  let result = '';
  let size = 0;
  for (const char of text) {
    size += byteLength(char);
    if (size > maxBytes) break;
    result += char;
  }
  return result.trim();
}

/**
 * Routing semantics for an action whose author left them out, so that an engine that demands them
 * still accepts the agent (design.md, "Gate texts"). Always valid under `normaliseRouting`.
 */
export function deriveRouting(info: Pick<PluginInfo, 'name'>, action: Action): RoutingSemantics {
  const domain = `${toSegment(info.name)}.${action.stages[0] ?? 'observe'}`;
  return {
    schemaVersion: ROUTING_SCHEMA_VERSION,
    acceptedIntentDomains: [domain],
    capabilityDomain: `${domain}.${toSegment(action.id)}`,
    positiveUseCases: [truncateBytes(action.description.trim(), MAX_USE_CASE_BYTES)],
  };
}
