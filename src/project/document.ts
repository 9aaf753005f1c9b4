import { open } from 'node:fs/promises';
import { messageOf, systemCode, UserError } from '../support/errors.ts';

/** More than anybody writes by hand. */
const MAX_BYTES = 256 * 1024;
/** Enough for any file a person writes, too few for one that multiplies itself (faults.md T13). */
const MAX_ALIASES = 20;

const HINTS = {
  'unreadable-file': 'Name a file that is there and that you may read.',
  'file-too-large': 'Leave out what need not be there.',
  'bad-document': 'Mend it there, or write it as JSON.',
};

function refuse(code: keyof typeof HINTS, message: string, cause?: unknown): never {
  throw new UserError({ kind: 'usage', code, message, hint: HINTS[code], cause });
}

/** At most one byte more than is allowed, whatever the file is: a pipe or a device has no size to look at. */
async function readStart(path: string): Promise<Buffer> {
  const fail = (error: unknown) =>
    refuse('unreadable-file', `${path} cannot be read: ${systemCode(error) ?? messageOf(error)}.`, error);
  const file = await open(path).catch(fail);
  try {
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    return fail(error);
  } finally {
    await file.close();
  }
}

/**
 * Reads a JSON or YAML document that a person wrote. JSON is YAML: one parser judges both alike.
 * @throws UserError unreadable-file, file-too-large, bad-document with the place of the fault (usage)
 */
export async function readDocument(path: string): Promise<unknown> {
  const bytes = await readStart(path);
  if (bytes.length > MAX_BYTES) refuse('file-too-large', `${path} is larger than ${MAX_BYTES / 1024} KiB.`);
  const { parse } = await import('yaml');
  try {
    // The decoder takes a byte order mark away, as Windows editors write it.
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n', 1);
    return refuse('bad-document', `${path} is neither JSON nor YAML: ${reason.replace(/:$/, '')}.`, error);
  }
}
