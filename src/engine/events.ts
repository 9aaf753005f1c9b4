import { messageOf } from '../support/errors.ts';
import { sizeOfApproval } from './approval-view.ts';
import { excerpt } from './excerpt.ts';
import type { Secrets } from './secrets.ts';
import type { EngineEvent, TimedEvent } from './types.ts';

const MAX_REMEMBERED_WARNINGS = 1_000;
/** Events that are kept for who comes late. */
const MAX_KEPT = 2_000;
/** Most characters of agents' texts in them: an agent that floods the engine must not fill its memory. */
const MAX_KEPT_CHARS = 4 * 1024 * 1024;
const MAX_WARNING = 8 * 1024;

/** The characters of an event that an agent chose; the rest is small. */
function sizeOf(event: EngineEvent): number {
  switch (event.type) {
    case 'logged':
      return event.severity.length + event.message.length + event.dataJson.length;
    case 'published':
      return event.resultJson.length;
    case 'executed':
      return event.result.resultJson.length + event.result.error.length;
    case 'approval':
      return sizeOfApproval(event.approval);
    case 'refused':
      return event.reason.length;
    case 'warning':
    case 'health':
      return event.message.length;
    case 'config-updated':
      return event.change.answers.reduce((sum, { error }) => sum + error.length, 0);
    default:
      // Names, versions and ids: each is short, or it was not taken.
      return 0;
  }
}

type Listener = (event: TimedEvent) => void;

/** Numbers every event, keeps the last ones, and tells every listener; a warning that repeats is told once. */
export class EventHub {
  readonly #secrets: Secrets;
  readonly #listeners = new Set<Listener>();
  readonly #faulty = new WeakSet<Listener>();
  readonly #lastWarning = new Map<string, string>();
  #kept: TimedEvent[] = [];
  #keptChars = 0;
  #seq = 0;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The kept events after a number, oldest first. */
  since(seq: number): readonly TimedEvent[] {
    return this.#kept.filter((event) => event.seq > seq);
  }

  emit(event: EngineEvent): void {
    const timed: TimedEvent = { ...this.#secrets.mask(event), seq: ++this.#seq, atMs: Date.now() };
    this.#kept.push(timed);
    this.#keptChars += sizeOf(timed);
    // Cut now and then, not with every event.
    if (this.#kept.length >= 2 * MAX_KEPT || this.#keptChars >= 2 * MAX_KEPT_CHARS) this.#cut();
    for (const listener of this.#listeners) this.#tell(listener, timed);
  }

  /** What goes wrong in a listener is not the engine's business; it is said once. */
  #tell(listener: Listener, event: TimedEvent): void {
    try {
      listener(event);
    } catch (error) {
      if (this.#faulty.has(listener)) return;
      this.#faulty.add(listener);
      this.warn('', `what follows the events failed: ${messageOf(error)}`);
    }
  }

  /** Keeps the newest events that are within both limits. */
  #cut(): void {
    let chars = 0;
    let start = this.#kept.length;
    while (start > 0 && this.#kept.length - start < MAX_KEPT) {
      const size = sizeOf(this.#kept[start - 1] as TimedEvent);
      if (chars + size > MAX_KEPT_CHARS) break;
      chars += size;
      start--;
    }
    this.#kept = this.#kept.slice(start);
    this.#keptChars = chars;
  }

  /** An agent that is refused retries for ever; its author needs the reason once. */
  warn(agent: string, text: string): void {
    const message = excerpt(text, MAX_WARNING);
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
