/** The runtime: what a TypeScript agent imports from `create-mirastack-agent`. */
export {
  type Action,
  type ConfigParam,
  type ConfigType,
  checkGates,
  type ExecuteRequest,
  type ExecuteResponse,
  type ExecutionMode,
  type IntentPattern,
  type JsonValue,
  type ParamSchema,
  type ParamType,
  type Permission,
  type Plugin,
  type PluginInfo,
  type PluginSchema,
  type PromptTemplate,
  ROUTING_SCHEMA_VERSION,
  type RoutingSemantics,
  type Stage,
  type TimeRange,
} from '../contract/index.ts';
export { GateError, type RunningAgent, startAgent } from './agent.ts';
export { createLogger, type LogFields, type Logger } from './logger.ts';
export type { RegistrationState } from './registration.ts';
export { respond, respondError } from './respond.ts';
export { serve } from './serve.ts';
export type { Environment } from './settings.ts';
export { loadPromptTemplates } from './templates.ts';
