export type { ApprovalState, ApprovalSubject, ApprovalView } from './approval-view.ts';
export type { Decision } from './approvals.ts';
export { createMemoryCache, createValkeyCache, type EngineCache } from './cache/index.ts';
export type { ConfigEntry, ConfigView } from './config-store.ts';
export { startEngine } from './engine.ts';
export type { ExecutionOutcome, ExecutionRecord } from './history.ts';
export type { IntentReport } from './intent-report.ts';
export { parseKpis } from './kpis.ts';
export { parseLicense } from './license.ts';
export { type Policy, type PolicyDecision, type PolicyRule, parsePolicy } from './policy.ts';
export type { PromptView } from './prompts.ts';
export { RAW_METHODS, type RawAnswer, type RawCall, type RawMethod } from './raw-call.ts';
export { makeTimeRange, type TimeFlags } from './time/index.ts';
export type {
  ConfigAnswer,
  ConfigChange,
  Engine,
  EngineEvent,
  EngineOptions,
  ExternalAgent,
  InvokeRequest,
  InvokeResult,
  TimedEvent,
} from './types.ts';
export type { ActionView, AgentLanguage, AgentView, Health, InstanceView } from './views.ts';
