import type {
  ConfigParam,
  IntentPattern,
  ParamSchema,
  Permission,
  PromptTemplate,
  RoutingSemantics,
  Stage,
} from '../contract/index.ts';
import type { PeerLanguage } from '../wire/index.ts';

/** The language whose SDK an agent was seen to use; `unknown` for any other client. */
export type AgentLanguage = Exclude<PeerLanguage, 'mended-python'>;

/** `unknown` until the first probe has ended. */
export type Health = 'healthy' | 'unhealthy' | 'unknown';

/** One running process of an agent. */
export interface InstanceView {
  readonly instanceId: string;
  readonly pluginId: string;
  /** `host:port` the engine reaches it at. */
  readonly address: string;
  /** `host:port` the agent advertised. */
  readonly advertisedAddress: string;
  readonly language: AgentLanguage;
  readonly health: Health;
  /** What the last probe said: `ok`, or why it is unhealthy. */
  readonly healthMessage: string;
  /** Set when its SDK cannot serve Execute: the reason and the remedy in one sentence. */
  readonly notExecutable?: string;
}

/** One action as the engine knows it. */
export interface ActionView {
  readonly id: string;
  readonly description: string;
  readonly permission: Permission;
  readonly stages: readonly Stage[];
  readonly inputParams: readonly ParamSchema[];
  readonly outputParams: readonly ParamSchema[];
  readonly intents: readonly IntentPattern[];
  /** Absent when the agent declared none, as agents on older SDKs do. */
  readonly routing?: RoutingSemantics;
}

/** One agent: what its newest registration declared, and its instances. */
export interface AgentView {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly permission: Permission;
  readonly tenantId: string;
  /** Healthy when at least one instance is. */
  readonly health: Health;
  readonly stages: readonly Stage[];
  readonly intents: readonly IntentPattern[];
  readonly promptTemplates: readonly PromptTemplate[];
  readonly configParams: readonly ConfigParam[];
  readonly actions: readonly ActionView[];
  readonly instances: readonly InstanceView[];
}
