/** The runtime: what a TypeScript agent imports from `create-mirastack-agent`. */
export {
  type Action,
  type ApprovalDecision,
  type ApprovalRequest,
  type BlastRadius,
  type CacheEntry,
  type CallOptions,
  type ConfigParam,
  type ConfigType,
  checkGates,
  type EngineClient,
  type ExecuteRequest,
  type ExecuteResponse,
  type ExecutionMode,
  type HeartbeatReply,
  type IntentPattern,
  type JsonValue,
  type Kpi,
  type License,
  type LicenseQuotas,
  type ParamSchema,
  type ParamType,
  type Permission,
  type Plugin,
  type PluginCallOptions,
  type PluginInfo,
  type PluginSchema,
  type PromptTemplate,
  type RegistrationReply,
  type RegistrationRequest,
  ROUTING_SCHEMA_VERSION,
  type RoutingSemantics,
  type Stage,
  type TimeRange,
} from '../contract/index.ts';
export { tenantIdFromSlug } from '../support/tenant-id.ts';
export { WireError } from '../wire/index.ts';
export { GateError, type RunningAgent, startAgent } from './agent.ts';
export {
  type BackendFamily,
  type EpochMs,
  formatCustom,
  formatDate,
  formatDateTime,
  formatEpochMicros,
  formatEpochMillis,
  formatEpochNanos,
  formatEpochSeconds,
  formatInTimezone,
  formatLookbackMillis,
  formatRfc3339,
  formatRfc3339Nano,
  fromDate,
  nowUtcMs,
  type TimeConverter,
  timeConverterFor,
  toDate,
} from './datetime/index.ts';
export {
  type ActionDefinition,
  defineAction,
  type ParamDeclaration,
  type ParamValues,
  type RunnableAction,
} from './define-action.ts';
export { definePlugin, type PluginDefinition } from './define-plugin.ts';
export { createLogger, type LogFields, type Logger, type LogStyle } from './logger.ts';
export type { RegistrationState } from './registration-state.ts';
export { respond, respondError, respondJson, respondMap, respondRaw } from './respond.ts';
export { redactSecrets, Secret } from './secrets.ts';
export { serve } from './serve.ts';
export type { Environment } from './settings.ts';
export { loadPromptTemplates } from './templates.ts';
