import { UserError } from '../../support/errors.ts';

/** Where a Valkey or Redis server is, taken from a URL. */
export interface ValkeyAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** The URL to show: without credentials. */
  readonly shown: string;
}

const DEFAULT_PORT = 6_379;

/** Hides whatever stands before the last `@`, and what follows a `?`, in text that need not be a URL. */
function maskText(url: string): string {
  return url.replace(/\?.*$/s, '').replace(/^([a-z]+:\/\/)?.*@/is, '$1***@');
}

function invalid(url: string): UserError {
  return new UserError({
    kind: 'usage',
    code: 'invalid-valkey-url',
    message: `The address ${JSON.stringify(maskText(url))} is not that of a Valkey or Redis server.`,
    hint: 'Write redis://[user:password@]host[:port][/database] or the same with valkey://.',
  });
}

function decoded(text: string, url: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    throw invalid(url);
  }
}

/**
 * Reads `redis://` and `valkey://` URLs.
 * @throws UserError (usage, `invalid-valkey-url`) for any other text, credentials masked
 */
export function parseValkeyUrl(url: string): ValkeyAddress {
  if (!URL.canParse(url)) throw invalid(url);
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(url);
  const database = /^\/?(\d{1,5})?$/.exec(pathname);
  if (
    !/^(redis|valkey):$/.test(protocol) ||
    hostname === '' ||
    database === null ||
    `${search}${hash}` !== ''
  )
    throw invalid(url);
  const credentials = username === '' && password === '' ? '' : '***@';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? DEFAULT_PORT : Number(port),
    username: decoded(username, url),
    password: decoded(password, url),
    database: Number(database[1] ?? 0),
    shown: `${protocol}//${credentials}${hostname}${port === '' ? '' : `:${port}`}${pathname}`,
  };
}
