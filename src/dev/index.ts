export type { Backend } from './backend.ts';
export type { Clock } from './clock.ts';
export type { DevEvent, DevEventBody } from './events.ts';
export { createDevSession } from './session.ts';
export type { DevSession, DevSessionOptions, SessionEngine } from './types.ts';
