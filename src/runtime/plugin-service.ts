import type { ExecuteRequest, Plugin } from '../contract/index.ts';
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
  signal: AbortSignal,
): ExecuteRequest {
  return {
    executionId: message.execution_id,
    stepId: message.step_id,
    actionId: message.action_id || params.action || '',
    params,
    mode: modeCodec.fromWire(message.execution_mode),
    timeRange: message.time_range ? timeRangeFromMessage(message.time_range) : undefined,
    tenantId: message.tenant_id,
    signal,
  };
}

/** A failed step is an answer, not a status: the engine shows its text to the person who asked. */
async function execute(
  plugin: Plugin,
  message: ExecuteRequestMessage,
  signal: AbortSignal,
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
    request = toRequest(message, readParams(message.params_json), signal);
  } catch (error) {
    return finish(new Uint8Array(), `invalid params JSON: ${messageOf(error)}`);
  }
  const known = (await plugin.info()).actions.map((action) => action.id);
  if (!known.includes(request.actionId))
    throw new WireError(
      'NOT_FOUND',
      `unknown action ${JSON.stringify(request.actionId)}: this agent offers ${known.join(', ')}`,
    );
  try {
    const response = await plugin.execute(request);
    const json = JSON.stringify(response?.output);
    if (json === undefined) throw new Error(`action ${request.actionId} returned no output`);
    return finish(Buffer.from(json, 'utf8'), '');
  } catch (error) {
    return finish(new Uint8Array(), messageOf(error) || 'failed without a message');
  }
}

/**
 * The five methods over the wire. Info and Schema are asked afresh for every call, as the SDKs do.
 * @param stopping fires when the agent must give up running work
 */
export function createPluginService(
  plugin: Plugin,
  instanceId: string,
  stopping: AbortSignal,
): ServiceHandlers<'PluginService'> {
  return {
    Info: async () => infoToMessage(await plugin.info(), instanceId),
    GetSchema: async () => ({
      params_json_schema: Buffer.from('null'),
      result_json_schema: Buffer.from('null'),
      actions: actionsToMessage(await plugin.info(), (await plugin.schema()).actions),
    }),
    Execute: (message, context: CallContext) =>
      execute(plugin, message, AbortSignal.any([context.signal, stopping])),
    HealthCheck: async () => {
      try {
        await plugin.healthCheck();
        return { healthy: true, message: 'ok' };
      } catch (error) {
        return { healthy: false, message: messageOf(error) };
      }
    },
    ConfigUpdated: async ({ config }) => {
      try {
        await plugin.configUpdated(config);
        return { acknowledged: true };
      } catch (error) {
        return { acknowledged: false, error: messageOf(error) };
      }
    },
  };
}
