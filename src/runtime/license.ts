import type { License } from '../contract/index.ts';
import type { LicenseContext } from '../wire/index.ts';

/** A value under a key, unless the engine left it out. */
const given = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [Name in Key]?: Value };

/** Counts and times of the platform are far below 2^53. */
const toNumber = (value: number | bigint | undefined) => (value === undefined ? undefined : Number(value));

/** A licence as agents read it. */
export function licenseFromMessage(message: LicenseContext): License {
  const { quotas } = message;
  return {
    active: message.active,
    effectiveTier: message.effective_tier,
    ...given('issuedTier', message.issued_tier),
    ...given('graceMode', message.grace_mode),
    ...given('expiresAtMs', toNumber(message.expires_at)),
    ...given('orgId', message.org_id),
    ...given('siteId', message.site_id),
    ...given('region', message.region),
    ...given('regionKind', message.region_kind),
    ...given(
      'quotas',
      quotas && {
        maxTenants: Number(quotas.max_tenants),
        maxIntegrationTypes: Number(quotas.max_integration_types),
        ...given('maxAgenticSessionsPerDay', toNumber(quotas.max_agentic_sessions_per_day)),
      },
    ),
  };
}

/** A licence as it travels. */
export function licenseToMessage(license: License): LicenseContext {
  const { quotas } = license;
  return {
    active: license.active,
    effective_tier: license.effectiveTier,
    issued_tier: license.issuedTier,
    grace_mode: license.graceMode,
    expires_at: license.expiresAtMs,
    org_id: license.orgId,
    site_id: license.siteId,
    region: license.region,
    region_kind: license.regionKind,
    quotas: quotas && {
      max_tenants: quotas.maxTenants,
      max_integration_types: quotas.maxIntegrationTypes,
      max_agentic_sessions_per_day: quotas.maxAgenticSessionsPerDay,
    },
  };
}
