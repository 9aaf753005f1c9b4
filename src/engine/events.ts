import type { EngineEvent, TimedEvent } from './types.ts';

const MAX_REMEMBERED_WARNINGS = 1_000;
/** Events that are kept for who comes late. */
const MAX_KEPT = 2_000;

/** Numbers every event, keeps the last ones, and tells every listener; a warning that repeats is told once. */
export class EventHub {
  readonly #listeners = new Set<(event: TimedEvent) => void>();
  readonly #lastWarning = new Map<string, string>();
  #kept: TimedEvent[] = [];
  #seq = 0;

  subscribe(listener: (event: TimedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The kept events after a number, oldest first. */
  since(seq: number): readonly TimedEvent[] {
    return this.#kept.filter((event) => event.seq > seq);
  }

  emit(event: EngineEvent): void {
    const timed: TimedEvent = { ...event, seq: ++this.#seq, atMs: Date.now() };
    this.#kept.push(timed);
    // Cut now and then, not with every event.
    if (this.#kept.length >= 2 * MAX_KEPT) this.#kept = this.#kept.slice(-MAX_KEPT);
    for (const listener of this.#listeners) listener(timed);
  }

  /** An agent that is refused retries for ever; its author needs the reason once. */
  warn(agent: string, message: string): void {
    if (this.#lastWarning.get(agent) === message) return;
    // Strangers choose the names.
    if (this.#lastWarning.size >= MAX_REMEMBERED_WARNINGS) this.#lastWarning.clear();
    this.#lastWarning.set(agent, message);
    this.emit({ type: 'warning', agent, message });
  }

  /** The agent is well again: what it is warned of next is news. */
  forgive(agent: string): void {
    this.#lastWarning.delete(agent);
  }
}
