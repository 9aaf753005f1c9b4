import type { IntentPattern, RoutingSemantics } from '../../src/contract/index.ts';
import { deriveRouting, ROUTING_SCHEMA_VERSION } from '../../src/contract/index.ts';
import type { IntentAction, IntentAgent } from '../../src/intents/index.ts';

/** `['phrase', priority]` or the phrase alone. */
export type Written = string | readonly [string, number];

const toIntent = (written: Written): IntentPattern =>
  typeof written === 'string' ? { pattern: written } : { pattern: written[0], priority: written[1] };

export function validRouting(change: Partial<RoutingSemantics> = {}): RoutingSemantics {
  return {
    schemaVersion: ROUTING_SCHEMA_VERSION,
    acceptedIntentDomains: ['lab.work'],
    capabilityDomain: 'lab.work.do',
    positiveUseCases: ['Do the work.'],
    ...change,
  };
}

/** A READ action with derived semantics, as a TypeScript agent has it. */
export function action(agent: string, id: string, intents: readonly Written[]): IntentAction {
  const stages = ['observe'] as const;
  const described = { id, description: `Does ${id} for ${agent}.`, permission: 'READ', stages } as const;
  return {
    id,
    permission: 'READ',
    intents: intents.map(toIntent),
    routing: deriveRouting({ name: agent }, described),
    routingDeclared: false,
  };
}

/** An agent whose actions are routed: action id -> intents. */
export function agent(
  name: string,
  actions: Readonly<Record<string, readonly Written[]>>,
  defaults: readonly Written[] = [],
): IntentAgent {
  return {
    agent: name,
    actions: Object.entries(actions).map(([id, intents]) => action(name, id, intents)),
    defaultIntents: defaults.map(toIntent),
  };
}
