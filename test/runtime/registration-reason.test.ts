import { expect, test } from 'vitest';
import { classifyRegistrationError, RegistrationRefused } from '../../src/runtime/registration-reason.ts';
import { type STATUS, WireError } from '../../src/wire/index.ts';

const wire = (status: keyof typeof STATUS, message = 'no') => new WireError(status, message);

test.each([
  [wire('UNAVAILABLE'), 'engine_unavailable', false, 'growing'],
  [wire('DEADLINE_EXCEEDED'), 'engine_unavailable', false, 'growing'],
  [wire('PERMISSION_DENIED', 'tenant "x" is not active'), 'tenant_not_active_or_missing', false, 'growing'],
  [wire('NOT_FOUND', 'Tenant not found'), 'tenant_not_active_or_missing', false, 'growing'],
  [wire('PERMISSION_DENIED'), 'permission_denied', true, 'growing'],
  [wire('PERMISSION_DENIED', 'License expired'), 'license_inactive', true, 'licence'],
  [wire('FAILED_PRECONDITION', 'no licence'), 'license_inactive', true, 'licence'],
  [wire('FAILED_PRECONDITION'), 'registration_rejected', false, 'growing'],
  [wire('INVALID_ARGUMENT'), 'invalid_registration_request', true, 'slow'],
  [wire('RESOURCE_EXHAUSTED'), 'license_or_quota_exhausted', true, 'slow'],
  [wire('ALREADY_EXISTS'), 'registration_rejected', true, 'slow'],
  ...(
    [
      'CANCELLED',
      'UNKNOWN',
      'ABORTED',
      'OUT_OF_RANGE',
      'UNIMPLEMENTED',
      'INTERNAL',
      'DATA_LOSS',
      'UNAUTHENTICATED',
    ] as const
  ).map((status) => [wire(status), 'registration_rejected', false, 'growing'] as const),
  [new RegistrationRefused('the engine refused: nope'), 'registration_rejected', true, 'growing'],
  [new RegistrationRefused('tenant not active'), 'tenant_not_active_or_missing', false, 'growing'],
] as const)('%s is %s', (error, reason, needsOperatorAction, pace) => {
  expect(classifyRegistrationError(error)).toEqual({ reason, needsOperatorAction, pace });
});
