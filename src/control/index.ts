export type {
  AgentsAnswer,
  AgentView,
  EngineAbout,
  ErrorEnvelope,
  InvokeRequest,
  InvokeResult,
} from './api.ts';
export { type ControlClient, connectControl } from './client.ts';
export { type ControlOptions, type ControlServer, startControl } from './server.ts';
export type { Session } from './session.ts';
export {
  assertNoSession,
  findSession,
  type NewSession,
  removeSession,
  writeSession,
} from './session-file.ts';
