import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { messageOf, systemCode, UserError } from '../support/errors.ts';

/** The user's runtime folder, when there is one: set, absolute (as its specification demands) and existing. */
function runtimeFolder(): string | undefined {
  const folder = process.env.XDG_RUNTIME_DIR ?? '';
  if (!path.isAbsolute(folder)) return undefined;
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? folder : undefined;
}

/** Where this user's session files are, whether the folder exists or not. */
export function sessionFolder(): string {
  const runtime = runtimeFolder();
  if (runtime !== undefined) return path.join(runtime, 'mirastack');
  return path.join(os.tmpdir(), `mirastack-${process.getuid?.() ?? os.userInfo().username}`);
}

/** Why tokens must not be kept in, or believed from, this folder. */
function findFault(folder: string): string | undefined {
  const stat = lstatSync(folder);
  if (stat.isSymbolicLink()) return 'is a symbolic link';
  if (!stat.isDirectory()) return 'is not a folder';
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  if (stat.uid !== uid) return `belongs to the user with id ${stat.uid}`;
  const mode = stat.mode & 0o777;
  return mode & 0o077 ? `has mode 0${mode.toString(8)}` : undefined;
}

function checkFolder(folder: string): void {
  const fault = findFault(folder);
  if (fault === undefined) return;
  throw new UserError({
    kind: 'io',
    code: 'unsafe-session-folder',
    message: `The folder ${folder} for session files must be yours alone (mode 0700), but it ${fault}.`,
    hint: 'Remove it, or set XDG_RUNTIME_DIR to a folder of your own.',
  });
}

/** The folder to read from; undefined when there is none yet. */
export function findSessionFolder(): string | undefined {
  const folder = sessionFolder();
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return undefined;
  checkFolder(folder);
  return folder;
}

/** The folder to write to, made when it is missing. */
export function openSessionFolder(): string {
  const folder = sessionFolder();
  try {
    mkdirSync(folder, { mode: 0o700 });
    // The umask may have taken bits away.
    chmodSync(folder, 0o700);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST')
      throw new UserError({
        kind: 'io',
        code: 'no-session-folder',
        message: `The folder ${folder} for session files cannot be made: ${messageOf(error)}`,
        hint: 'Set XDG_RUNTIME_DIR to a folder of your own.',
        cause: error,
      });
  }
  checkFolder(folder);
  return folder;
}
