import { UserError, type UserErrorKind } from '../support/errors.ts';
import { MAX_BODY_BYTES } from './api.ts';

interface RefusalRow {
  readonly status: number;
  readonly message: string;
  readonly kind?: UserErrorKind;
  readonly hint?: string;
}

/**
 * Everything the API itself refuses, with its status. The sentences repeat nothing of the request:
 * most of them reach callers who have shown no token.
 */
const REFUSALS = {
  'wrong-host': { status: 421, message: "The Host header must be this API's own address." },
  'foreign-origin': { status: 403, message: 'Requests of other origins are refused.' },
  'cross-site': { status: 403, message: 'Requests that another site caused are refused.' },
  'upgrade-not-offered': { status: 426, message: 'This API speaks HTTP/1.1 only and upgrades to nothing.' },
  'unknown-path': { status: 404, message: 'This API has no such path.' },
  'wrong-method': { status: 405, message: 'This path takes only the methods that the Allow header names.' },
  'wrong-content-type': { status: 415, message: 'The body must be sent as application/json in UTF-8.' },
  'wrong-token': {
    status: 401,
    // To the caller this engine is out of reach: its session file is stale, or it is another user's.
    kind: 'unreachable',
    message: 'The engine does not accept this token.',
    hint: "The token stands in the running engine's session file and is a new one at each start.",
  },
  'body-too-large': {
    status: 413,
    message: `The body must not be larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`,
  },
  'too-many-streams': { status: 429, message: 'Too many clients follow the events already.' },
  'bad-request': { status: 400, message: 'The body is not a request of this path.' },
} as const satisfies Record<string, RefusalRow>;

/** Why the API refused a request. */
export type RefusalCode = keyof typeof REFUSALS;

/**
 * The status of an error the engine threw, by what the caller can do about it: 422 for a request that
 * was understood and cannot be done as asked, so that 400 and 404 stay the API's own.
 */
export const STATUS_BY_KIND: Readonly<Record<UserErrorKind, number>> = {
  usage: 422,
  failed: 409,
  unreachable: 503,
  'tool-missing': 501,
  io: 500,
};

/** A request that the API refused before the engine saw it. */
export class Refusal extends UserError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: RefusalCode,
    more: { readonly message?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    const row: RefusalRow = REFUSALS[code];
    super({
      kind: row.kind ?? 'usage',
      code,
      message: more.message ?? row.message,
      ...(row.hint === undefined ? {} : { hint: row.hint }),
    });
    this.status = row.status;
    this.headers = more.headers ?? {};
  }
}
