import type { License } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';
import type { LicenseContext } from '../wire/index.ts';

const FIELDS: Readonly<Record<keyof License, 'boolean' | 'string' | 'number' | 'object'>> = {
  active: 'boolean',
  effectiveTier: 'string',
  issuedTier: 'string',
  graceMode: 'boolean',
  expiresAtMs: 'number',
  orgId: 'string',
  siteId: 'string',
  region: 'string',
  regionKind: 'string',
  quotas: 'object',
};
const QUOTAS = ['maxTenants', 'maxIntegrationTypes', 'maxAgenticSessionsPerDay'];

function refuse(place: string, expected: string): never {
  throw new UserError({
    kind: 'usage',
    code: 'bad-license',
    message: `The licence's ${place} must be ${expected}.`,
    hint: 'Write {"active":true,"effectiveTier":"neo"}; the README lists every field.',
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a licence from the document in its file. @throws UserError bad-license that names the field */
export function parseLicense(document: unknown): License {
  if (!isObject(document)) refuse('document', 'an object');
  for (const [key, value] of Object.entries(document)) {
    const expected = Object.hasOwn(FIELDS, key) ? FIELDS[key as keyof License] : undefined;
    if (expected === undefined)
      refuse('fields', `among ${Object.keys(FIELDS).join(', ')}, and ${key} is not`);
    if (typeof value !== expected || value === null || Array.isArray(value))
      refuse(key, `${expected === 'object' ? 'an' : 'a'} ${expected}`);
    if (expected === 'number' && !Number.isSafeInteger(value)) refuse(key, 'a whole number');
  }
  if (typeof document.active !== 'boolean') refuse('active', 'true or false');
  const { quotas } = document;
  if (isObject(quotas))
    for (const [key, value] of Object.entries(quotas)) {
      if (!QUOTAS.includes(key)) refuse('quotas', `made of ${QUOTAS.join(', ')}`);
      if (!Number.isSafeInteger(value)) refuse(`quotas.${key}`, 'a whole number');
    }
  return { effectiveTier: '', ...document } as License;
}

/** A licence as it travels. */
export function licenseToMessage(license: License): LicenseContext {
  const { quotas } = license;
  return {
    active: license.active,
    effective_tier: license.effectiveTier,
    issued_tier: license.issuedTier ?? '',
    grace_mode: license.graceMode ?? false,
    expires_at: license.expiresAtMs ?? 0,
    org_id: license.orgId ?? '',
    site_id: license.siteId ?? '',
    region: license.region ?? '',
    region_kind: license.regionKind ?? '',
    quotas: {
      max_tenants: quotas?.maxTenants ?? -1,
      max_integration_types: quotas?.maxIntegrationTypes ?? -1,
      max_agentic_sessions_per_day: quotas?.maxAgenticSessionsPerDay ?? -1,
    },
  };
}
