import type { IntentPattern } from '../../contract/index.ts';
import { createIntentIndex, type IntentFault, type IntentIndex } from '../../intents/index.ts';
import { type AgentFacts, actionLabel, known } from '../agent/facts.ts';
import { remember } from '../remember.ts';
import type { Place } from '../source/source-file.ts';

/** An agent's intents, read as the engine reads them, and where each stands. */
export interface AgentIntents {
  readonly index: IntentIndex;
  readonly faults: readonly IntentFault[];
  readonly count: number;
  /** Where an intent of an action stands, or of the agent where there is none. */
  placeOf(action: string | undefined, pattern: string | undefined): Place | undefined;
  priorityOf(action: string | undefined, pattern: string): number;
}

const AGENT = 'agent';

export const readIntents = remember((agent: AgentFacts): AgentIntents => {
  const places = new Map<string, { readonly place: Place | undefined; readonly priority: number }>();
  const keyOf = (action: string | undefined, pattern: string | undefined) =>
    JSON.stringify([action, pattern]);
  const read = (owner: AgentFacts['intents'], action: string | undefined): IntentPattern[] =>
    owner.items.flatMap((intent) => {
      const pattern = known(intent.pattern);
      if (pattern === undefined) return [];
      places.set(keyOf(action, pattern), { place: intent.place, priority: intent.priority });
      return [{ pattern, priority: intent.priority }];
    });
  const actions = agent.actions.items.map((action, index) => {
    const id = actionLabel(action, index);
    return { id, permission: 'READ' as const, routingDeclared: true, intents: read(action.intents, id) };
  });
  const defaultIntents = read(agent.intents, undefined);
  const index = createIntentIndex();
  const faults = index.add({ agent: AGENT, actions, defaultIntents });
  return {
    index,
    faults,
    count: index.size + faults.length,
    placeOf: (action, pattern) => places.get(keyOf(action, pattern))?.place ?? agent.place,
    priorityOf: (action, pattern) => places.get(keyOf(action, pattern))?.priority ?? 0,
  };
});
