import type { EngineClient } from './engine-client.ts';
import type { TimeRange } from './time-range.ts';
import type { ConfigType, ExecutionMode, JsonValue, ParamType, Permission, Stage } from './vocabulary.ts';

/** A phrase or pattern that should lead the engine to an agent or an action. */
export interface IntentPattern {
  readonly pattern: string;
  readonly description?: string;
  /** Integer; higher wins. The wire's confidence is priority / 10, never clamped (protocol.md §3.3). */
  readonly priority?: number;
}

/** One parameter of an action. Values arrive as strings whatever the type (protocol.md §3.2). */
export interface ParamSchema {
  readonly name: string;
  readonly type: ParamType;
  readonly required: boolean;
  readonly description: string;
}

/** One setting that operators can change while the agent runs. */
export interface ConfigParam {
  readonly key: string;
  readonly type: ConfigType;
  readonly required: boolean;
  readonly default?: string;
  readonly description: string;
  /** The engine still delivers the value in clear; the agent must not print it. */
  readonly isSecret?: boolean;
}

/** A prompt template that the engine ingests at registration (Go text/template syntax, best under 2 KB). */
export interface PromptTemplate {
  readonly name: string;
  readonly description: string;
  readonly content: string;
}

/** Where the engine may route an intent; normalised and checked as protocol.md §3.7 says. */
export interface RoutingSemantics {
  readonly schemaVersion: string;
  readonly acceptedIntentDomains: readonly string[];
  readonly capabilityDomain: string;
  readonly positiveUseCases: readonly string[];
  readonly negativeUseCases?: readonly string[];
  readonly signalDomains?: readonly string[];
  readonly backendDomains?: readonly string[];
  readonly entityTypes?: readonly string[];
}

/** One operation an agent offers. */
export interface Action {
  readonly id: string;
  /** Read by the LLM that chooses the action, and by the human who approves it. */
  readonly description: string;
  /** Must be set: leaving it out is a gate violation, never a silent READ. */
  readonly permission: Permission;
  readonly stages: readonly Stage[];
  readonly intents?: readonly IntentPattern[];
  readonly inputParams?: readonly ParamSchema[];
  readonly outputParams?: readonly ParamSchema[];
  /** Left out, it is derived from name, stage and description (`deriveRouting`). */
  readonly routing?: RoutingSemantics;
}

/** Who an agent is: the answer of the first of the five methods. */
export interface PluginInfo {
  /** The registry key, e.g. `my_agent`. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Must be set; each action's own permission is what the engine enforces. */
  readonly permission: Permission;
  readonly devopsStages: readonly Stage[];
  readonly actions: readonly Action[];
  readonly intents?: readonly IntentPattern[];
  readonly promptTemplates?: readonly PromptTemplate[];
  readonly configParams?: readonly ConfigParam[];
}

/** What the actions take and give; usually `{ actions: info().actions }`. */
export interface PluginSchema {
  readonly actions: readonly Action[];
}

/** One execution of one action. */
export interface ExecuteRequest {
  readonly executionId: string;
  readonly stepId: string;
  /** The action's id, from the wire's `action_id` or, when that is empty, from `params.action`. */
  readonly actionId: string;
  /** Every value is a string. `action` may be among them. */
  readonly params: Readonly<Record<string, string>>;
  /** Undefined when the engine did not say. */
  readonly mode: ExecutionMode | undefined;
  readonly timeRange: TimeRange | undefined;
  readonly tenantId: string;
  /** Fires when the caller gave up, its deadline passed, or the agent is stopping. */
  readonly signal: AbortSignal;
  /** What the engine offers, while the action runs and after. */
  readonly engineClient: EngineClient;
}

/** What an execution gave. */
export interface ExecuteResponse {
  /** Any JSON value, usually an object; or bytes, which travel as they are and should be JSON. */
  readonly output: JsonValue | Uint8Array;
}

/**
 * An agent: the five methods the engine calls. Each may answer at once or with a promise.
 * Throwing from `execute` answers the caller with `success: false` and the error's message;
 * throwing from `healthCheck` reports the agent unhealthy; throwing from `configUpdated` rejects the change.
 */
export interface Plugin {
  /** Who the agent is. Called afresh for every request; must not touch the network. */
  info(): PluginInfo | Promise<PluginInfo>;
  /** What its actions take. Called afresh for every request. */
  schema(): PluginSchema | Promise<PluginSchema>;
  /** Does the work of one action. */
  execute(request: ExecuteRequest): ExecuteResponse | Promise<ExecuteResponse>;
  /** Resolves when the agent and its backend are usable, throws otherwise. */
  healthCheck(): void | Promise<void>;
  /** Takes the full merged configuration after a change; `config` values are strings. */
  configUpdated(config: Readonly<Record<string, string>>): void | Promise<void>;
  /** Gets the engine client once, for work outside of `execute`; awaited before the port line is printed. */
  setEngineClient?(engineClient: EngineClient): void | Promise<void>;
}
