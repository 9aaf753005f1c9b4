export type {
  ApprovalDecision,
  ApprovalRequest,
  BlastRadius,
  CacheEntry,
  CallOptions,
  EngineClient,
  HeartbeatReply,
  Kpi,
  License,
  LicenseQuotas,
  PluginCallOptions,
  RegistrationReply,
  RegistrationRequest,
} from './engine-client.ts';
export { checkGates, formatGateFailure } from './gates.ts';
export type {
  Action,
  ConfigParam,
  ExecuteRequest,
  ExecuteResponse,
  IntentPattern,
  ParamSchema,
  Plugin,
  PluginInfo,
  PluginSchema,
  PromptTemplate,
  RoutingSemantics,
} from './plugin.ts';
export { deriveRouting, normaliseRouting, ROUTING_SCHEMA_VERSION, type RoutingResult } from './routing.ts';
export type { TimeRange } from './time-range.ts';
export {
  CONFIG_TYPES,
  type ConfigType,
  EXECUTION_MODES,
  type ExecutionMode,
  type JsonValue,
  PARAM_TYPES,
  type ParamType,
  PERMISSIONS,
  type Permission,
  STAGES,
  type Stage,
} from './vocabulary.ts';
