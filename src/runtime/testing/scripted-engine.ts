import { EventEmitter } from 'node:events';
import type {
  ApprovalDecision,
  HeartbeatReply,
  JsonValue,
  Kpi,
  RegistrationReply,
} from '../../contract/index.ts';
import { messageOf } from '../../support/errors.ts';
import {
  type EngineConnection,
  kpiToMessage,
  parseJsonText,
  permissionCodec,
  WireError,
} from '../../wire/index.ts';
import { licenseToMessage } from '../license.ts';

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
  /**
   * The other agents: what each answers to its params. One that throws has failed, with the text of the
   * error; a target that is not here is refused.
   */
  readonly plugins?: Readonly<Record<string, (params: Readonly<Record<string, JsonValue>>) => JsonValue>>;
  /** Answers a registration; a text is the reason of a refusal. Default: accepted. */
  readonly register?: (request: {
    readonly name: string;
    readonly version: string;
    readonly address: string;
  }) => string | Partial<RegistrationReply>;
  /** Answers a heartbeat. Default: nothing new. */
  readonly heartbeat?: () => Partial<HeartbeatReply>;
}

/** One call the agent made, in wire terms; what a `…_json` field holds is decoded. */
export interface EngineCall {
  /** Such as `CacheSet`. */
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>>;
}

/** An engine that answers from a script and remembers what it was asked. */
export interface ScriptedEngine {
  readonly calls: readonly EngineCall[];
  /** The requests of one method, in order. */
  requests(method: string): readonly EngineCall['request'][];
  /** Resolves with the first, or nth, request of a method, past or to come; it may never come. */
  received(method: string, nth?: number): Promise<EngineCall['request']>;
  /** What the cache holds for a key, as UTF-8 text. */
  cached(key: string): string | undefined;
}

const utf8 = (value: string | Uint8Array): Uint8Array =>
  typeof value === 'string' ? Buffer.from(value, 'utf8') : value;

type Message = Readonly<Record<string, unknown>>;

const readJson = (bytes: unknown): JsonValue =>
  bytes instanceof Uint8Array && bytes.length > 0 ? parseJsonText(bytes, 'the message') : null;

const decodeFields = (request: Message): Message =>
  Object.fromEntries(
    Object.entries(request).map(([key, value]) => [key, key.endsWith('_json') ? readJson(value) : value]),
  );

/** The engine, and what it runs on. */
export interface EngineParts {
  readonly engine: ScriptedEngine;
  /** What an engine client runs over. */
  readonly connection: EngineConnection;
  /** Replaces what GetConfig answers. */
  setConfig(config: Readonly<Record<string, string>>): void;
}

/** Makes the engine. */
export function scriptEngine(script: EngineScript): EngineParts {
  const calls: EngineCall[] = [];
  const arrivals = new EventEmitter().setMaxListeners(0);
  let config = script.config ?? {};
  const cache = new Map(Object.entries(script.cache ?? {}).map(([key, value]) => [key, utf8(value)]));
  const kpis = (script.kpis ?? []).map(kpiToMessage);

  const answers: Record<string, (request: Message) => unknown> = {
    GetConfig: () => ({ config: { ...config }, version: 1, config_json: '' }),
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
      const reply = { duration_ms: 0, error: '', result_json: new Uint8Array() };
      try {
        const result = target(readJson(params_json) as Record<string, JsonValue>);
        return { ...reply, success: true, result_json: utf8(JSON.stringify(result)) };
      } catch (error) {
        return { ...reply, success: false, error: messageOf(error) };
      }
    },
    RegisterPlugin: ({ name, version, grpc_addr }) => {
      const answer =
        script.register?.({ name: String(name), version: String(version), address: String(grpc_addr) }) ?? {};
      if (typeof answer === 'string') return { success: false, plugin_id: '', error: answer };
      const { pluginId = 'test-plugin', license } = answer;
      return {
        success: true,
        plugin_id: pluginId,
        error: '',
        license: license && licenseToMessage(license),
      };
    },
    Heartbeat: () => {
      const { reRegisterRequired = false, heartbeatIntervalSeconds, license } = script.heartbeat?.() ?? {};
      return {
        acknowledged: true,
        re_register_required: reRegisterRequired,
        heartbeat_interval_seconds: heartbeatIntervalSeconds,
        license: license && licenseToMessage(license),
      };
    },
  };

  const requests = (method: string) =>
    calls.filter((call) => call.method === method).map((call) => call.request);

  return {
    engine: {
      calls,
      requests,
      received: (method, nth = 1) =>
        new Promise((resolve) => {
          const check = () => {
            const request = requests(method)[nth - 1];
            if (request === undefined) arrivals.once(method, check);
            else resolve(request);
          };
          check();
        }),
      cached: (key) => {
        const value = cache.get(key);
        return value === undefined ? undefined : Buffer.from(value).toString('utf8');
      },
    },
    connection: {
      call: async (method, request) => {
        calls.push({ method, request: decodeFields(request as Message) });
        arrivals.emit(method);
        return (answers[method]?.(request as Message) ?? { acknowledged: true, success: true }) as never;
      },
    },
    setConfig: (next) => {
      config = next;
    },
  };
}
