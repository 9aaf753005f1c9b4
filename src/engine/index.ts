export { startEngine } from './engine.ts';
export type {
  ActionView,
  AgentLanguage,
  AgentView,
  Engine,
  EngineEvent,
  EngineOptions,
  Health,
  InstanceView,
  InvokeRequest,
  InvokeResult,
} from './types.ts';
