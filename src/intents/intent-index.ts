import type { IntentPattern } from '../contract/index.ts';
import { type Intent, type PatternIntent, type Recall, readIntent } from './intent.ts';
import { Matcher } from './matcher.ts';
import { type ActionDestination, actionDestination, agentDestination, type Destination } from './routing.ts';
import type { IntentAgent, IntentFault } from './types.ts';

/** Most intents of one agent, its default intents and those of its actions together. */
export const MAX_INTENTS_PER_AGENT = 1_000;
/** Largest programs of one agent's patterns together, in steps: what one agent may cost in time and memory. */
const MAX_AGENT_PROGRAM_SIZE = 100_000;

/** One agent in the index, everything compiled. */
export interface IndexEntry {
  readonly agent: string;
  readonly tenantId: string | undefined;
  readonly intents: readonly Intent[];
  readonly matcher: Matcher;
  readonly actions: readonly ActionDestination[];
  readonly faults: readonly IntentFault[];
}

interface Written {
  readonly destination: Destination;
  readonly intent: IntentPattern;
}

const keyOf = (agent: string, tenantId: string | undefined): string =>
  JSON.stringify([tenantId ?? null, agent]);

/** Why an agent's intents from `index` on are left out; undefined when they are not. */
function limitReached(agent: string, total: number, index: number, programSize: number): string | undefined {
  const name = JSON.stringify(agent);
  const rest = total - index;
  if (index >= MAX_INTENTS_PER_AGENT)
    return `${name} has ${total} intents, and at most ${MAX_INTENTS_PER_AGENT} are allowed; the last ${rest} are left out`;
  if (programSize > MAX_AGENT_PROGRAM_SIZE)
    return `the patterns of ${name} have more than ${MAX_AGENT_PROGRAM_SIZE} steps together; the last ${rest} intents are left out; use smaller repeat counts`;
  return undefined;
}

/** Reads an agent's intents, in the order in which it declares them, until a limit is reached. */
function readAll(
  agent: IntentAgent,
  written: readonly Written[],
  recall: Recall,
): { intents: Intent[]; faults: IntentFault[] } {
  const intents: Intent[] = [];
  const faults: IntentFault[] = [];
  const owner = { agent: agent.agent, tenantId: agent.tenantId };
  let programSize = 0;
  for (const [index, { destination, intent }] of written.entries()) {
    const message = limitReached(agent.agent, written.length, index, programSize);
    if (message !== undefined) {
      faults.push({
        ...owner,
        action: undefined,
        kind: 'too-many',
        pattern: undefined,
        message,
        dropped: true,
      });
      break;
    }
    const reading = readIntent(destination, intent, recall);
    programSize += reading.programSize;
    if (reading.intent !== undefined) intents.push(reading.intent);
    if (reading.fault !== undefined) {
      const { action } = destination;
      const dropped = reading.intent === undefined;
      faults.push({ ...owner, action, pattern: intent.pattern, ...reading.fault, dropped });
    }
  }
  return { intents, faults };
}

function compileEntry(agent: IntentAgent, previous: IndexEntry | undefined): IndexEntry {
  const before = new Map<string, PatternIntent>();
  for (const intent of previous?.intents ?? [])
    if (intent.kind === 'pattern') before.set(intent.pattern, intent);
  const actions = agent.actions.map((action) => ({
    destination: actionDestination(agent, action),
    intents: action.intents,
  }));
  const destinations = actions.map(({ destination }) => destination);
  const own = { destination: agentDestination(agent, destinations), intents: agent.defaultIntents };
  const written = [own, ...actions].flatMap((group) =>
    group.intents.map((intent) => ({ destination: group.destination, intent })),
  );
  const { intents, faults } = readAll(agent, written, (pattern) => before.get(pattern));
  return {
    agent: agent.agent,
    tenantId: agent.tenantId,
    intents,
    matcher: new Matcher(intents),
    actions: destinations,
    faults,
  };
}

/**
 * The intents of all registered agents. Each agent is compiled once, on its own: adding or removing one
 * touches no other, and a removed one leaves nothing behind.
 */
export class IntentIndex {
  readonly #entries = new Map<string, IndexEntry>();

  /**
   * Adds an agent, or replaces what was known of the one with the same name and tenant; patterns it had
   * before are not compiled again.
   * @returns what is wrong with its intents; they never keep an agent from being registered
   */
  add(agent: IntentAgent): readonly IntentFault[] {
    const key = keyOf(agent.agent, agent.tenantId);
    const entry = compileEntry(agent, this.#entries.get(key));
    this.#entries.set(key, entry);
    return entry.faults;
  }

  /** Removes an agent; false when it was not known. */
  remove(agent: string, tenantId?: string): boolean {
    return this.#entries.delete(keyOf(agent, tenantId));
  }

  /** How many intents are indexed. */
  get size(): number {
    let size = 0;
    for (const { intents } of this.#entries.values()) size += intents.length;
    return size;
  }

  /** What is wrong with the intents of all agents. */
  faults(): readonly IntentFault[] {
    return this.entries().flatMap((entry) => entry.faults);
  }

  /** The compiled agents, of one tenant or of all; for the other files of this room. */
  entries(tenantId?: string): readonly IndexEntry[] {
    const all = [...this.#entries.values()];
    return tenantId === undefined ? all : all.filter((entry) => entry.tenantId === tenantId);
  }
}

/** An index of these agents; of two with the same name and tenant the later counts. */
export function createIntentIndex(agents: readonly IntentAgent[] = []): IntentIndex {
  const index = new IntentIndex();
  for (const agent of agents) index.add(agent);
  return index;
}
