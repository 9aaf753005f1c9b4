import type {
  EngineClient,
  ExecuteRequest,
  ExecuteResponse,
  Plugin,
  PluginInfo,
  PluginSchema,
} from '../contract/index.ts';
import { messageOf } from '../support/errors.ts';
import {
  actionsToMessage,
  type CallContext,
  type ExecuteRequestMessage,
  type ExecuteResponseMessage,
  infoToMessage,
  modeCodec,
  parseJsonText,
  type ServiceHandlers,
  timeRangeFromMessage,
  WireError,
} from '../wire/index.ts';
import { redactSecrets } from './secrets.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** Every value must be a string, as the Go SDK demands; null is the empty string (protocol.md §3.2). */
function readParams(bytes: Uint8Array): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  const value = bytes.length === 0 ? null : parseJsonText(bytes, 'params');
  if (value === null) return params;
  if (typeof value !== 'object' || Array.isArray(value))
    throw new Error('params: expected an object of strings');
  for (const [name, item] of Object.entries(value)) {
    if (item !== null && typeof item !== 'string')
      throw new Error(
        `params.${name}: expected a string, got ${Array.isArray(item) ? 'an array' : `a ${typeof item}`}`,
      );
    params[name] = item ?? '';
  }
  return params;
}

/** What the plugin gets. Only a plugin that reads the signal pays for one. */
class Execution implements ExecuteRequest {
  readonly executionId: string;
  readonly stepId: string;
  readonly actionId: string;
  readonly params: Record<string, string>;
  readonly mode: ExecuteRequest['mode'];
  readonly timeRange: ExecuteRequest['timeRange'];
  readonly tenantId: string;
  readonly engineClient: EngineClient;
  declare readonly signal: AbortSignal;
  readonly #context: CallContext;

  /** The object's own, so that a copy of the request has the signal too. */
  static readonly #signal: PropertyDescriptor & ThisType<Execution> = {
    enumerable: true,
    get() {
      return this.#context.signal;
    },
  };

  constructor(message: ExecuteRequestMessage, context: CallContext, engineClient: EngineClient) {
    const params = readParams(message.params_json);
    this.executionId = message.execution_id;
    this.stepId = message.step_id;
    this.actionId = message.action_id || params.action || '';
    this.params = params;
    this.mode = modeCodec.fromWire(message.execution_mode);
    this.timeRange = message.time_range ? timeRangeFromMessage(message.time_range) : undefined;
    this.tenantId = message.tenant_id;
    this.engineClient = engineClient;
    this.#context = context;
    Object.defineProperty(this, 'signal', Execution.#signal);
  }
}

function toResultBytes(response: ExecuteResponse | undefined, actionId: string): Uint8Array {
  if (response?.output instanceof Uint8Array) return response.output;
  const json = JSON.stringify(response?.output);
  if (json === undefined) throw new Error(`action ${actionId} returned no output`);
  return Buffer.from(json, 'utf8');
}

/** The text of an error, as it may leave the process. */
const publicMessageOf = (error: unknown): string => redactSecrets(messageOf(error));

/** The text of a status leaves the process as it stands, and a plugin may throw one. */
const withoutSecrets = (error: unknown): unknown =>
  error instanceof WireError ? new WireError(error.status, redactSecrets(error.message)) : error;

async function getInfo(plugin: Plugin): Promise<PluginInfo> {
  try {
    return await plugin.info();
  } catch (error) {
    throw withoutSecrets(error);
  }
}

async function getSchema(plugin: Plugin): Promise<PluginSchema> {
  try {
    return await plugin.schema();
  } catch (error) {
    throw withoutSecrets(error);
  }
}

/** A failed step is an answer, not a status: the engine shows its text to the person who asked. */
async function execute(
  { plugin, engineClient }: PluginServiceOptions,
  message: ExecuteRequestMessage,
  context: CallContext,
  nameAction: (actionId: string) => void,
): Promise<ExecuteResponseMessage> {
  const startedAt = performance.now();
  const finish = (result: Uint8Array, error: string): ExecuteResponseMessage => ({
    success: error === '',
    result_json: result,
    error,
    duration_ms: Math.round(performance.now() - startedAt),
  });
  let request: ExecuteRequest;
  try {
    request = new Execution(message, context, engineClient);
  } catch (error) {
    return finish(new Uint8Array(), `invalid params JSON: ${publicMessageOf(error)}`);
  }
  const { actionId } = request;
  nameAction(actionId);
  const { actions } = await getInfo(plugin);
  if (!actions.some(({ id }) => id === actionId))
    throw new WireError(
      'NOT_FOUND',
      `unknown action ${redactSecrets(JSON.stringify(actionId))}: this agent offers ${actions.map(({ id }) => id).join(', ')}`,
    );
  try {
    return finish(toResultBytes(await plugin.execute(request), actionId), '');
  } catch (error) {
    return finish(new Uint8Array(), publicMessageOf(error) || 'failed without a message');
  }
}

/** Runs a call's work; fails before it ends where the process fails. */
type RunExecution = <T>(context: CallContext, work: () => Promise<T>) => Promise<T>;

/**
 * What ends the executions under way is heard in one place: to listen anew with every call, and to stop
 * listening after it, would cost more than the rest of a small call.
 */
function createExecutions({ stopping, failing }: PluginServiceOptions): RunExecution {
  const running = new Set<{ readonly context: CallContext; readonly fail: (error: Error) => void }>();
  stopping.addEventListener('abort', () => {
    for (const { context } of running) context.giveUp(stopping.reason);
  });
  // Nobody knows then whether the work would ever end.
  failing.addEventListener('abort', () => {
    const error = new WireError('INTERNAL', `the agent failed: ${publicMessageOf(failing.reason)}`);
    for (const { fail } of running) fail(error);
  });
  return (context, work) =>
    new Promise((resolve, reject) => {
      const execution = { context, fail: reject };
      running.add(execution);
      if (stopping.aborted) context.giveUp(stopping.reason);
      const endWith =
        <T>(settle: (outcome: T) => void) =>
        (outcome: T) => {
          running.delete(execution);
          settle(outcome);
        };
      work().then(endWith(resolve), endWith(reject));
    });
}

/** What the five methods need beside the plugin. */
export interface PluginServiceOptions {
  readonly plugin: Plugin;
  readonly instanceId: string;
  readonly engineClient: EngineClient;
  /** Fires when the agent must give up running work. */
  readonly stopping: AbortSignal;
  /** Fires when the process has failed: callers get their answer now. */
  readonly failing: AbortSignal;
  /** Why no new execution is taken right now, or undefined. */
  readonly refusal: () => string | undefined;
  /** Called with what the plugin says of itself to the engine. */
  readonly onInfo: (info: PluginInfo) => void;
  /** Called when the configuration changed, before the plugin hears of it. */
  readonly onConfigUpdated: (config: Readonly<Record<string, string>>) => void;
  readonly telemetry: Telemetry;
}

/** The five methods over the wire. Info and Schema are asked afresh for every call, as the SDKs do. */
export function createPluginService(options: PluginServiceOptions): ServiceHandlers<'PluginService'> {
  const { plugin, instanceId, telemetry } = options;
  const run = createExecutions(options);
  return {
    Info: async () => {
      const info = await getInfo(plugin);
      options.onInfo(info);
      return infoToMessage(info, instanceId);
    },
    GetSchema: async () => ({
      params_json_schema: Buffer.from('null'),
      result_json_schema: Buffer.from('null'),
      actions: actionsToMessage(await getInfo(plugin), (await getSchema(plugin)).actions),
    }),
    Execute: (message, context) => {
      const refusal = options.refusal();
      if (refusal !== undefined) throw new WireError('FAILED_PRECONDITION', refusal);
      if (options.failing.aborted)
        throw new WireError('UNAVAILABLE', 'the agent is stopping after a failure');
      return telemetry.execute({ parent: context, executionId: message.execution_id }, (nameAction) =>
        run(context, () => execute(options, message, context, nameAction)),
      );
    },
    HealthCheck: async () => {
      try {
        await plugin.healthCheck();
        return { healthy: true, message: 'ok' };
      } catch (error) {
        return { healthy: false, message: publicMessageOf(error) };
      }
    },
    ConfigUpdated: async ({ config }) => {
      options.onConfigUpdated(config);
      try {
        await plugin.configUpdated(config);
        return { acknowledged: true };
      } catch (error) {
        return { acknowledged: false, error: publicMessageOf(error) };
      }
    },
  };
}
