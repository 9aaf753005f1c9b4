import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UserError } from '../support/errors.ts';
import { processStart } from './process-life.ts';
import type { Session } from './session.ts';
import { openSessionFolder } from './session-folder.ts';
import { listSessions, resolveProject, sessionFileName } from './session-list.ts';

/** What the starter of an engine says of it; the rest of a session is read off this process. */
export type NewSession = Pick<
  Session,
  'controlUrl' | 'token' | 'grpcAddr' | 'tenantId' | 'project' | 'ephemeral'
>;

/** Writes a file of this user alone, which is either whole or not there. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const descriptor = openSync(draft, 'wx', 0o600);
    try {
      // The umask may have taken bits away.
      fchmodSync(descriptor, 0o600);
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UserError({
      kind: 'io',
      code: 'session-file-not-written',
      message: `The session file ${file} cannot be written: ${messageOf(error)}`,
      cause: error,
    });
  }
}

/**
 * Writes the session file of this process and gives its path.
 * @throws UserError `engine-running` when the project has an engine already and this one is not ephemeral
 */
export function writeSession(fields: NewSession): string {
  const project = resolveProject(fields.project);
  const session: Session = {
    version: 1,
    controlUrl: fields.controlUrl,
    token: fields.token,
    grpcAddr: fields.grpcAddr,
    tenantId: fields.tenantId,
    pid: process.pid,
    processStart: processStart(process.pid),
    startedAt: new Date().toISOString(),
    project,
    ephemeral: fields.ephemeral,
  };
  const file = path.join(openSessionFolder(), sessionFileName(project, process.pid));
  writeWhole(file, `${JSON.stringify(session)}\n`);
  if (!session.ephemeral) {
    try {
      // Of two engines that start at once, at least one sees the other's file here, and leaves.
      assertNoSession(project);
    } catch (error) {
      removeSession(file);
      throw error;
    }
  }
  return file;
}

/** Removes a session file. It may be gone already. */
export function removeSession(file: string): void {
  rmSync(file, { force: true });
}

/**
 * Refuses a second engine for a project. Ephemeral engines, and this process's own, do not count.
 * @throws UserError `engine-running`
 */
export function assertNoSession(projectDir: string): void {
  const other = listSessions(resolveProject(projectDir)).find(
    (session) => !session.ephemeral && session.pid !== process.pid,
  );
  if (!other) return;
  throw new UserError({
    kind: 'usage',
    code: 'engine-running',
    message: `An engine is running for ${path.resolve(projectDir)} already, with pid ${other.pid}.`,
    hint: 'Stop it first, or start this one with --ephemeral.',
  });
}
