import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import { PROJECT_FOLDER } from './find.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readTenant(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return UUID.test(text) ? text : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The tenant of a project's dev engine: random, made at the first use, kept in `.mirastack/dev/tenant`. It
 * works as a password towards agents' ports, so nobody else may read it (design.md, "Names that are fixed").
 * @throws UserError `tenant-not-kept` (io)
 */
export function projectTenant(directory: string): string {
  const folder = join(directory, PROJECT_FOLDER, 'dev');
  const file = join(folder, 'tenant');
  try {
    const kept = readTenant(file);
    if (kept !== undefined) return kept;
    const tenantId = randomUUID();
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${tenantId}\n`, { mode: 0o600 });
    return tenantId;
  } catch (error) {
    throw new UserError({
      kind: 'io',
      code: 'tenant-not-kept',
      message: `The tenant of the dev engine cannot be kept in ${file}: ${messageOf(error)}.`,
      hint: 'Make the folder writable, or name a tenant with --tenant.',
      cause: error,
    });
  }
}
