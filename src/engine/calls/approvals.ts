import type { BlastRadius, JsonValue, License } from '../../contract/index.ts';
import { UserError } from '../../support/errors.ts';
import {
  type BlastRadiusMessage,
  parseJsonText,
  permissionCodec,
  type ServiceHandlers,
  WireError,
} from '../../wire/index.ts';
import type { Approvals } from '../approvals.ts';
import type { Callers } from '../callers.ts';
import type { EventHub } from '../events.ts';
import { excerpt } from '../excerpt.ts';
import type { History } from '../history.ts';
import { checkLicense } from '../license-check.ts';
import type { Secrets } from '../secrets.ts';

const MAX_DESCRIPTION = 4 * 1024;
const MAX_CONTEXT_BYTES = 64 * 1024;
const MAX_BLAST_CHARS = 16 * 1024;

function toBlastRadius(message: BlastRadiusMessage): BlastRadius {
  const chars = JSON.stringify(message, (_key, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  ).length;
  if (chars > MAX_BLAST_CHARS)
    throw new WireError('INVALID_ARGUMENT', `blast_radius: larger than ${MAX_BLAST_CHARS / 1024} KiB`);
  return {
    resourceType: message.resource_type,
    resources: message.resources,
    scope: message.scope,
    reversible: message.reversible,
    ...(message.estimated_count ? { estimatedCount: message.estimated_count } : {}),
    regions: message.regions,
    summary: message.summary,
  };
}

function toContext(bytes: Uint8Array): { context: JsonValue } | undefined {
  if (bytes.length > MAX_CONTEXT_BYTES)
    throw new WireError('INVALID_ARGUMENT', `context_json: larger than ${MAX_CONTEXT_BYTES / 1024} KiB`);
  const context = bytes.length === 0 ? null : parseJsonText(bytes, 'context_json');
  return context === null ? undefined : { context };
}

/**
 * RequestApproval: stays open until a human or the policy has decided, or the time is over (protocol.md §6). What the
 * agent says is shown as its claim; which action runs, and with what permission and params, the engine says itself.
 */
export function approvalCalls(parts: {
  readonly callers: Callers;
  readonly approvals: Approvals;
  readonly history: History;
  readonly events: EventHub;
  readonly secrets: Secrets;
  readonly license: () => License | undefined;
}): ServiceHandlers<'EngineService'> {
  return {
    RequestApproval: async (request, context) => {
      const { tenant_id, execution_id, step_id } = request;
      const caller = parts.callers.check('RequestApproval', tenant_id, context);
      checkLicense(parts.license(), 'RequestApproval');
      const asked = permissionCodec.fromWire(request.required_permission);
      if (asked === undefined && request.required_permission !== 0)
        throw new WireError(
          'INVALID_ARGUMENT',
          `required_permission: ${request.required_permission} is no permission`,
        );
      if (asked === 'READ')
        throw new WireError('INVALID_ARGUMENT', 'required_permission: READ needs no approval');
      if (asked === undefined)
        parts.events.warn(
          caller ?? '',
          `${caller ?? 'an agent'} asked for an approval without required_permission, as SDKs before 1.11 do; it counts as MODIFY`,
        );
      const known = parts.history.get(execution_id);
      const running = known?.outcome === 'running' && known.tenantId === tenant_id ? known : undefined;
      // The Python SDK does not say who calls; an execution has one agent only.
      const agent = caller ?? running?.agent ?? '';
      if (caller === undefined && running !== undefined)
        parts.callers.checkUnnamed('RequestApproval', tenant_id, running.agent);
      if (running !== undefined && running.agent !== agent)
        parts.callers.refuse('RequestApproval', caller, `execution ${execution_id} is not ${agent}'s`);
      try {
        const { state, reviewer, comment } = await parts.approvals.request(
          {
            origin: 'agent',
            party: parts.callers.partyOf(agent),
            subject: {
              tenantId: tenant_id,
              executionId: execution_id,
              stepId: step_id || (running?.stepId ?? ''),
              agent,
              action: running?.action ?? '',
              permission: asked ?? 'MODIFY',
              params: running?.params ?? {},
              ...(running?.timeRange === undefined ? {} : { timeRange: running.timeRange }),
            },
            claim: parts.secrets.mask({
              text: excerpt(request.description, MAX_DESCRIPTION),
              ...toContext(request.context_json),
              ...(request.blast_radius ? { blastRadius: toBlastRadius(request.blast_radius) } : {}),
            }),
            ...(request.timeout_seconds > 0 ? { timeoutS: request.timeout_seconds } : {}),
          },
          context.signal,
        );
        if (state === 'cancelled') throw new WireError('UNAVAILABLE', 'the engine is stopping');
        return { approved: state === 'approved', timed_out: state === 'expired', reviewer, comment };
      } catch (error) {
        if (error instanceof UserError) throw new WireError('RESOURCE_EXHAUSTED', error.message);
        throw error;
      }
    },
  };
}
