import { normalisePhrase } from './fold.ts';
import type { IntentIndex } from './intent-index.ts';
import type { ActionDestination } from './routing.ts';
import type { IntentOwner } from './types.ts';

/** An action in a conflict. */
export interface RoutedAction extends IntentOwner {
  readonly action: string;
  /** Whether its author left the semantics out: declaring them is the way out. */
  readonly derived: boolean;
}

/** Actions whose routing semantics do not tell them apart. */
export interface RoutingConflict {
  /**
   * - `same-capability`: actions of different agents name the same `capability_domain`
   * - `same-use-case`: actions of different agents name the same positive use case
   * - `contradiction`: an action names the same use case as positive and as negative
   */
  readonly kind: 'same-capability' | 'same-use-case' | 'contradiction';
  /** The domain or use case, as the first of the actions has it. */
  readonly value: string;
  readonly actions: readonly RoutedAction[];
}

/** An action that gets no traffic by routing, and why. */
export interface UnroutedAction extends IntentOwner {
  readonly action: string;
  readonly reason: string;
}

interface Claim {
  readonly value: string;
  readonly actions: RoutedAction[];
}

function refOf({ agent, tenantId, action, derived }: ActionDestination): RoutedAction {
  return { agent, tenantId, action, derived };
}

/** Claims of the same value by two agents of one tenant. */
class Claims {
  readonly #claims = new Map<string, Claim>();

  add(key: string, value: string, by: ActionDestination): void {
    const id = JSON.stringify([by.tenantId ?? null, key]);
    const claim = this.#claims.get(id) ?? { value, actions: [] };
    this.#claims.set(id, claim);
    claim.actions.push(refOf(by));
  }

  conflicts(kind: RoutingConflict['kind']): RoutingConflict[] {
    return [...this.#claims.values()]
      .filter(({ actions }) => new Set(actions.map(({ agent }) => agent)).size > 1)
      .map((claim) => ({ kind, ...claim }));
  }
}

/**
 * Where routing semantics fail to tell actions apart. Use cases are compared without regard to case and
 * white space. Actions without valid semantics are left out: see `listUnroutedActions`.
 */
export function listRoutingConflicts(index: IntentIndex): readonly RoutingConflict[] {
  const capabilities = new Claims();
  const useCases = new Claims();
  const contradictions: RoutingConflict[] = [];
  for (const destination of index.entries().flatMap(({ actions }) => actions)) {
    const { routing } = destination;
    if (routing === undefined) continue;
    capabilities.add(routing.capabilityDomain, routing.capabilityDomain, destination);
    const negative = new Set((routing.negativeUseCases ?? []).map(normalisePhrase));
    const positive = new Map(routing.positiveUseCases.map((value) => [normalisePhrase(value), value]));
    for (const [key, value] of positive) {
      useCases.add(key, value, destination);
      if (negative.has(key))
        contradictions.push({ kind: 'contradiction', value, actions: [refOf(destination)] });
    }
  }
  return [
    ...capabilities.conflicts('same-capability'),
    ...useCases.conflicts('same-use-case'),
    ...contradictions,
  ];
}

/** The actions that are not routed, each with its reason. */
export function listUnroutedActions(index: IntentIndex): readonly UnroutedAction[] {
  return index
    .entries()
    .flatMap(({ actions }) => actions)
    .flatMap(({ agent, tenantId, action, notRouted }) =>
      notRouted === undefined ? [] : [{ agent, tenantId, action, reason: notRouted }],
    );
}
