import type { AgentView, InvokeRequest, InvokeResult } from '../engine/index.ts';

export type { AgentView, InvokeRequest, InvokeResult };

/** The largest body a request may carry. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The paths of the API, written once for the routes and the client. */
export const PATHS = { engine: '/api/engine', agents: '/api/agents', invoke: '/api/invoke' } as const;

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
