import type { License } from '../../contract/index.ts';
import { parseJsonText, type ServiceHandlers, WireError } from '../../wire/index.ts';
import type { Callers } from '../callers.ts';
import type { EventHub } from '../events.ts';
import { excerpt } from '../excerpt.ts';
import type { History } from '../history.ts';
import { checkLicense } from '../license-check.ts';

const MAX_LOG_BYTES = 64 * 1024;
const MAX_LOG_MESSAGE = 4 * 1024;

function toJsonText(bytes: Uint8Array, field: string): string {
  if (bytes.length === 0) return 'null';
  parseJsonText(bytes, field);
  return Buffer.from(bytes).toString('utf8');
}

/** PublishResult and LogEvent: what agents tell, kept in the history and among the events. */
export function reportCalls(parts: {
  readonly callers: Callers;
  readonly events: EventHub;
  readonly history: History;
  readonly license: () => License | undefined;
}): ServiceHandlers<'EngineService'> {
  const { callers, events } = parts;
  return {
    PublishResult: async ({ execution_id, result_json, tenant_id }, context) => {
      const caller = callers.check('PublishResult', tenant_id, context);
      checkLicense(parts.license(), 'PublishResult');
      await callers.admitWrite('PublishResult', caller, result_json.length);
      const resultJson = toJsonText(result_json, 'result_json');
      const known = parts.history.get(execution_id);
      if (caller === undefined && known?.tenantId === tenant_id)
        callers.checkUnnamed('PublishResult', tenant_id, known.agent);
      const publisher = { tenantId: tenant_id, agent: caller };
      const isOwn = parts.history.publish(execution_id, publisher, resultJson);
      if (!isOwn)
        events.warn(
          caller ?? '',
          `${caller ?? 'an agent'} published a result of ${JSON.stringify(execution_id)}, which is no execution of its own`,
        );
      // Published outputs can be as large as a message: who follows the events gets what the history keeps.
      const kept = parts.history.get(execution_id)?.published?.at(-1);
      if (isOwn && kept !== undefined)
        events.emit({ type: 'published', agent: caller ?? '', executionId: execution_id, resultJson: kept });
      return { acknowledged: true };
    },
    LogEvent: async ({ plugin_name, event_type, data_json, severity, tenant_id }, context) => {
      const caller = callers.check('LogEvent', tenant_id, context, plugin_name);
      if (data_json.length > MAX_LOG_BYTES)
        throw new WireError('INVALID_ARGUMENT', `data_json: larger than ${MAX_LOG_BYTES / 1024} KiB`);
      await callers.admitWrite('LogEvent', caller, data_json.length);
      events.emit({
        type: 'logged',
        agent: caller ?? '',
        severity,
        message: excerpt(event_type, MAX_LOG_MESSAGE),
        dataJson: toJsonText(data_json, 'data_json'),
      });
      return { acknowledged: true };
    },
  };
}
