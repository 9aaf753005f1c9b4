import type { Engine } from '../engine/index.ts';
import { type AgentsAnswer, type EngineAbout, type InvokeResult, PATHS } from './api.ts';
import { decodeInvokeRequest } from './invoke-request.ts';

/** One admitted request. */
export interface Call {
  readonly engine: Engine;
  readonly pid: number;
  readonly version: string;
  /** The JSON value of a POST's body. */
  readonly body: unknown;
  /** Fires when the caller is gone. */
  readonly signal: AbortSignal;
}

/** One thing the API can do. */
export interface Route {
  /** GET reads, POST changes something or causes work. */
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What to answer, as JSON. A thrown `UserError` travels whole. */
  readonly answer: (call: Call) => unknown;
}

const answerEngine = ({ engine, pid, version }: Call): EngineAbout => ({
  grpcAddr: engine.address,
  tenantIds: engine.tenantIds,
  pid,
  version,
});

const answerAgents = ({ engine }: Call): AgentsAnswer => ({ agents: engine.agents() });

const answerInvoke = ({ engine, body, signal }: Call): Promise<InvokeResult> =>
  engine.invoke(decodeInvokeRequest(body), { signal });

/** The whole API. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: PATHS.engine, answer: answerEngine },
  { method: 'GET', path: PATHS.agents, answer: answerAgents },
  { method: 'POST', path: PATHS.invoke, answer: answerInvoke },
];

/** The methods a path takes; empty when there is no such path. */
export const methodsOf = (path: string): readonly string[] =>
  ROUTES.filter((route) => route.path === path).map((route) => route.method);

/** The route of an admitted request. */
export const findRoute = (method: string, path: string): Route | undefined =>
  ROUTES.find((route) => route.method === method && route.path === path);
