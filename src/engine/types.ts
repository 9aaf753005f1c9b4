import type {
  ExecutionMode,
  JsonValue,
  ParamSchema,
  Permission,
  Stage,
  TimeRange,
} from '../contract/index.ts';
import type { PeerLanguage } from '../wire/index.ts';

/** How to bring up the dev engine. Every field has a default that suits a developer's machine. */
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
}

/** The language whose SDK an agent was seen to use; `unknown` for any other client. */
export type AgentLanguage = PeerLanguage;

/** `unknown` until the first probe has ended. */
export type Health = 'healthy' | 'unhealthy' | 'unknown';

/** One running process of an agent. */
export interface InstanceView {
  readonly instanceId: string;
  readonly pluginId: string;
  /** `host:port` the engine reaches it at. */
  readonly address: string;
  /** `host:port` the agent advertised. */
  readonly advertisedAddress: string;
  readonly language: AgentLanguage;
  readonly health: Health;
  /** What the last probe said: `ok`, or why it is unhealthy. */
  readonly healthMessage: string;
  /** Set when its SDK cannot serve Execute: the reason and the remedy in one sentence. */
  readonly notExecutable?: string;
}

/** One action as the engine knows it. */
export interface ActionView {
  readonly id: string;
  readonly description: string;
  readonly permission: Permission;
  readonly stages: readonly Stage[];
  readonly inputParams: readonly ParamSchema[];
}

/** One agent: what its newest registration declared, and its instances. */
export interface AgentView {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly permission: Permission;
  readonly tenantId: string;
  /** Healthy when at least one instance is. */
  readonly health: Health;
  readonly actions: readonly ActionView[];
  readonly instances: readonly InstanceView[];
}

/** One execute, as a developer asks for it. */
export interface InvokeRequest {
  readonly action: string;
  /** Needed only when several agents offer the action. */
  readonly agent?: string;
  /** Any JSON value per param; each is turned into a string before it travels (protocol.md §3.2). */
  readonly params: { readonly [name: string]: JsonValue };
  readonly timeRange?: TimeRange;
  /** Milliseconds the agent may take. Default 60,000. */
  readonly timeoutMs?: number;
}

/** What one execute gave. A failed one is a result; an error is thrown only when nothing was executed. */
export interface InvokeResult {
  readonly success: boolean;
  /** The result as JSON text, so that long integers keep every digit; `null` when there is none. */
  readonly resultJson: string;
  /** Empty when `success`. */
  readonly error: string;
  readonly durationMs: number;
  readonly executionId: string;
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
  | {
      readonly type: 'executed';
      readonly agent: string;
      readonly action: string;
      readonly result: InvokeResult;
    }
  /** One clear line, e.g. a refused registration; the same line is not repeated for a retrying agent. */
  | { readonly type: 'warning'; readonly agent: string; readonly message: string };

/** A running dev engine. */
export interface Engine {
  /** `host:port` of its gRPC server. */
  readonly address: string;
  readonly tenantIds: readonly string[];
  /** Every registered agent, by name. */
  agents(): readonly AgentView[];
  /**
   * Executes one action on one instance.
   * @throws UserError `unknown-agent`, `unknown-action`, `missing-param`, `unknown-param` (usage),
   *   `needs-approval` (failed), `no-healthy-instance` (unreachable)
   */
  invoke(request: InvokeRequest, options?: { readonly signal?: AbortSignal }): Promise<InvokeResult>;
  /** Calls the listener for every event from now on; the returned function stops that. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
  /** Stops listening, probing and dialling; resolves when every socket is closed. Idempotent. */
  stop(): Promise<void>;
}
