/**
 * What went wrong, as the caller must treat it. The command line maps each kind to one exit code
 * (design.md, "Exit codes"), so a kind is a promise to scripts.
 * - `failed`: the work ran and found problems
 * - `usage`: wrong usage or configuration
 * - `unreachable`: an engine or agent is not reachable or did not start
 * - `tool-missing`: a needed tool is not installed
 * - `io`: a file system or install step failed
 */
export type UserErrorKind = 'failed' | 'usage' | 'unreachable' | 'tool-missing' | 'io';

export interface UserErrorDetail {
  readonly kind: UserErrorKind;
  /** Stable kebab-case word for scripts, e.g. `unknown-action`. */
  readonly code: string;
  /** One sentence that names the input and what was expected. */
  readonly message: string;
  /** How to mend it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error the user can mend. Anything else that is thrown is our bug. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly kind: UserErrorKind;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(detail: UserErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.kind = detail.kind;
    this.code = detail.code;
    this.hint = detail.hint;
  }
}

/** The message of any thrown value, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, `EADDRINUSE`, …), if the value has one. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
