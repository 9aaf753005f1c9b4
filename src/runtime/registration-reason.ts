import { messageOf } from '../support/errors.ts';
import { WireError } from '../wire/index.ts';

/** The engine answered, and its answer was no. */
export class RegistrationRefused extends Error {}

/** Why a registration failed, for whoever reads the log and for the next wait. */
export interface RegistrationProblem {
  readonly reason:
    | 'engine_unavailable'
    | 'tenant_not_active_or_missing'
    | 'permission_denied'
    | 'license_inactive'
    | 'invalid_registration_request'
    | 'license_or_quota_exhausted'
    | 'registration_rejected';
  /** Waiting alone will not mend it. */
  readonly needsOperatorAction: boolean;
  /** How often to ask again: with growing waits, at the longest one, or as rarely as a licence deserves. */
  readonly pace: 'growing' | 'slow' | 'licence';
}

const problem = (
  reason: RegistrationProblem['reason'],
  needsOperatorAction: boolean,
  pace: RegistrationProblem['pace'] = 'growing',
): RegistrationProblem => ({ reason, needsOperatorAction, pace });

/**
 * Classifies a failed registration as the Go SDK does, by status first and then by text. Two rows are ours:
 * a refusal over the licence has its own name and pace (faults.md A6), and so has ALREADY_EXISTS (A8).
 * Source: protocol.md §4.2.
 */
export function classifyRegistrationError(error: unknown): RegistrationProblem {
  const text = messageOf(error).toLowerCase();
  const status = error instanceof WireError ? error.status : undefined;
  if (status === 'UNAVAILABLE' || status === 'DEADLINE_EXCEEDED') return problem('engine_unavailable', false);
  if (text.includes('tenant') && (text.includes('not active') || text.includes('not found')))
    return problem('tenant_not_active_or_missing', false);
  if ((status === 'PERMISSION_DENIED' || status === 'FAILED_PRECONDITION') && /licen[cs]e/.test(text))
    return problem('license_inactive', true, 'licence');
  if (status === 'PERMISSION_DENIED') return problem('permission_denied', true);
  if (status === 'INVALID_ARGUMENT') return problem('invalid_registration_request', true, 'slow');
  if (status === 'RESOURCE_EXHAUSTED') return problem('license_or_quota_exhausted', true, 'slow');
  if (status === 'ALREADY_EXISTS') return problem('registration_rejected', true, 'slow');
  return problem('registration_rejected', error instanceof RegistrationRefused);
}
