import { expect, test } from 'vitest';
import { tenantIdFromSlug } from '../../src/support/tenant-id.ts';

test.each([
  ['acme', '824a1531-d24a-549c-8003-23b0f2d206cd'],
  ['  ACME \n', '824a1531-d24a-549c-8003-23b0f2d206cd'],
  ['\u0085acme', '824a1531-d24a-549c-8003-23b0f2d206cd'],
  ['default', 'b81b7c16-bfb1-5486-87b5-dd509512be63'],
  ['globex', '2465bedb-6186-5936-9e64-ec9f01968e8e'],
  ['prod-eu-1', '2db1c08b-f77c-5a30-931d-e3683a8a08d5'],
  ['MÜNCHEN', '986000a3-e77c-5164-89de-31fbc6459671'],
  ['', 'dd9a3914-4c88-5cee-8f46-c25cb8071ec9'],
  ['İstanbul', '8b4f0869-d008-5e9a-afbe-5bfaae255cbf'],
  ['ΟΔΟΣ', '48c5a5c6-455d-589e-8edc-9d3c6034a554'],
])('%j is the tenant that Go computes (protocol.md §4.6)', (slug, tenantId) => {
  expect(tenantIdFromSlug(slug)).toBe(tenantId);
});
