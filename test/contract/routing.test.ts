import { describe, expect, test } from 'vitest';
import {
  deriveRouting,
  normaliseRouting,
  ROUTING_SCHEMA_VERSION,
  type RoutingSemantics,
} from '../../src/contract/index.ts';
import { SAMPLE_INFO } from '../support/sample-plugin.ts';

const valid: RoutingSemantics = {
  schemaVersion: ROUTING_SCHEMA_VERSION,
  acceptedIntentDomains: ['lab.echo'],
  capabilityDomain: 'lab.echo',
  positiveUseCases: ['echo a text'],
};
const reason = (change: Partial<RoutingSemantics>) => {
  const result = normaliseRouting({ ...valid, ...change });
  return result.ok ? 'valid' : result.reason;
};

test('trims, lowers, drops blanks and sorts by code point', () => {
  const result = normaliseRouting({
    ...valid,
    schemaVersion: ` ${ROUTING_SCHEMA_VERSION} `,
    acceptedIntentDomains: [' Lab.Echo ', '', 'lab.b-2', 'core.a_1.x'],
    capabilityDomain: ' LAB.Echo',
    positiveUseCases: ['\u{1F600} smile', '\uFF5E tilde', ' b ', ' '],
  });
  expect(result).toMatchObject({
    ok: true,
    routing: {
      schemaVersion: ROUTING_SCHEMA_VERSION,
      acceptedIntentDomains: ['core.a_1.x', 'lab.b-2', 'lab.echo'],
      capabilityDomain: 'lab.echo',
      // UTF-16 order would put the surrogates of the emoji first.
      positiveUseCases: ['b', '\uFF5E tilde', '\u{1F600} smile'],
      negativeUseCases: [],
    },
  });
});

describe('the first reason, in the words of protocol.md §5', () => {
  const many = (count: number, item: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => item(index));
  test.each<[Partial<RoutingSemantics>, string]>([
    [{ schemaVersion: '' }, 'routing schema_version is required'],
    [{ schemaVersion: 'v2' }, 'unsupported routing schema_version "v2"'],
    [{ acceptedIntentDomains: many(65, (i) => `a.b${i}`) }, 'accepted_intent_domains exceeds max items 64'],
    [
      { acceptedIntentDomains: [`a.${'b'.repeat(127)}`] },
      `accepted_intent_domains item "a.${'b'.repeat(127)}" exceeds max length 128`,
    ],
    [{ acceptedIntentDomains: ['echo'] }, 'accepted_intent_domains item "echo" is not namespaced'],
    [{ acceptedIntentDomains: ['a.b', 'A.B'] }, 'accepted_intent_domains contains duplicate domain "a.b"'],
    [{ acceptedIntentDomains: [' '] }, 'accepted_intent_domains must contain at least one domain'],
    [{ capabilityDomain: '' }, 'capability_domain is required'],
    [{ capabilityDomain: 'x' }, 'capability_domain "x" is not namespaced'],
    [
      { capabilityDomain: `a.${'b'.repeat(127)}` },
      `capability_domain "a.${'b'.repeat(127)}" exceeds max length 128`,
    ],
    [
      { positiveUseCases: ['é'.repeat(129)] },
      `positive_use_cases item "${'é'.repeat(129)}" exceeds max length 256`,
    ],
    [{ positiveUseCases: ['a', ' a '] }, 'positive_use_cases contains duplicate use case "a"'],
    [{ positiveUseCases: [] }, 'positive_use_cases must contain at least one use case'],
    [{ negativeUseCases: ['a', 'a'] }, 'negative_use_cases contains duplicate use case "a"'],
    [{ signalDomains: ['x'] }, 'signal_domains item "x" is not namespaced'],
    [{ backendDomains: ['x'] }, 'backend_domains item "x" is not namespaced'],
    [{ entityTypes: ['x'] }, 'entity_types item "x" is not namespaced'],
  ])('%.60j', (change, expected) => {
    expect(reason(change)).toBe(expected);
  });

  test('128 and 256 bytes are still allowed', () => {
    expect(reason({ capabilityDomain: `a.${'b'.repeat(126)}`, positiveUseCases: ['é'.repeat(128)] })).toBe(
      'valid',
    );
  });
});

describe('derived routing', () => {
  const [echo] = SAMPLE_INFO.actions;
  test.each([
    ['my_agent', 'get_item', 'Get one item'],
    ['9Agent!', 'Ünïcode.id', 'é'.repeat(300)],
    ['a'.repeat(200), '', ' \u{1F600}'.repeat(200)],
  ])('of %.20s is valid whatever the names', (name, id, description) => {
    if (echo === undefined) throw new Error('the sample has no action');
    const routing = deriveRouting({ name }, { ...echo, id, description });
    expect(normaliseRouting(routing)).toMatchObject({ ok: true });
  });
});
