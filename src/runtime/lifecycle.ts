import type { EngineClient, License } from '../contract/index.ts';
import { type EngineConnection, type LicenseContext, PLUGIN_TYPE_AGENT } from '../wire/index.ts';
import { licenseFromMessage } from './license.ts';
import { RegistrationRefused } from './registration-reason.ts';
import { MAX_HEARTBEAT_SECONDS } from './settings.ts';

/** Who calls: stamped on every request. */
export interface EngineIdentity {
  readonly name: string;
  readonly instanceId: string;
  readonly tenantId: string;
}

/** The calls by which an instance comes, stays and goes. */
export type Lifecycle = Pick<EngineClient, 'register' | 'heartbeat' | 'deregister'>;

/**
 * What the engine asks for, within 1 to 300 s (faults.md A10). Zero, less than zero and what is no number
 * say nothing: the interval stays as it was.
 */
export function boundHeartbeatSeconds(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds > 0
    ? Math.min(Math.max(seconds, 1), MAX_HEARTBEAT_SECONDS)
    : undefined;
}

const readLicense = (message: LicenseContext | undefined): { readonly license?: License } =>
  message === undefined ? {} : { license: licenseFromMessage(message) };

/** The calls over one connection; the agent's own registration makes them too. */
export function createLifecycle(connection: EngineConnection, identity: EngineIdentity): Lifecycle {
  const instance = { name: identity.name, instance_id: identity.instanceId };
  return {
    register: async ({ address, version }, options) => {
      const reply = await connection.call(
        'RegisterPlugin',
        {
          ...instance,
          version,
          grpc_addr: address,
          plugin_type: PLUGIN_TYPE_AGENT,
          tenant_id: identity.tenantId,
        },
        options,
      );
      if (!reply.success) throw new RegistrationRefused(`the engine refused: ${reply.error}`);
      return { pluginId: reply.plugin_id, ...readLicense(reply.license) };
    },
    heartbeat: async (options) => {
      const reply = await connection.call('Heartbeat', instance, options);
      const seconds = boundHeartbeatSeconds(reply.heartbeat_interval_seconds);
      return {
        reRegisterRequired: reply.re_register_required,
        ...(seconds === undefined ? {} : { heartbeatIntervalSeconds: seconds }),
        ...readLicense(reply.license),
      };
    },
    deregister: async (options) => {
      await connection.call('DeregisterPlugin', instance, options);
    },
  };
}
