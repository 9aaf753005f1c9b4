import type {
  ApprovalRequest,
  BlastRadius,
  CallOptions,
  EngineClient,
  JsonValue,
  PluginCallOptions,
} from '../contract/index.ts';
import {
  type EngineConnection,
  kpiFromMessage,
  parseJsonText,
  permissionCodec,
  timeRangeToMessage,
} from '../wire/index.ts';
import { coerceToText } from './coerce.ts';
import { createLifecycle, type EngineIdentity } from './lifecycle.ts';

/** The engine client of a running agent. */
export interface RunningEngineClient extends EngineClient {
  /** Makes the next getConfig ask the engine again. */
  dropConfig(): void;
}

const EMPTY_ANSWER = Buffer.from('{}', 'utf8');

const toJsonBytes = (value: JsonValue | undefined): Uint8Array =>
  value === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(value), 'utf8');

function toBlastRadiusMessage(radius: BlastRadius) {
  return {
    resource_type: radius.resourceType,
    resources: radius.resources ?? [],
    scope: radius.scope,
    reversible: radius.reversible,
    estimated_count: radius.estimatedCount,
    regions: radius.regions ?? [],
    summary: radius.summary,
  };
}

/** The Go SDK sends seconds of a duration, and a plain 300 there means 300 ns: a TTL is checked here instead. */
function checkTtl(ttlSeconds: number): void {
  if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < 0)
    throw new RangeError(`ttlSeconds is ${ttlSeconds}: expected whole seconds, 0 for no expiry`);
}

function checkTarget(target: string): void {
  if (target.trim() === '') throw new RangeError('target plugin is required');
  if (target.includes(':'))
    throw new RangeError(
      `target plugin ${JSON.stringify(target)} is invalid: pass plugin name only and set action in params`,
    );
}

/**
 * What the engine offers, over one connection.
 * @param connection where calls go; where no engine is configured, one that refuses them all
 * @param configTtlMs how long a configuration is believed, milliseconds
 */
export function createEngineClient(
  connection: EngineConnection,
  identity: EngineIdentity,
  configTtlMs: number,
): RunningEngineClient {
  const { name, tenantId } = identity;
  const tenant = { tenant_id: tenantId };
  let config: { readonly readAtMs: number; readonly values: Record<string, string> } | undefined;
  let changes = 0;

  async function callRaw(
    target: string,
    params: Readonly<Record<string, JsonValue>>,
    { actionId, timeRange, ...options }: PluginCallOptions = {},
  ): Promise<Uint8Array> {
    checkTarget(target);
    const reply = await connection.call(
      'CallPlugin',
      {
        caller_plugin: name,
        target_plugin: target,
        action_id: actionId,
        params_json: toJsonBytes(actionId === undefined ? params : { ...params, action: actionId }),
        time_range: timeRange === undefined ? undefined : timeRangeToMessage(timeRange),
        ...tenant,
      },
      options,
    );
    if (!reply.success) throw new Error(`plugin ${JSON.stringify(target)} returned error: ${reply.error}`);
    return reply.result_json.length === 0 ? EMPTY_ANSWER : reply.result_json;
  }

  const callJson: EngineClient['callPluginJson'] = async (target, params, options) =>
    parseJsonText(await callRaw(target, params, options), `the answer of ${target}`);

  async function cacheGet(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    const { value, found } = await connection.call('CacheGet', { key, ...tenant }, options);
    return found ? value : undefined;
  }

  return {
    pluginName: name,
    instanceId: identity.instanceId,
    tenantId,
    dropConfig: () => {
      changes++;
      config = undefined;
    },
    getConfig: async (options) => {
      // Only what has arrived is shared: each caller keeps its own signal and deadline.
      if (config === undefined || performance.now() - config.readAtMs >= configTtlMs) {
        const asked = changes;
        const reply = await connection.call('GetConfig', { plugin_name: name, ...tenant }, options);
        const fresh = { readAtMs: performance.now(), values: reply.config };
        // A change that came meanwhile may not be in the reply.
        if (asked === changes) config = fresh;
        return { ...fresh.values };
      }
      return { ...config.values };
    },
    listKpis: async ({ kind, layer } = {}, options) =>
      (await connection.call('ListKPIs', { ...tenant, kind, layer }, options)).kpis.map(kpiFromMessage),
    getKpi: async (id, options) => {
      const { kpi } = await connection.call('GetKPI', { ...tenant, kpi_id: id }, options);
      return kpi === undefined ? undefined : kpiFromMessage(kpi);
    },
    cacheGet,
    cacheGetText: async (key, options) => {
      const value = await cacheGet(key, options);
      return value === undefined ? undefined : Buffer.from(value).toString('utf8');
    },
    cacheGetBatch: async (keys, options) => {
      const { entries } = await connection.call('CacheGetBatch', { keys, ...tenant }, options);
      return keys.map((key, index) => {
        const entry = entries[index];
        return { key, value: entry?.found ? entry.value : undefined };
      });
    },
    cacheSet: async (key, value, ttlSeconds, options) => {
      checkTtl(ttlSeconds);
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      await connection.call('CacheSet', { key, value: bytes, ttl_seconds: ttlSeconds, ...tenant }, options);
    },
    publishResult: async (executionId, output, options) => {
      const result = { execution_id: executionId, result_json: toJsonBytes(output), success: true };
      await connection.call('PublishResult', { ...result, ...tenant }, options);
    },
    requestApproval: async (request: ApprovalRequest, options) => {
      const { approved, timed_out, reviewer, comment } = await connection.call(
        'RequestApproval',
        {
          execution_id: request.executionId,
          description: request.description,
          required_permission: permissionCodec.toWire(request.permission),
          context_json: toJsonBytes(request.context),
          blast_radius:
            request.blastRadius === undefined ? undefined : toBlastRadiusMessage(request.blastRadius),
          ...tenant,
        },
        options,
      );
      return { approved, timedOut: timed_out, reviewer, comment };
    },
    logEvent: async (level, message, fields, options) => {
      const event = { plugin_name: name, event_type: message, severity: level };
      await connection.call(
        'LogEvent',
        { ...event, data_json: toJsonBytes(fields ?? {}), ...tenant },
        options,
      );
    },
    callPlugin: async (target, params, options) => {
      const answer = await callJson(target, params, options);
      if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
        throw new Error(`plugin ${JSON.stringify(target)} answered with no object`);
      return Object.fromEntries(
        Object.entries(answer as Record<string, JsonValue>).map(([key, value]) => [key, coerceToText(value)]),
      );
    },
    callPluginJson: callJson,
    callPluginRaw: callRaw,
    ...createLifecycle(connection, identity),
  };
}
