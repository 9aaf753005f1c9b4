import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import { isRunning } from './process-life.ts';
import { decodeSession, type Session } from './session.ts';
import { findSessionFolder } from './session-folder.ts';

/** A project's folder with its links resolved, so that every way to write it names one project. */
export function resolveProject(projectDir: string): string {
  try {
    return realpathSync(projectDir);
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'no-such-folder',
      message: `The project folder ${path.resolve(projectDir)} cannot be opened: ${systemCode(error) ?? messageOf(error)}.`,
      cause: error,
    });
  }
}

/** The first part of the names of a project's session files. */
const projectHash = (project: string): string =>
  createHash('sha256').update(project).digest('hex').slice(0, 16);

/** The name of a session file. */
export const sessionFileName = (project: string, pid: number): string =>
  `${projectHash(project)}-${pid}.json`;

/** A session file, or the draft that a writer left when it was killed. */
const FILE_NAME = /^(?<hash>[0-9a-f]{16})-(?<pid>[1-9]\d{0,9})\.json(?<draft>\.[0-9a-f]+\.tmp)?$/;

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // Its engine ended just now and took the file with it.
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new UserError({
      kind: 'io',
      code: 'session-file-not-read',
      message: `The session file ${file} cannot be read: ${messageOf(error)}`,
      cause: error,
    });
  }
}

/** The session in a file, when its engine runs; the file is removed when the engine is gone. */
function readLive(file: string, pid: number, isDraft: boolean): Session | undefined {
  if (isRunning(pid, null)) {
    const text = isDraft ? undefined : readText(file);
    if (text === undefined) return undefined;
    const session = decodeSession(text, file, pid);
    if (isRunning(pid, session.processStart)) return session;
  }
  rmSync(file, { force: true });
  return undefined;
}

/** The sessions whose engines run: of a resolved project, or all of this user's. */
export function listSessions(project?: string): readonly Session[] {
  const folder = findSessionFolder();
  if (folder === undefined) return [];
  const hash = project === undefined ? undefined : projectHash(project);
  const sessions: Session[] = [];
  for (const name of readdirSync(folder)) {
    const parts = FILE_NAME.exec(name)?.groups;
    if (parts === undefined || (hash !== undefined && parts.hash !== hash)) continue;
    const session = readLive(path.join(folder, name), Number(parts.pid), parts.draft !== undefined);
    if (session) sessions.push(session);
  }
  return sessions.sort((a, b) => a.pid - b.pid);
}
