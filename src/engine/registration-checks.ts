import type { License } from '../contract/index.ts';
import { type RegisterPluginRequest, WireError } from '../wire/index.ts';
import { EXTERNAL_PREFIX } from './externals.ts';
import { HandshakeError } from './handshake.ts';
import { type Instance, infoOf, type Registry } from './registry.ts';

/** Throws what the agent should read when its tenant is not served; the texts are classified by SDKs (protocol.md §6). */
export function checkTenant(tenantId: string, tenantIds: readonly string[]): void {
  if (tenantId === '')
    throw new WireError('INVALID_ARGUMENT', 'tenant_id is required for plugin registration');
  if (!tenantIds.includes(tenantId))
    throw new WireError(
      'PERMISSION_DENIED',
      `tenant ${JSON.stringify(tenantId)} is not active: tenants: tenant not found`,
    );
}

/** How many agents of different names the licence allows; one that is known already may always come again. */
export function checkQuota(name: string, license: License | undefined, registry: Registry): void {
  const limit = license?.quotas?.maxIntegrationTypes ?? -1;
  if (limit < 0) return;
  const names = new Set(registry.agents().map((agent) => infoOf(agent).name));
  if (!names.has(name) && names.size >= limit)
    throw new WireError(
      'RESOURCE_EXHAUSTED',
      `license quota exhausted: max_integration_types is ${limit}, and ${names.size} agents are registered`,
    );
}

/** An instance id belongs to one process of one agent for good. */
export function checkHolder(request: RegisterPluginRequest, holder: Instance | undefined): void {
  if (request.name === '' || request.instance_id === '')
    throw new WireError('INVALID_ARGUMENT', 'name and instance_id are required for plugin registration');
  if (request.instance_id.startsWith(EXTERNAL_PREFIX))
    throw new HandshakeError(`instance_id ${JSON.stringify(request.instance_id)} is one of the engine's own`);
  if (holder !== undefined && (holder.name !== request.name || holder.tenantId !== request.tenant_id))
    throw new HandshakeError(`instance_id ${JSON.stringify(request.instance_id)} belongs to ${holder.name}`);
}
