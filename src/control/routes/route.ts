import type { Engine } from '../../engine/index.ts';
import type { Schema } from '../schema.ts';

/** One admitted request. */
export interface Call {
  readonly engine: Engine;
  readonly pid: number;
  readonly version: string;
  /** The value of a `{name}` in the path. */
  readonly part: (name: string) => string;
  /** A parameter of the query, checked against the route's declaration. */
  readonly query: (name: string) => string | undefined;
  /** The JSON value of a POST's body, checked against the route's schema. */
  readonly body: unknown;
  /** Fires when the caller is gone. */
  readonly signal: AbortSignal;
}

/** One thing the API can do. */
export interface Route {
  /** GET reads, POST changes something or causes work. */
  readonly method: 'GET' | 'POST';
  /** May have parts like `{agent}`. */
  readonly path: string;
  /** For the document: a name in camel case, and one sentence. */
  readonly id: string;
  readonly summary: string;
  /** Parameters that may stand in the query. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** Name of the schema of the body. */
  readonly body?: string;
  /** Name of the schema of the answer; of each event, where it is a stream. */
  readonly answer?: string;
  /** What to answer, as JSON; `stream` for the events. A thrown `UserError` travels whole. */
  readonly perform: ((call: Call) => unknown) | 'stream';
}
