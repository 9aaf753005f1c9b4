import { known } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { checkGate } from './gate.ts';
import { ALL, checked, forActions } from './kit.ts';

export const routingSemantics: Rule = {
  id: 'routing-semantics',
  title: 'Every action declares valid routing semantics',
  group: 'gates',
  severity: 'error',
  why: 'SDKs from Go 1.14.2 and Python 1.11.0 on refuse an action without them, and the engine routes questions by them. In TypeScript they are derived where they are left out, which says no more than the name and the description.',
  mend: 'Declare the schema version, the accepted intent domains, the capability domain and the positive use cases.',
  languages: ALL,
  examples: {
    typescript: {
      bad: "routing: { schemaVersion: 'v1', acceptedIntentDomains: ['items'] }",
      good: "routing: { schemaVersion: ROUTING_SCHEMA_VERSION, acceptedIntentDomains: ['my_agent.items'], capabilityDomain: 'my_agent.items.get', positiveUseCases: ['Look up one item.'] }",
    },
    go: {
      bad: 'Routing: mirastack.RoutingSemantics{SchemaVersion: "v1"},',
      good: 'Routing: mirastack.RoutingSemantics{SchemaVersion: mirastack.RoutingSemanticsSchemaVersionV1, AcceptedIntentDomains: []string{"my_agent.items"}, CapabilityDomain: "my_agent.items.get", PositiveUseCases: []string{"Look up one item."}},',
    },
    python: {
      bad: 'routing=RoutingSemantics(capability_domain="items")',
      good: 'routing=RoutingSemantics(accepted_intent_domains=["my_agent.items"], capability_domain="my_agent.items.get", positive_use_cases=["Look up one item."])',
    },
  },
  check(input) {
    const invalid = checkGate(input, 'routing');
    const missing = forActions(input, (action, label) =>
      action.routing.state === 'missing'
        ? [{ message: `the action ${label} declares no routing semantics`, place: action.place }]
        : contradictions(known(action.routing), label).map((message) => ({ message, place: action.place })),
    );
    if (invalid.kind !== 'checked' || missing.kind !== 'checked') return missing;
    return checked([...invalid.findings, ...missing.findings], missing.proof);
  },
};

/** A use case cannot be both one to take and one to leave. */
function contradictions(
  routing:
    | { readonly positiveUseCases: readonly string[]; readonly negativeUseCases?: readonly string[] }
    | undefined,
  label: string,
): string[] {
  const plain = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase();
  const negative = new Set((routing?.negativeUseCases ?? []).map(plain));
  return (routing?.positiveUseCases ?? [])
    .filter((text) => negative.has(plain(text)))
    .map((text) => `the action ${label} names "${text}" as a positive and as a negative use case`);
}
