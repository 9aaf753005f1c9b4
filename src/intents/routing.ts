import { normaliseRouting, type Permission, type RoutingSemantics } from '../contract/index.ts';
import type { IntentAction, IntentAgent, IntentOwner } from './types.ts';

/** Where an intent leads: an action or, without one, the agent itself. */
export interface Destination extends IntentOwner {
  /** The action's permission; undefined for an agent. */
  readonly permission: Permission | undefined;
  /** The action's semantics in the normalised form; undefined when it has no valid ones, and for an agent. */
  readonly routing: RoutingSemantics | undefined;
  /** Whether the author left the semantics out and they were derived. */
  readonly derived: boolean;
  /** Why nothing is routed there; undefined when it is. */
  readonly notRouted: string | undefined;
}

/** An action as a destination. */
export interface ActionDestination extends Destination {
  readonly action: string;
}

/**
 * Where an action's intents lead. Fails closed, as the platform does: without valid semantics an action is not
 * routed, though its agent is registered. Agents on older SDKs never send any (protocol.md §0).
 */
export function actionDestination(agent: IntentAgent, action: IntentAction): ActionDestination {
  const result = action.routing === undefined ? undefined : normaliseRouting(action.routing);
  return {
    agent: agent.agent,
    tenantId: agent.tenantId,
    action: action.id,
    permission: action.permission,
    routing: result?.ok ? result.routing : undefined,
    derived: result?.ok === true && !action.routingDeclared,
    notRouted:
      result === undefined
        ? 'routing semantics are absent'
        : result.ok
          ? undefined
          : `invalid routing semantics: ${result.reason}`,
  };
}

function agentNotRouted(actions: readonly Destination[]): string | undefined {
  const [first] = actions;
  if (first === undefined) return 'the agent has no action';
  if (actions.some(({ notRouted }) => notRouted === undefined)) return undefined;
  return `no action of the agent is routed (${JSON.stringify(first.action)}: ${first.notRouted})`;
}

/** Where an agent's default intents lead: to the agent, as long as one of its actions is routed. */
export function agentDestination(agent: IntentAgent, actions: readonly Destination[]): Destination {
  return {
    agent: agent.agent,
    tenantId: agent.tenantId,
    action: undefined,
    permission: undefined,
    routing: undefined,
    derived: false,
    notRouted: agentNotRouted(actions),
  };
}
