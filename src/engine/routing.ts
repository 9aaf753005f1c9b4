import {
  createIntentIndex,
  type IntentCandidate,
  type IntentIndex,
  listOverlaps,
  listRoutingConflicts,
  listUnroutedActions,
  matchIntents,
} from '../intents/index.ts';
import type { IntentReport } from './intent-report.ts';
import { type Agent, infoOf } from './registry.ts';

/** Who would be asked about a text, by what the registered agents declare. */
export class IntentRouter {
  readonly #index: IntentIndex = createIntentIndex();

  /** Learns what an agent's newest registration declares. @returns what is wrong with it, one sentence each */
  learn(agent: Agent): string[] {
    const info = infoOf(agent);
    const faults = this.#index.add({
      agent: info.name,
      tenantId: agent[0]?.tenantId ?? '',
      defaultIntents: info.intents ?? [],
      actions: info.actions.map((action) => ({
        id: action.id,
        permission: action.permission,
        intents: action.intents ?? [],
        ...(action.routing === undefined ? {} : { routing: action.routing }),
        // What a TypeScript agent derives arrives like what any other declares.
        routingDeclared: action.routing !== undefined,
      })),
    });
    return faults.map((fault) => fault.message);
  }

  forget(name: string, tenantId: string): void {
    this.#index.remove(name, tenantId);
  }

  match(text: string): IntentCandidate[] {
    return matchIntents(this.#index, text);
  }

  report(): IntentReport {
    return {
      overlaps: listOverlaps(this.#index),
      conflicts: listRoutingConflicts(this.#index),
      unrouted: listUnroutedActions(this.#index),
      faults: this.#index.faults(),
    };
  }
}
