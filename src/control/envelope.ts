import { messageOf, UserError, type UserErrorKind } from '../support/errors.ts';
import type { ErrorEnvelope } from './api.ts';
import { STATUS_BY_KIND } from './refusals.ts';

/** An error as it travels. */
export function wrapError(error: unknown): ErrorEnvelope {
  if (!(error instanceof UserError))
    return { error: { code: 'internal-error', message: messageOf(error), hint: '', kind: 'internal' } };
  const { code, message, hint = '', kind } = error;
  return { error: { code, message, hint, kind } };
}

const isKind = (kind: unknown): kind is UserErrorKind =>
  typeof kind === 'string' && Object.hasOwn(STATUS_BY_KIND, kind);

/** The error that travelled: the same `UserError`, or a plain one when it is our bug; undefined when there is none. */
export function rebuildError(
  answer: { readonly error?: unknown } | undefined,
  url: string,
): Error | undefined {
  const envelope = answer?.error;
  if (typeof envelope !== 'object' || envelope === null) return undefined;
  const { code, message, hint, kind }: { readonly [field: string]: unknown } = { ...envelope };
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  if (!isKind(kind)) return new Error(`The engine at ${url} failed: ${message}`);
  return new UserError({ kind, code, message, ...(typeof hint === 'string' && hint !== '' ? { hint } : {}) });
}
