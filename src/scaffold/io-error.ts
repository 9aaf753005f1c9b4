import { systemCode, UserError } from '../support/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reports an input/output error',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the path is too long',
  ENOSPC: 'no space is left on the device',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

/** A failed file operation as one sentence for people. Whatever is no system error comes back as it was. */
export function toIoError(error: unknown, directory: string): unknown {
  const code = systemCode(error);
  if (code === undefined || error instanceof UserError) return error;
  return new UserError({
    kind: 'io',
    code: 'write-failed',
    message: `Cannot write the project to ${directory}: ${REASONS[code] ?? code}.`,
    cause: error,
  });
}
