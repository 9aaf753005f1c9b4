import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, systemCode, UserError } from '../../support/errors.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** The state cannot be used; starting without it would overwrite what somebody may still want. */
export function unusableState(path: string, reason: string, cause?: unknown): UserError {
  return new UserError({
    kind: 'io',
    code: 'state-not-readable',
    message: `The engine's state ${path} cannot be used: ${reason}.`,
    hint: 'Mend or remove it, or start the engine with --ephemeral, which keeps nothing.',
    cause,
  });
}

/**
 * Makes the folder of the state, or takes the one that is there for its user alone. A link is refused: what it points
 * to may be anybody's (faults.md T16).
 * @throws UserError state-not-readable (io)
 */
export async function openStateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    if ((await lstat(path)).isDirectory()) return await chmod(path, FOLDER_MODE);
  } catch (error) {
    throw unusableState(path, systemCode(error) ?? messageOf(error), error);
  }
  throw unusableState(path, 'it is a link');
}

/** The text of a file; undefined when there is none. @throws UserError state-not-readable (io) */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    return await file.readFile('utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    throw unusableState(path, code === 'ELOOP' ? 'it is a link' : (code ?? messageOf(error)), error);
  } finally {
    await file?.close();
  }
}

/**
 * Writes a file so that readers, and we after a crash, see the old content or the new, never half of one. Nobody can
 * lay a link where it is staged: the name is random, and must be new.
 */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const staged = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = await open(staged, 'wx', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.datasync();
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(staged, path);
}

/** Opens a file to add to its end; one that others may read becomes the user's alone. */
export async function openPrivateLog(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, FILE_MODE);
  try {
    await file.chmod(FILE_MODE);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
