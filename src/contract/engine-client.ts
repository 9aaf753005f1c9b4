import type { TimeRange } from './time-range.ts';
import type { JsonValue, Permission } from './vocabulary.ts';

/** Options of one call to the engine. */
export interface CallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the call fails with DEADLINE_EXCEEDED; left out, it waits as long as it takes. */
  readonly timeoutMs?: number;
}

/** A key performance indicator as the platform keeps it (protocol.md §2.4). */
export interface Kpi {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly query: string;
  readonly integrationId: string;
  /** `business` or `technical`. */
  readonly kind: string;
  /** `gold` or `silver`. */
  readonly layer: string;
  readonly sentiment: string;
  readonly classifier: string;
  readonly definition: string;
  /** As the platform stores it. */
  readonly createdAt: number;
  /** As the platform stores it. */
  readonly updatedAt: number;
  readonly createdBy?: string;
  readonly updatedBy?: string;
}

/** What an approved step would touch; shown to whoever decides. */
export interface BlastRadius {
  readonly resourceType: string;
  readonly resources?: readonly string[];
  readonly scope: string;
  readonly reversible: boolean;
  readonly estimatedCount?: number;
  readonly regions?: readonly string[];
  readonly summary: string;
}

/** What a human is asked to approve. */
export interface ApprovalRequest {
  readonly executionId: string;
  /** What is about to happen, for the person who decides. */
  readonly description: string;
  /** READ needs no approval and is refused. */
  readonly permission: Exclude<Permission, 'READ'>;
  /** Anything that helps to decide. */
  readonly context?: JsonValue;
  readonly blastRadius?: BlastRadius;
}

/** What was decided. `approved: false` with `timedOut` means that nobody decided in time. */
export interface ApprovalDecision {
  readonly approved: boolean;
  readonly timedOut: boolean;
  readonly reviewer: string;
  readonly comment: string;
}

/** One key of a batch read; `value` is undefined for a miss. */
export interface CacheEntry {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

/** How another agent is called. */
export interface PluginCallOptions extends CallOptions {
  /** The action; also sent as `params.action`, which is where published agents look. */
  readonly actionId?: string;
  /** Forwarded unchanged. */
  readonly timeRange?: TimeRange;
}

/** What the licence of the engine allows; a negative number means without limit. */
export interface LicenseQuotas {
  readonly maxTenants: number;
  readonly maxIntegrationTypes: number;
  readonly maxAgenticSessionsPerDay?: number;
}

/** The engine's licence as its replies tell it (protocol.md §4.4). */
export interface License {
  /** False: the engine wants no new executions. */
  readonly active: boolean;
  /** The tier that counts now; in a grace period below the issued one. */
  readonly effectiveTier: string;
  readonly issuedTier?: string;
  readonly graceMode?: boolean;
  /** UTC, milliseconds. */
  readonly expiresAtMs?: number;
  readonly orgId?: string;
  readonly siteId?: string;
  readonly region?: string;
  readonly regionKind?: string;
  readonly quotas?: LicenseQuotas;
}

/** What an agent tells of itself when it registers; name, instance and tenant are the client's. */
export interface RegistrationRequest {
  /** `host:port` at which the engine calls back. */
  readonly address: string;
  readonly version: string;
  /** `AGENT` when left out; the platform's other plugin types are not ours. */
  readonly type?: 'AGENT';
}

/** The engine's answer to a registration. */
export interface RegistrationReply {
  readonly pluginId: string;
  /** Left out: nothing new about the licence. */
  readonly license?: License;
}

/** The engine's answer to a heartbeat. */
export interface HeartbeatReply {
  /** The engine does not know this instance: it must register again. */
  readonly reRegisterRequired: boolean;
  /** How often the engine wants to hear from the agent, within 1 to 300 s; left out when it said nothing usable. */
  readonly heartbeatIntervalSeconds?: number;
  /** Left out: nothing new about the licence. */
  readonly license?: License;
}

/**
 * What the engine offers an agent. Every call fails with a WireError that carries the gRPC status; without
 * an engine (`MIRASTACK_ENGINE_ADDR` unset) with FAILED_PRECONDITION. Source: protocol.md §2.4, §3.2, §4.6.
 */
export interface EngineClient {
  readonly pluginName: string;
  readonly instanceId: string;
  readonly tenantId: string;
  /** The full merged configuration, cached for 15 s (`MIRASTACK_SDK_CONFIG_CACHE_TTL`, s) and until the next change. */
  getConfig(options?: CallOptions): Promise<Readonly<Record<string, string>>>;
  listKpis(
    filter?: { readonly kind?: string; readonly layer?: string },
    options?: CallOptions,
  ): Promise<Kpi[]>;
  /** Undefined when there is no such KPI. */
  getKpi(id: string, options?: CallOptions): Promise<Kpi | undefined>;
  /** Undefined for a miss; an empty value is an empty array. */
  cacheGet(key: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  /** As `cacheGet`, read as UTF-8. */
  cacheGetText(key: string, options?: CallOptions): Promise<string | undefined>;
  /** One entry for each key, in order. */
  cacheGetBatch(keys: readonly string[], options?: CallOptions): Promise<CacheEntry[]>;
  /**
   * Stores bytes, or text as UTF-8.
   * @param ttlSeconds whole seconds; 0 never expires
   * @throws RangeError for a negative or fractional time to live
   */
  cacheSet(key: string, value: string | Uint8Array, ttlSeconds: number, options?: CallOptions): Promise<void>;
  /** Publishes a result of an execution before it ends. */
  publishResult(executionId: string, output: JsonValue, options?: CallOptions): Promise<void>;
  /** Waits until a human has decided, however long that takes, unless the options say otherwise. */
  requestApproval(request: ApprovalRequest, options?: CallOptions): Promise<ApprovalDecision>;
  /** @param level such as `info`, `warn` or `error` */
  logEvent(
    level: string,
    message: string,
    fields?: Readonly<Record<string, JsonValue>>,
    options?: CallOptions,
  ): Promise<void>;
  /**
   * Calls an agent of the same tenant and gives its answer as strings: null is empty, numbers are plain
   * decimals, nested values compact JSON (protocol.md §3.2).
   * @throws RangeError for a target that is no plain name; Error when the agent failed or gave no object
   */
  callPlugin(
    target: string,
    params: Readonly<Record<string, JsonValue>>,
    options?: PluginCallOptions,
  ): Promise<Record<string, string>>;
  /** As `callPlugin`, with the answer as JSON. */
  callPluginJson(
    target: string,
    params: Readonly<Record<string, JsonValue>>,
    options?: PluginCallOptions,
  ): Promise<JsonValue>;
  /** As `callPlugin`, with the bytes of the answer. */
  callPluginRaw(
    target: string,
    params: Readonly<Record<string, JsonValue>>,
    options?: PluginCallOptions,
  ): Promise<Uint8Array>;
  /**
   * Registers this instance. `serve` and `startAgent` do it by themselves, again and again until the engine
   * accepts; this is for whoever wants one attempt of their own.
   * @throws Error with the engine's text when it refused
   */
  register(request: RegistrationRequest, options?: CallOptions): Promise<RegistrationReply>;
  /** Says that this instance is alive, as a running agent does by itself. */
  heartbeat(options?: CallOptions): Promise<HeartbeatReply>;
  /** Takes this instance's registration back, as `stop` does. A running agent registers again once a heartbeat is told to. */
  deregister(options?: CallOptions): Promise<void>;
}
