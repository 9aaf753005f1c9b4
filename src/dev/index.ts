export { type Backend, type RunningBackend, startBackend } from './backend.ts';
export { type BuildOutcome, buildProject } from './build.ts';
export type { Clock } from './clock.ts';
export { agentEnvironment } from './environment.ts';
export type { DevEvent, DevEventBody } from './events.ts';
export { createDevSession } from './session.ts';
export type { DevSession, DevSessionOptions, SessionEngine } from './types.ts';
