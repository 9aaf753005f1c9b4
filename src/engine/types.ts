import type { ExecutionMode, JsonValue, Kpi, License, TimeRange } from '../contract/index.ts';
import type { IntentCandidate } from '../intents/index.ts';
import type { ApprovalView } from './approval-view.ts';
import type { Decision } from './approvals.ts';
import type { EngineCache } from './cache/index.ts';
import type { ConfigView } from './config-store.ts';
import type { ExecutionOutcome, ExecutionRecord } from './history.ts';
import type { IntentReport } from './intent-report.ts';
import type { Policy } from './policy.ts';
import type { PromptView } from './prompts.ts';
import type { RawAnswer, RawCall } from './raw-call.ts';
import type { TimeFlags } from './time/index.ts';
import type { AgentView, Health, InstanceView } from './views.ts';

/** How to bring up the dev engine. Every field but the tenants has a default that suits a developer's machine. */
export interface EngineOptions {
  /** `host:port` to listen on; port 0 picks a free one. Default `127.0.0.1:0`. */
  readonly listen?: string;
  /** The tenants this engine serves (UUIDs). An agent of any other tenant is refused. */
  readonly tenantIds: readonly string[];
  /** Hosts beyond this machine that the engine may dial back to. */
  readonly allowHosts?: readonly string[];
  /** Milliseconds between two health probes of an instance. Default 30,000. */
  readonly healthIntervalMs?: number;
  /** Seconds between heartbeats, recommended to agents. Left out, agents keep their own 30 s. */
  readonly heartbeatIntervalS?: number;
  /** How much the engine asks before it acts. Default GUIDED. */
  readonly mode?: ExecutionMode;
  /** Who decides requests for approval. Left out, a human does. */
  readonly policy?: Policy;
  readonly kpis?: readonly Kpi[];
  /** Agents that the engine dials by itself; one that registers itself under such a name takes its place. */
  readonly externalAgents?: readonly ExternalAgent[];
  /** Left out, the engine attaches no licence and enforces none. */
  readonly license?: License;
  /** Where the agents' cache is. Default: memory, gone with the engine. */
  readonly cache?: EngineCache;
  /**
   * Folder that keeps settings, approvals and the history of executions over a restart. Left out, nothing is kept.
   * One that cannot be read is `state-not-readable` (io).
   */
  readonly stateDirectory?: string;
}

/** An agent of the engine's own list (`plugins.external`): dialled by the engine, it need not register. */
export interface ExternalAgent {
  readonly name: string;
  /** `host:port`; being listed is permission enough for a host beyond this machine. */
  readonly address: string;
}

/** One execute, as a developer asks for it. */
export interface InvokeRequest {
  readonly action: string;
  /** Needed only when several agents offer the action. */
  readonly agent?: string;
  /** Any JSON value per param; each is turned into a string before it travels (protocol.md §3.2). */
  readonly params: { readonly [name: string]: JsonValue };
  /** Absolute; sent as it is. */
  readonly timeRange?: TimeRange;
  /** In words, parsed by the engine; not beside `timeRange`. */
  readonly time?: TimeFlags;
  /** Default: the engine's mode. */
  readonly mode?: ExecutionMode;
  /** Milliseconds the agent may take. Default 60,000. */
  readonly timeoutMs?: number;
  /** Known beforehand by who wants to follow it: a UUID that no execution had. Left out, the engine makes one. */
  readonly executionId?: string;
}

/** What one execute gave. A failed one is a result; an error is thrown only when nothing was executed. */
export interface InvokeResult {
  readonly success: boolean;
  /** `denied` and `expired`: the action was not run, because its approval was refused or never came. */
  readonly outcome: Exclude<ExecutionOutcome, 'running'>;
  /** The result as JSON text, so that long integers keep every digit; `null` when there is none. */
  readonly resultJson: string;
  /** Empty when `success`. */
  readonly error: string;
  readonly durationMs: number;
  readonly executionId: string;
}

/** What an instance said to a pushed configuration. */
export interface ConfigAnswer {
  readonly instanceId: string;
  readonly acknowledged: boolean;
  /** Empty when acknowledged. */
  readonly error: string;
}

/** A change of an agent's configuration, and what its instances said to it. */
export interface ConfigChange {
  readonly version: number;
  readonly answers: readonly ConfigAnswer[];
}

/** What happens inside a running engine. */
export type EngineEvent =
  | {
      readonly type: 'registered';
      readonly agent: string;
      readonly version: string;
      readonly instance: InstanceView;
      /** False when the same instance registered again. */
      readonly first: boolean;
    }
  | { readonly type: 'deregistered'; readonly agent: string; readonly instanceId: string }
  /** Its heartbeats stopped, or it was not reachable any more. */
  | { readonly type: 'lost'; readonly agent: string; readonly instanceId: string; readonly reason: string }
  /** A probe ended; sent for every probe, changed or not. */
  | {
      readonly type: 'health';
      readonly agent: string;
      readonly instanceId: string;
      readonly health: Health;
      readonly message: string;
      readonly changed: boolean;
    }
  /** An execution ended; `result.outcome` says how. */
  | {
      readonly type: 'executed';
      readonly agent: string;
      readonly action: string;
      /** What the agent that called it through CallPlugin says it is; absent when a person did. */
      readonly caller?: string;
      readonly result: InvokeResult;
    }
  /** A request for approval came, was decided, expired, was cancelled or used. */
  | { readonly type: 'approval'; readonly agent: string; readonly approval: ApprovalView }
  | {
      readonly type: 'config-updated';
      readonly agent: string;
      readonly key: string;
      readonly change: ConfigChange;
    }
  /** LogEvent of an agent. */
  | {
      readonly type: 'logged';
      readonly agent: string;
      readonly severity: string;
      readonly message: string;
      /** JSON text. */
      readonly dataJson: string;
    }
  /** PublishResult of an agent. */
  | {
      readonly type: 'published';
      readonly agent: string;
      readonly executionId: string;
      /** JSON text. */
      readonly resultJson: string;
    }
  /** Something was asked for that the caller may not have. Kept on disk, too. */
  | { readonly type: 'refused'; readonly agent: string; readonly method: string; readonly reason: string }
  | { readonly type: 'license'; readonly active: boolean; readonly effectiveTier: string }
  /** One clear line, e.g. a refused registration; the same line is not repeated for a retrying agent. */
  | { readonly type: 'warning'; readonly agent: string; readonly message: string };

/** An event with its place in the order of all of this engine's, counted from 1, and its time in epoch milliseconds. */
export type TimedEvent = EngineEvent & { readonly seq: number; readonly atMs: number };

/** A running dev engine. */
export interface Engine {
  /** `host:port` of its gRPC server. */
  readonly address: string;
  readonly tenantIds: readonly string[];
  /** Every registered agent, by name. */
  agents(): readonly AgentView[];
  /**
   * Executes one action on one instance, after its approval where it needs one: until then this waits.
   * @throws UserError `unknown-agent`, `unknown-action`, `ambiguous-action`, `missing-param`, `unknown-param`,
   *   `bad-param`, `invalid-time-range`, `execution-exists` (usage), `not-executable`, `action-changed`,
   *   `license-inactive`, `quota-exhausted` (failed), `no-healthy-instance`, `agent-unreachable`, `engine-stopping`
   *   (unreachable)
   */
  invoke(request: InvokeRequest, options?: { readonly signal?: AbortSignal }): Promise<InvokeResult>;
  /**
   * Calls one of the five methods of an agent as it is.
   * @throws UserError `unknown-agent`, `ambiguous-agent`, `unknown-instance`, `bad-message` (usage),
   *   `needs-approval`, `call-failed` (failed), `agent-unreachable` (unreachable)
   */
  callMethod(call: RawCall, options?: { readonly signal?: AbortSignal }): Promise<RawAnswer>;
  /** Every request for approval that is known, newest first. */
  approvals(): readonly ApprovalView[];
  /** @throws UserError `unknown-approval` (usage), `already-decided` (failed) */
  decide(approvalId: string, decision: Decision): Promise<ApprovalView>;
  /** The settings of a registered agent, secrets masked. @throws UserError `unknown-agent`, `ambiguous-agent` */
  config(agent: string): ConfigView;
  /**
   * Sets one setting, or goes back to its default with `undefined`, and pushes the whole configuration to every
   * instance of the agent.
   * @throws UserError `unknown-agent`, `ambiguous-agent`, `unknown-config-key`, `bad-config-value` (usage)
   */
  setConfig(agent: string, key: string, value: string | undefined): Promise<ConfigChange>;
  /** The cached value of a tenant, the first where none is named. */
  cacheGet(key: string, tenantId?: string): Promise<Uint8Array | undefined>;
  /** @param ttlSeconds whole seconds, 0 never expires */
  cacheSet(key: string, value: Uint8Array, ttlSeconds: number, tenantId?: string): Promise<void>;
  /** The newest version of every prompt template, by name. */
  prompts(): readonly PromptView[];
  /** One version, the newest where none is named. @throws UserError `unknown-prompt` (usage) */
  prompt(name: string, version?: number): PromptView;
  /** Adds a version, as an operator. @throws UserError `unknown-prompt`, `bad-template` (usage) */
  setPrompt(name: string, content: string): Promise<PromptView>;
  /** What a template gives with some data. @throws UserError `unknown-prompt`, `not-rendered` (usage) */
  renderPrompt(name: string, data: JsonValue, version?: number): string;
  /** Who would be asked about a text, the winner first. */
  matchIntents(text: string): readonly IntentCandidate[];
  /** Overlaps, conflicts, and what is not routed. */
  intentReport(): IntentReport;
  /** The executions that are known, newest first. */
  history(): readonly ExecutionRecord[];
  execution(executionId: string): ExecutionRecord | undefined;
  /** From now on another policy decides; what is pending goes on waiting. */
  setPolicy(policy: Policy): void;
  setKpis(kpis: readonly Kpi[]): void;
  /** Agents hear of it with their next heartbeat. */
  setLicense(license: License | undefined): void;
  /** Calls the listener for every event from now on; the returned function stops that. */
  subscribe(listener: (event: TimedEvent) => void): () => void;
  /** The newest events after a number, oldest first; the last 2,000 are kept, unless their texts are larger than 4 MiB. */
  eventsSince(seq: number): readonly TimedEvent[];
  /** Stops listening, probing and dialling; resolves when every socket is closed and the state is on disk. Idempotent. */
  stop(): Promise<void>;
}
