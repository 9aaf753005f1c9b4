import type { ExecutionMode, Permission, TimeRange } from '../contract/index.ts';
import type { LineFile } from './state/line-file.ts';

const MAX_KEPT = 1_000;
/** Longer texts are cut in the history, never on their way to who asked. */
const MAX_TEXT = 16 * 1024;
const MAX_PARAM = 256;
const MAX_PUBLISHED = 20;

/** How an execution ended; `running` while it has not. `cancelled` by whoever asked for it. */
export type ExecutionOutcome = 'running' | 'succeeded' | 'failed' | 'denied' | 'expired' | 'cancelled';

/** One execution of one action, as the history keeps it. */
export interface ExecutionRecord {
  readonly executionId: string;
  readonly stepId: string;
  readonly tenantId: string;
  readonly agent: string;
  readonly action: string;
  readonly permission: Permission;
  readonly mode: ExecutionMode;
  /** As they were sent, without `action`. */
  readonly params: Readonly<Record<string, string>>;
  readonly timeRange?: TimeRange;
  /** The agent that called it through CallPlugin; absent when a person did. */
  readonly caller?: string;
  readonly instanceId?: string;
  readonly approvalId?: string;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  /** Of the whole step, the wait for an approval included. */
  readonly durationMs?: number;
  readonly outcome: ExecutionOutcome;
  readonly error: string;
  /** JSON text; cut when `truncated`. */
  readonly resultJson: string;
  /** A param or the result is kept in part only, so the execution cannot be repeated from here. */
  readonly truncated?: boolean;
  /** What the agent published before the end, JSON texts. */
  readonly published?: readonly string[];
}

/** What is known when an execution begins. */
export type ExecutionStart = Omit<ExecutionRecord, 'startedAtMs' | 'outcome' | 'error' | 'resultJson'>;

/** Every execution, the newest 1,000 of them. */
export class History {
  readonly #file: LineFile;
  readonly #records = new Map<string, ExecutionRecord>();

  constructor(file: LineFile) {
    this.#file = file;
  }

  static readonly limit = MAX_KEPT;

  /** Takes what earlier engines knew. */
  restore(documents: readonly unknown[]): void {
    for (const record of documents as readonly ExecutionRecord[]) this.#put(record);
  }

  begin(start: ExecutionStart): void {
    const sizes = Object.values(start.params).reduce((sum, text) => sum + text.length, 0);
    const kept =
      sizes <= MAX_TEXT
        ? start
        : {
            ...start,
            truncated: true,
            params: Object.fromEntries(
              Object.entries(start.params).map(([name, text]) => [name, text.slice(0, MAX_PARAM)]),
            ),
          };
    this.#put({ ...kept, startedAtMs: Date.now(), outcome: 'running', error: '', resultJson: 'null' });
  }

  /** Notes what became known of a running execution. */
  note(executionId: string, fields: Partial<ExecutionRecord>): void {
    const record = this.#records.get(executionId);
    if (record !== undefined) Object.assign(record, fields);
  }

  /** Keeps what an agent published of an execution of its own. @returns whether there is such a one */
  publish(executionId: string, agent: string | undefined, resultJson: string): boolean {
    const record = this.#records.get(executionId);
    if (record === undefined || (agent !== undefined && record.agent !== agent)) return false;
    const published = [...(record.published ?? []), resultJson.slice(0, MAX_TEXT)].slice(-MAX_PUBLISHED);
    this.note(executionId, { published });
    return true;
  }

  end(
    executionId: string,
    end: Pick<ExecutionRecord, 'outcome' | 'error' | 'resultJson'> & { readonly durationMs: number },
  ): void {
    const record = this.#records.get(executionId);
    if (record === undefined) return;
    const truncated = end.resultJson.length > MAX_TEXT;
    Object.assign(record, end, {
      error: end.error.slice(0, MAX_TEXT),
      resultJson: truncated ? end.resultJson.slice(0, MAX_TEXT) : end.resultJson,
      ...(truncated ? { truncated } : {}),
    });
    this.#file.add(record);
  }

  /** Newest first. */
  list(): ExecutionRecord[] {
    return [...this.#records.values()].reverse();
  }

  get(executionId: string): ExecutionRecord | undefined {
    return this.#records.get(executionId);
  }

  #put(record: ExecutionRecord): void {
    this.#records.set(record.executionId, record);
    if (this.#records.size <= MAX_KEPT) return;
    const [oldest] = this.#records.keys();
    this.#records.delete(oldest as string);
  }
}
