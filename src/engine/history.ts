import { type ExecutionMode, PERMISSIONS, type Permission, type TimeRange } from '../contract/index.ts';
import { excerpt } from './excerpt.ts';
import type { Secrets } from './secrets.ts';
import type { LineFile } from './state/line-file.ts';
import {
  isFlag,
  isNumber,
  isText,
  isTexts,
  isTimeRange,
  listOf,
  oneOf,
  optional,
  shapeOf,
} from './state/shape.ts';

const MAX_KEPT = 1_000;
/** Longer texts are cut in the history, never on their way to who asked. */
const MAX_TEXT = 16 * 1024;
const MAX_PARAM = 256;
const MAX_PUBLISHED = 20;

const OUTCOMES = ['running', 'succeeded', 'failed', 'denied', 'expired', 'cancelled'] as const;
/** How an execution ended; `running` while it has not. `cancelled` by whoever asked for it. */
export type ExecutionOutcome = (typeof OUTCOMES)[number];

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
  /** What the agent that called it through CallPlugin says it is; absent when a person did. */
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
  /** A param or the result is kept in part only, or a secret in it is masked, so the execution cannot be repeated from here. */
  readonly truncated?: boolean;
  /** What the agent published before the end, JSON texts. */
  readonly published?: readonly string[];
}

/** What is known when an execution begins. */
export type ExecutionStart = Omit<ExecutionRecord, 'startedAtMs' | 'outcome' | 'error' | 'resultJson'>;

const isRecord = shapeOf({
  executionId: isText,
  stepId: isText,
  tenantId: isText,
  agent: isText,
  action: isText,
  permission: oneOf(PERMISSIONS),
  mode: isText,
  params: isTexts,
  timeRange: optional(isTimeRange),
  caller: optional(isText),
  instanceId: optional(isText),
  approvalId: optional(isText),
  startedAtMs: isNumber,
  durationMs: optional(isNumber),
  outcome: oneOf(OUTCOMES),
  error: isText,
  resultJson: isText,
  truncated: optional(isFlag),
  published: optional(listOf(isText)),
});

/** Every execution, the newest 1,000 of them and those that run. */
export class History {
  readonly #file: LineFile;
  readonly #secrets: Secrets;
  readonly #records = new Map<string, ExecutionRecord>();

  constructor(file: LineFile, secrets: Secrets) {
    this.#file = file;
    this.#secrets = secrets;
  }

  /** Lines in the file: one for the beginning of each execution, and one for its end. */
  static readonly lines = 2 * MAX_KEPT;

  /** Takes what earlier engines knew; what ran then ended with them. @returns how many records were not usable */
  restore(documents: readonly unknown[]): number {
    const records = documents.filter(isRecord) as ExecutionRecord[];
    for (const record of records) this.#put(record);
    for (const record of this.#records.values())
      if (record.outcome === 'running')
        Object.assign(record, { outcome: 'failed', error: 'the engine ended while it ran' });
    return documents.length - records.length;
  }

  begin(start: ExecutionStart): void {
    const sizes = Object.values(start.params).reduce((sum, text) => sum + text.length, 0);
    const masked = this.#secrets.mask(start.params);
    const params =
      sizes <= MAX_TEXT
        ? masked
        : Object.fromEntries(Object.entries(masked).map(([name, text]) => [name, excerpt(text, MAX_PARAM)]));
    const record: ExecutionRecord = {
      ...start,
      params,
      ...(params === start.params ? {} : { truncated: true }),
      startedAtMs: Date.now(),
      outcome: 'running',
      error: '',
      resultJson: 'null',
    };
    this.#put(record);
    this.#file.add(record);
  }

  /** Notes what became known of a running execution. */
  note(executionId: string, fields: Partial<ExecutionRecord>): void {
    const record = this.#records.get(executionId);
    if (record !== undefined) Object.assign(record, fields);
  }

  /**
   * Keeps what an agent published of an execution of its own.
   * @param publisher its tenant, and its name where it said one
   * @returns whether there is such an execution
   */
  publish(
    executionId: string,
    publisher: { readonly tenantId: string; readonly agent: string | undefined },
    resultJson: string,
  ): boolean {
    const record = this.#records.get(executionId);
    if (record?.tenantId !== publisher.tenantId) return false;
    if (publisher.agent !== undefined && record.agent !== publisher.agent) return false;
    const kept = excerpt(this.#secrets.maskText(resultJson), MAX_TEXT);
    this.note(executionId, { published: [...(record.published ?? []), kept].slice(-MAX_PUBLISHED) });
    return true;
  }

  end(
    executionId: string,
    end: Pick<ExecutionRecord, 'outcome' | 'error' | 'resultJson'> & { readonly durationMs: number },
  ): void {
    const record = this.#records.get(executionId);
    if (record === undefined) return;
    const resultJson = excerpt(this.#secrets.maskText(end.resultJson), MAX_TEXT);
    Object.assign(record, end, {
      error: excerpt(this.#secrets.maskText(end.error), MAX_TEXT),
      resultJson,
      ...(resultJson === end.resultJson ? {} : { truncated: true }),
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
    for (const [id, { outcome }] of this.#records) {
      if (outcome === 'running') continue;
      this.#records.delete(id);
      return;
    }
  }
}
