import type {
  AgentView,
  ApprovalView,
  ConfigChange,
  ConfigView,
  ExecutionRecord,
  Health,
  IntentReport,
  InvokeRequest,
  InvokeResult,
  PromptView,
  RawAnswer,
  RawCall,
  TimedEvent,
} from '../engine/index.ts';

export type {
  AgentView,
  ApprovalView,
  ConfigChange,
  ConfigView,
  ExecutionRecord,
  IntentReport,
  InvokeRequest,
  InvokeResult,
  PromptView,
  RawAnswer,
  RawCall,
  TimedEvent,
};

/** The largest body a request may carry. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The paths of the API, written once for the routes and the client. */
export const PATHS = {
  engine: '/api/engine',
  document: '/api/openapi.json',
  agents: '/api/agents',
  agent: '/api/agents/{agent}',
  health: '/api/agents/{agent}/health',
  config: '/api/agents/{agent}/config',
  call: '/api/agents/{agent}/call',
  invoke: '/api/invoke',
  history: '/api/history',
  execution: '/api/history/{id}',
  approvals: '/api/approvals',
  approval: '/api/approvals/{id}',
  decision: '/api/approvals/{id}/decision',
  prompts: '/api/prompts',
  prompt: '/api/prompts/{name}',
  render: '/api/prompts/{name}/render',
  intents: '/api/intents',
  match: '/api/intents/match',
  cache: '/api/cache',
  events: '/api/events',
  stream: '/api/events/stream',
} as const;

/** What `GET /api/engine` answers: which engine this is. */
export interface EngineAbout {
  /** `host:port` of its gRPC server, where agents register. */
  readonly grpcAddr: string;
  readonly tenantIds: readonly string[];
  readonly pid: number;
  /** Version of this package. */
  readonly version: string;
}

/** What `GET /api/agents` answers. */
export interface AgentsAnswer {
  readonly agents: readonly AgentView[];
}

/** The newest thing that went wrong with an agent, as far as the engine remembers. */
export interface LastError {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly source: 'execution' | 'health' | 'warning';
  readonly message: string;
}

/** What `GET /api/agents/{agent}` answers. */
export interface AgentDetail {
  readonly agent: AgentView;
  readonly lastError: LastError | null;
}

/** What the instances of an agent said just now. */
export interface HealthReport {
  readonly agent: string;
  /** Healthy when at least one instance is. */
  readonly health: Health;
  readonly instances: readonly {
    readonly instanceId: string;
    readonly address: string;
    readonly health: Health;
    readonly message: string;
    readonly durationMs: number;
  }[];
}

/** A change of one setting, and what the instances said to it. */
export interface ConfigChangeAnswer extends ConfigChange {
  readonly agent: string;
  readonly key: string;
}

/** What `GET /api/cache` answers; the value only where there is one. */
export interface CacheAnswer {
  readonly key: string;
  readonly found: boolean;
  readonly valueBase64?: string;
  /** The value, where it is UTF-8. */
  readonly text?: string;
}

/** What `POST /api/cache` answers. */
export interface CacheSetAnswer {
  readonly key: string;
  readonly bytes: number;
  readonly ttlSeconds: number;
}

/** In a stream: the events of these numbers are not kept any more. */
export interface EventGap {
  readonly type: 'gap';
  readonly missedFrom: number;
  readonly missedTo: number;
}

/** An event as it is shown; `truncated` where a long text in it is cut. */
export type ShownEvent = TimedEvent & { readonly truncated?: true };

/** What `GET /api/events` answers. */
export interface EventsAnswer {
  readonly events: readonly ShownEvent[];
  /** The number of the newest event; 0 before the first. */
  readonly lastSeq: number;
}

/** The body of every answer that is not 2xx. */
export interface ErrorEnvelope {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** Empty when there is none. */
    readonly hint: string;
    /** A kind of `UserError`, so that a client can throw the same one, or `internal` for our bugs. */
    readonly kind: string;
  };
}
