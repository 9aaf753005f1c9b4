import type { ExecutionMode, JsonValue, License } from '../../contract/index.ts';
import { UserError } from '../../support/errors.ts';
import { parseMarkedJson, type ServiceHandlers, timeRangeFromMessage, WireError } from '../../wire/index.ts';
import type { Callers } from '../callers.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { checkLicense } from '../license-check.ts';
import { type Agent, infoOf, type Registry } from '../registry.ts';
import { actionOf } from '../target.ts';

type Params = { readonly [name: string]: JsonValue };

function readParams(bytes: Uint8Array): Params {
  const value = bytes.length === 0 ? {} : (parseMarkedJson(bytes, 'params_json') ?? {});
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WireError('INVALID_ARGUMENT', 'params_json: expected a JSON object');
  return value as Params;
}

/** A failed call is an answer: the SDKs turn it into an error that names the target. */
const failure = (error: string) => ({ success: false, error });

/** What went wrong and how to mend it: an agent's author reads it in the agent's log, far from our terminal. */
const tell = ({ message, hint }: UserError): string => (hint === undefined ? message : `${message} ${hint}`);

/**
 * CallPlugin: one agent calls another of its tenant. The target's own permission is the gate: what an agent may do
 * itself says nothing about what it may have done (protocol.md §6; faults.md T9).
 */
export function pluginCalls(parts: {
  readonly callers: Callers;
  readonly registry: Registry;
  readonly dispatcher: Dispatcher;
  readonly mode: ExecutionMode;
  readonly license: () => License | undefined;
}): ServiceHandlers<'EngineService'> {
  const { callers, registry } = parts;

  function findTarget(name: string, tenantId: string, caller: string | undefined): Agent {
    if (name.trim() === '') throw new WireError('INVALID_ARGUMENT', 'target plugin is required');
    if (name.includes(':'))
      throw new WireError(
        'INVALID_ARGUMENT',
        `target plugin ${JSON.stringify(name)} is invalid: pass plugin name only and set action in params`,
      );
    return (
      registry.agent(tenantId, name) ??
      callers.refuse('CallPlugin', caller, `plugin ${JSON.stringify(name)} is not registered for this tenant`)
    );
  }

  return {
    CallPlugin: async (request, context) => {
      const caller = callers.check('CallPlugin', request.tenant_id, context, request.caller_plugin);
      checkLicense(parts.license(), 'CallPlugin');
      const agent = findTarget(request.target_plugin, request.tenant_id, caller);
      const { action: named, ...params } = readParams(request.params_json);
      const id = request.action_id || (typeof named === 'string' ? named : '');
      const action = actionOf(agent, id);
      if (action === undefined) {
        const offered = infoOf(agent).actions.map((item) => item.id);
        return failure(`unknown action ${JSON.stringify(id)}: it offers ${offered.join(', ')}`);
      }
      try {
        const { outcome, success, error, resultJson, durationMs } = await parts.dispatcher.perform(
          {
            target: { agent, action },
            params,
            timeRange: request.time_range ? timeRangeFromMessage(request.time_range) : undefined,
            mode: parts.mode,
            caller: {
              name: caller ?? 'an agent that does not say its name',
              party: callers.partyOf(caller),
            },
            timeoutMs: request.timeout_seconds > 0 ? request.timeout_seconds * 1_000 : undefined,
          },
          context.signal,
        );
        if (outcome === 'denied' || outcome === 'expired') callers.refuse('CallPlugin', caller, error);
        return { success, result_json: Buffer.from(resultJson, 'utf8'), error, duration_ms: durationMs };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        if (error.kind === 'unreachable') throw new WireError('UNAVAILABLE', tell(error));
        if (error.code.startsWith('too-many-')) throw new WireError('RESOURCE_EXHAUSTED', tell(error));
        return failure(tell(error));
      }
    },
  };
}
