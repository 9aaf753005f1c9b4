import { constants } from 'node:os';
import { CancelledError } from '../support/cancelled.ts';
import { UserError, type UserErrorKind } from '../support/errors.ts';

/** The one table of exit codes (design.md, "Exit codes"; printed in the README). */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  'tool-missing': 4,
  io: 5,
  internal: 70,
} as const satisfies Record<UserErrorKind | 'done' | 'internal', number>;

/** The exit code for anything that was thrown; a cancelled command ends with 128 + the signal's number. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UserError) return EXIT_CODES[error.kind];
  if (error instanceof CancelledError) return 128 + constants.signals[error.signal];
  return EXIT_CODES.internal;
}
