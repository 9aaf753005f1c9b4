import type { Engine } from '../engine/index.ts';
import type { Launcher } from '../launch/index.ts';
import type { Project } from '../project/index.ts';
import type { Backend } from './backend.ts';
import type { Clock } from './clock.ts';
import type { DevEvent } from './events.ts';

/** What a dev session needs of an engine. */
export type SessionEngine = Pick<Engine, 'address' | 'subscribe'>;

/** What a dev session works with. */
export interface DevSessionOptions {
  readonly project: Project;
  /** Stays open when the session stops: it belongs to whoever made it, and so does the engine. */
  readonly launcher: Launcher;
  readonly engine: SessionEngine;
  /** What children inherit, usually `process.env`. */
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  /** The tenant the agent serves (UUID). */
  readonly tenantId: string;
  /** Where commands reach the engine, for `engine-listening`. */
  readonly control?: { readonly controlUrl: string; readonly sessionFile: string };
  readonly clock?: Clock;
}

/** The edit loop of one project: every save becomes a running generation of the agent. */
export interface DevSession {
  /** The number of the newest launch; 0 before the first. */
  readonly generation: number;
  /** The dev backend, once it runs and when the project has one. */
  readonly backend: Backend | undefined;
  /** Settles when the session is over; rejects when it failed through a fault of ours. */
  readonly done: Promise<void>;
  /**
   * Starts backend and watcher, and begins the first generation; its fate shows in the events.
   * @throws UserError when tools are missing or the backend does not start
   */
  start(): Promise<void>;
  /** Builds and launches anew, as after a save. */
  restart(): void;
  /** Ends everything the session started. Idempotent; call again to shorten the wait. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
  /** Calls the listener for every event from now on; the returned function stops that. */
  subscribe(listener: (event: DevEvent) => void): () => void;
}
