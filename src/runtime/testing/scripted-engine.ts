import type { ApprovalDecision, JsonValue, Kpi } from '../../contract/index.ts';
import {
  type EngineConnection,
  kpiToMessage,
  parseJsonText,
  permissionCodec,
  WireError,
} from '../../wire/index.ts';

/** What the scripted engine answers; everything has a harmless default. */
export interface EngineScript {
  /** What getConfig gives. */
  readonly config?: Readonly<Record<string, string>>;
  readonly kpis?: readonly Kpi[];
  /** What the cache holds at the start; text is stored as UTF-8. */
  readonly cache?: Readonly<Record<string, string | Uint8Array>>;
  /** Decides approvals. Default: approved. */
  readonly approve?: (request: {
    readonly description: string;
    readonly permission: string;
  }) => boolean | ApprovalDecision;
  /** The other agents: what each answers to its params. A target that is not here is refused. */
  readonly plugins?: Readonly<Record<string, (params: Readonly<Record<string, JsonValue>>) => JsonValue>>;
}

/** One call the agent made, in wire terms with JSON decoded. */
export interface EngineCall {
  /** Such as `CacheSet`. */
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>>;
}

/** An engine without a port: it answers from a script and remembers what it was asked. */
export interface ScriptedEngine {
  readonly calls: readonly EngineCall[];
  /** The requests of one method, in order. */
  requests(method: string): readonly EngineCall['request'][];
  /** What the cache holds for a key, as UTF-8 text. */
  cached(key: string): string | undefined;
}

const utf8 = (value: string | Uint8Array): Uint8Array =>
  typeof value === 'string' ? Buffer.from(value, 'utf8') : value;

type Message = Readonly<Record<string, unknown>>;

const readJson = (bytes: unknown): JsonValue =>
  bytes instanceof Uint8Array && bytes.length > 0 ? parseJsonText(bytes, 'the message') : null;

/** Makes the engine and the connection that an engine client runs over. */
export function scriptEngine(
  script: EngineScript,
): ScriptedEngine & { readonly connection: EngineConnection } {
  const calls: EngineCall[] = [];
  const cache = new Map(Object.entries(script.cache ?? {}).map(([key, value]) => [key, utf8(value)]));
  const kpis = (script.kpis ?? []).map(kpiToMessage);

  const answers: Record<string, (request: Message) => unknown> = {
    GetConfig: () => ({ config: { ...script.config }, version: 1, config_json: '' }),
    ListKPIs: ({ kind, layer }) => ({
      kpis: kpis.filter((kpi) => (!kind || kpi.kind === kind) && (!layer || kpi.layer === layer)),
    }),
    GetKPI: ({ kpi_id }) => ({ kpi: kpis.find((kpi) => kpi.id === kpi_id) }),
    CacheGet: ({ key }) => ({
      found: cache.has(String(key)),
      value: cache.get(String(key)) ?? new Uint8Array(),
    }),
    CacheGetBatch: ({ keys }) => ({
      entries: (keys as string[]).map((key) => ({
        key,
        found: cache.has(key),
        value: cache.get(key) ?? new Uint8Array(),
      })),
    }),
    CacheSet: ({ key, value }) => {
      cache.set(String(key), value as Uint8Array);
      return { success: true };
    },
    RequestApproval: ({ description, required_permission }) => {
      const permission = permissionCodec.fromWire(Number(required_permission)) ?? 'unset';
      const decided = script.approve?.({ description: String(description), permission }) ?? true;
      const decision = typeof decided === 'boolean' ? { approved: decided } : decided;
      return { timed_out: false, reviewer: 'test', comment: '', ...decision };
    },
    CallPlugin: ({ target_plugin, params_json }) => {
      const target = script.plugins?.[String(target_plugin)];
      if (target === undefined)
        throw new WireError(
          'PERMISSION_DENIED',
          `no agent named ${JSON.stringify(target_plugin)} is scripted`,
        );
      const result = target(readJson(params_json) as Record<string, JsonValue>);
      return { success: true, error: '', duration_ms: 0, result_json: utf8(JSON.stringify(result)) };
    },
  };

  return {
    calls,
    requests: (method) => calls.filter((call) => call.method === method).map((call) => call.request),
    cached: (key) => {
      const value = cache.get(key);
      return value === undefined ? undefined : Buffer.from(value).toString('utf8');
    },
    connection: {
      call: async (method, request) => {
        calls.push({ method, request: request as Message });
        return (answers[method]?.(request as Message) ?? { acknowledged: true }) as never;
      },
    },
  };
}
