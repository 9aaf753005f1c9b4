import type { RoutingSemantics } from '../../contract/index.ts';
import type { RecordNode } from '../source/model.ts';
import type { Value } from '../source/resolve.ts';
import type { Place } from '../source/source-file.ts';

/**
 * One thing an agent declares: left out, there but computed at run time, or known. What the running agent said is
 * known even where the source computes it.
 */
export type Fact<T> =
  | { readonly state: 'missing' }
  | { readonly state: 'computed'; readonly place?: Place }
  | { readonly state: 'known'; readonly value: T; readonly place?: Place };

/** A list of which more may come at run time. */
export interface FactList<T> {
  readonly items: readonly T[];
  readonly isComplete: boolean;
}

export interface ParamFacts {
  readonly name: Fact<string>;
  readonly type: Fact<string>;
  readonly required: Fact<boolean>;
  readonly description: Fact<string>;
  readonly place?: Place;
}

export interface IntentFacts {
  readonly pattern: Fact<string>;
  readonly priority: number;
  readonly place?: Place;
}

export interface ActionFacts {
  readonly id: Fact<string>;
  readonly description: Fact<string>;
  /** READ, MODIFY, ADMIN or WRITE; anything else is what the source has instead. */
  readonly permission: Fact<string>;
  /** Lower-case names. */
  readonly stages: Fact<readonly string[]>;
  readonly params: FactList<ParamFacts>;
  readonly outputs: FactList<ParamFacts>;
  readonly intents: FactList<IntentFacts>;
  readonly routing: Fact<RoutingSemantics>;
  readonly place?: Place;
  readonly record?: Value<RecordNode>;
}

export interface ConfigFacts {
  readonly key: Fact<string>;
  readonly type: Fact<string>;
  readonly description: Fact<string>;
  readonly isSecret: boolean;
  readonly default: Fact<string>;
  readonly place?: Place;
}

export interface TemplateFacts {
  readonly name: Fact<string>;
  readonly content: Fact<string>;
  readonly place?: Place;
}

/** What an agent is, by its source and, where it was asked, by its own word. */
export interface AgentFacts {
  readonly name: Fact<string>;
  readonly version: Fact<string>;
  readonly description: Fact<string>;
  readonly permission: Fact<string>;
  readonly stages: Fact<readonly string[]>;
  readonly actions: FactList<ActionFacts>;
  /** Whether Info itself has them: declared only in Schema, an agent offers nothing. */
  readonly actionsInInfo: Fact<number>;
  readonly intents: FactList<IntentFacts>;
  readonly configParams: FactList<ConfigFacts>;
  readonly templates: FactList<TemplateFacts>;
  readonly place?: Place;
  readonly record?: Value<RecordNode>;
}

/** The value where it is known. */
export function known<T>(fact: Fact<T>): T | undefined {
  return fact.state === 'known' ? fact.value : undefined;
}

/** Where a fact stands, or what it belongs to. */
export function placeOf(fact: Fact<unknown>, owner?: Place): Place | undefined {
  return (fact.state === 'missing' ? undefined : fact.place) ?? owner;
}

/** How people speak of an action: its id, else its number. */
export function actionLabel(action: ActionFacts, index: number): string {
  const id = known(action.id);
  return id === undefined || id === '' ? `action[${index}]` : id;
}
