import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { messageOf, systemCode, UserError } from '../support/errors.ts';

const MAX_BYTES = 1024 * 1024;
/** Enough for any file a person writes, too few for one that multiplies itself (faults.md T13). */
const MAX_ALIASES = 100;

const refuse = (code: string, message: string, cause: unknown, hint?: string): UserError =>
  new UserError({ kind: 'usage', code, message, cause, ...(hint === undefined ? {} : { hint }) });

async function readText(path: string): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let size = 0;
  try {
    const file = await open(path, 'r');
    try {
      for (;;) {
        const { bytesRead } = await file.read(buffer, size, buffer.length - size);
        size += bytesRead;
        if (bytesRead === 0 || size === buffer.length) break;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw refuse(
      'unreadable-file',
      `${path} cannot be read: ${systemCode(error) ?? messageOf(error)}.`,
      error,
    );
  }
  if (size > MAX_BYTES)
    throw refuse('file-too-large', `${path} is larger than ${MAX_BYTES / 1024 / 1024} MiB.`, undefined);
  return buffer.toString('utf8', 0, size);
}

/**
 * Reads a JSON or YAML document that a person wrote, by the ending of its name: `.yaml` and `.yml` are YAML.
 * @throws UserError unreadable-file, file-too-large, bad-document with the place of the fault
 */
export async function readDocument(path: string): Promise<unknown> {
  const text = await readText(path);
  const isYaml = ['.yaml', '.yml'].includes(extname(path).toLowerCase());
  try {
    if (!isYaml) return JSON.parse(text) as unknown;
    const { parse } = await import('yaml');
    return parse(text, { maxAliasCount: MAX_ALIASES, prettyErrors: true });
  } catch (error) {
    const [reason] = messageOf(error).split('\n');
    throw refuse('bad-document', `${path} is no ${isYaml ? 'YAML' : 'JSON'}: ${reason}.`, error);
  }
}
