import type { License } from '../../contract/index.ts';
import type { ServiceHandlers } from '../../wire/index.ts';
import type { EventHub } from '../events.ts';
import { licenseToMessage } from '../license.ts';
import type { Registrar } from '../registrar.ts';
import type { Instance, Registry } from '../registry.ts';

/** RegisterPlugin, Heartbeat and DeregisterPlugin. */
export function lifecycleCalls(parts: {
  readonly registry: Registry;
  readonly registrar: Registrar;
  readonly events: EventHub;
  readonly heartbeatIntervalS: number | undefined;
  readonly license: () => License | undefined;
  readonly remove: (instanceId: string) => void;
}): ServiceHandlers<'EngineService'> {
  /** Heartbeat and Deregister carry no tenant: name and instance id together say whose they are. */
  function find(name: string, instanceId: string): Instance | undefined {
    const instance = parts.registry.get(instanceId);
    return instance?.name === name ? instance : undefined;
  }
  const snapshot = () => {
    const license = parts.license();
    return license === undefined ? {} : { license: licenseToMessage(license) };
  };
  return {
    RegisterPlugin: async (request, { peer }) => ({
      ...(await parts.registrar.register(request, peer)),
      ...snapshot(),
    }),
    Heartbeat: ({ name, instance_id }) => {
      const instance = find(name, instance_id);
      if (instance !== undefined) instance.lastSeenMs = performance.now();
      return {
        acknowledged: true,
        re_register_required: instance === undefined,
        heartbeat_interval_seconds: parts.heartbeatIntervalS,
        ...snapshot(),
      };
    },
    DeregisterPlugin: ({ name, instance_id }) => {
      parts.registrar.withdraw(name, instance_id);
      if (find(name, instance_id) !== undefined) {
        parts.remove(instance_id);
        parts.events.emit({ type: 'deregistered', agent: name, instanceId: instance_id });
      }
      return { acknowledged: true };
    },
  };
}
