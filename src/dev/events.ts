/** What happens in a dev session, without when and to which generation. */
export type DevEventBody =
  /** Where agents and commands reach the engine of this session, and the variables that name its backend. */
  | {
      readonly type: 'engine-listening';
      readonly grpcAddr: string;
      readonly controlUrl?: string;
      readonly tenantId: string;
      readonly pid: number;
      readonly sessionFile?: string;
      readonly backendEnv: Readonly<Record<string, string>>;
    }
  /** The sources are being built for the next launch. */
  | { readonly type: 'building' }
  /** The build failed; what served before still serves. */
  | {
      readonly type: 'build-failed';
      readonly message: string;
      readonly file?: string;
      readonly line?: number;
    }
  /** A new process is being launched. */
  | { readonly type: 'launching' }
  /** Registered, healthy, and new calls go there. `ms` counts from the save, or from the start of the session. */
  | { readonly type: 'ready'; readonly agent: string; readonly version: string; readonly ms: number }
  /** New calls went from one generation to another while both lived. */
  | {
      readonly type: 'swapped';
      readonly from: number;
      readonly to: number;
      readonly drainedCalls: number;
    }
  /** A line the agent printed, as it came: whoever shows it makes it harmless. */
  | { readonly type: 'agent-log'; readonly line: string }
  /** The agent ended although nobody had asked it to. */
  | { readonly type: 'agent-exited'; readonly code: number | null; readonly signal: string | null }
  /** Something a developer should know. */
  | { readonly type: 'warning'; readonly message: string }
  /** The session is over and nothing of it lives any more. */
  | { readonly type: 'stopped' };

/** One event of a dev session, as `dev --json` prints it. */
export type DevEvent = DevEventBody & {
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The launch it belongs to, counted from 1; while building, the launch that the build is for; 0 before both. */
  readonly generation: number;
};
