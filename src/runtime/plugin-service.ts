import type { EngineClient, ExecuteRequest, ExecuteResponse, Plugin, PluginInfo } from '../contract/index.ts';
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

function toRequest(
  message: ExecuteRequestMessage,
  params: Record<string, string>,
  rest: Pick<ExecuteRequest, 'signal' | 'engineClient'>,
): ExecuteRequest {
  return {
    executionId: message.execution_id,
    stepId: message.step_id,
    actionId: message.action_id || params.action || '',
    params,
    mode: modeCodec.fromWire(message.execution_mode),
    timeRange: message.time_range ? timeRangeFromMessage(message.time_range) : undefined,
    tenantId: message.tenant_id,
    ...rest,
  };
}

function toResultBytes(response: ExecuteResponse | undefined, actionId: string): Uint8Array {
  if (response?.output instanceof Uint8Array) return response.output;
  const json = JSON.stringify(response?.output);
  if (json === undefined) throw new Error(`action ${actionId} returned no output`);
  return Buffer.from(json, 'utf8');
}

/** The text of an error, as it may leave the process. */
const publicMessageOf = (error: unknown): string => redactSecrets(messageOf(error));

/** A failed step is an answer, not a status: the engine shows its text to the person who asked. */
async function execute(
  plugin: Plugin,
  message: ExecuteRequestMessage,
  rest: Pick<ExecuteRequest, 'signal' | 'engineClient'>,
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
    request = toRequest(message, readParams(message.params_json), rest);
  } catch (error) {
    return finish(new Uint8Array(), `invalid params JSON: ${publicMessageOf(error)}`);
  }
  nameAction(request.actionId);
  const known = (await plugin.info()).actions.map((action) => action.id);
  if (!known.includes(request.actionId))
    throw new WireError(
      'NOT_FOUND',
      `unknown action ${redactSecrets(JSON.stringify(request.actionId))}: this agent offers ${known.join(', ')}`,
    );
  try {
    return finish(toResultBytes(await plugin.execute(request), request.actionId), '');
  } catch (error) {
    return finish(new Uint8Array(), publicMessageOf(error) || 'failed without a message');
  }
}

/**
 * Runs `work` with a signal that fires with either of two. Not AbortSignal.any: one of them lives as long as the
 * process, and older versions of Node keep something of every combination made with it.
 */
async function withEither<T>(
  first: AbortSignal,
  second: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  for (const signal of [first, second]) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  }
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of [first, second]) signal.removeEventListener('abort', abort);
  }
}

/** The work, unless the process fails first: nobody knows then whether the work would ever end. */
async function orFailure<T>(failing: AbortSignal, work: Promise<T>): Promise<T> {
  let fail: () => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = () => reject(new WireError('INTERNAL', `the agent failed: ${publicMessageOf(failing.reason)}`));
  });
  failing.addEventListener('abort', fail, { once: true });
  if (failing.aborted) fail();
  try {
    return await Promise.race([work, failed]);
  } finally {
    failing.removeEventListener('abort', fail);
  }
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
  const { plugin, instanceId, engineClient, stopping, telemetry } = options;
  return {
    Info: async () => {
      const info = await plugin.info();
      options.onInfo(info);
      return infoToMessage(info, instanceId);
    },
    GetSchema: async () => ({
      params_json_schema: Buffer.from('null'),
      result_json_schema: Buffer.from('null'),
      actions: actionsToMessage(await plugin.info(), (await plugin.schema()).actions),
    }),
    Execute: async (message, context: CallContext) => {
      const refusal = options.refusal();
      if (refusal !== undefined) throw new WireError('FAILED_PRECONDITION', refusal);
      if (options.failing.aborted)
        throw new WireError('UNAVAILABLE', 'the agent is stopping after a failure');
      return telemetry.execute({ parent: context, executionId: message.execution_id }, (nameAction) =>
        withEither(context.signal, stopping, (signal) =>
          orFailure(options.failing, execute(plugin, message, { signal, engineClient }, nameAction)),
        ),
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
