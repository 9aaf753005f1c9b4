export type {
  AgentDetail,
  AgentsAnswer,
  AgentView,
  ApprovalView,
  CacheAnswer,
  CacheSetAnswer,
  ConfigChangeAnswer,
  ConfigView,
  EngineAbout,
  ErrorEnvelope,
  EventGap,
  EventsAnswer,
  ExecutionRecord,
  HealthReport,
  IntentReport,
  InvokeRequest,
  InvokeResult,
  LastError,
  PromptView,
  RawAnswer,
  RawCall,
  ShownEvent,
} from './api.ts';
export { type AskOptions, type ControlClient, connectControl } from './client.ts';
export { describeApi } from './openapi.ts';
export { apiRoutes } from './routes/index.ts';
export { type Fault, findFault, type Schema, type Schemas } from './schema.ts';
export { apiSchemas } from './schemas/index.ts';
export { type ControlOptions, type ControlServer, startControl } from './server.ts';
export type { Session } from './session.ts';
export { assertNoSession, type NewSession, removeSession, writeSession } from './session-file.ts';
export { findNamedSession, findOnlySession, findOwnSession, findSession } from './session-find.ts';
