import { UserError } from '../support/errors.ts';

/** How to reach the engine of a project: the content of its session file. It holds a secret; never print it whole. */
export interface Session {
  readonly version: 1;
  /** `http://127.0.0.1:<port>`. */
  readonly controlUrl: string;
  readonly token: string;
  /** `host:port` where agents register. */
  readonly grpcAddr: string;
  readonly tenantId: string;
  readonly pid: number;
  /** When the process started, in the system's own count; null where the system does not tell. */
  readonly processStart: string | null;
  /** ISO 8601, for people. */
  readonly startedAt: string;
  /** The project's folder, links resolved. */
  readonly project: string;
  /** Beside the project's own engine and of no concern to a second one, as tests want it. */
  readonly ephemeral: boolean;
}

type Test = (value: unknown) => boolean;
const isText: Test = (value) => typeof value === 'string';

/** The token goes to this machine only, whatever a file says. */
const isControlUrl: Test = (value) =>
  typeof value === 'string' && /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(value);

const FIELDS: Readonly<Record<keyof Session, Test>> = {
  version: (value) => value === 1,
  controlUrl: isControlUrl,
  token: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  grpcAddr: isText,
  tenantId: isText,
  pid: (value) => Number.isSafeInteger(value),
  processStart: (value) => value === null || isText(value),
  startedAt: isText,
  project: isText,
  ephemeral: (value) => typeof value === 'boolean',
};

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return Object.entries(FIELDS).every(([name, test]) => test(fields[name]));
}

/** The session in a file's text. The message names the file and never quotes it. */
export function decodeSession(text: string, file: string, pid: number): Session {
  const refuse = (reason: string) =>
    new UserError({
      kind: 'usage',
      code: 'bad-session-file',
      message: `The session file ${file} of the process ${pid} ${reason}.`,
      hint: 'Stop that process if it is an engine of yours, and remove the file.',
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('is not JSON');
  }
  if (!isSession(value)) throw refuse('is not of a form that this version knows');
  return value;
}
