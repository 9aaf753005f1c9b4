import { lstat, readdir } from 'node:fs/promises';
import { systemCode, UserError } from '../support/errors.ts';

/** What a just-made repository may hold: none of it is touched. */
const LEFTOVER = /^(\.git|\.gitignore|readme.*|licen[cs]e.*)$/i;
const MAX_NAMED = 3;

/** What is at the place the project shall go to. */
export type Target =
  | { readonly type: 'missing' }
  /** A folder that is empty or holds only leftovers. */
  | { readonly type: 'folder' };

function refuse(code: string, message: string, hint: string): never {
  throw new UserError({ kind: 'usage', code, message, hint });
}

/** The refusal of a folder that holds more than a project may be made beside. */
export function refuseNotEmpty(directory: string, names: readonly string[]): never {
  const shown = names.slice(0, MAX_NAMED).map((name) => JSON.stringify(name));
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  const held = shown.length > 0 ? `already holds ${shown.join(', ')}${more}` : 'is not empty';
  refuse(
    'target-not-empty',
    `The folder ${directory} ${held}; nothing was changed.`,
    'Name a new or empty folder; .git, README*, LICENSE* and .gitignore may be in it.',
  );
}

/** The refusal of a link: what it points to may be anywhere, and may change while we write. */
export function refuseLink(directory: string): never {
  refuse('target-is-link', `${directory} is a symbolic link.`, 'Name the folder it points to.');
}

/** Looks at the target without following a link, and refuses what a project cannot be made in. */
export async function inspectTarget(directory: string): Promise<Target> {
  const found = await lstat(directory).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (systemCode(error) === 'ENOTDIR')
      refuse('target-not-usable', `${directory} lies under a file.`, 'Name a folder under a folder.');
    throw error;
  });
  if (found === undefined) return { type: 'missing' };
  if (found.isSymbolicLink()) refuseLink(directory);
  if (!found.isDirectory())
    refuse('target-not-folder', `${directory} is not a folder.`, 'Name a new or empty folder.');
  checkEntries(directory, await readdir(directory));
  return { type: 'folder' };
}

/** Refuses a folder that holds more than leftovers; gives them otherwise. */
export function checkEntries(directory: string, names: readonly string[]): readonly string[] {
  const others = names.filter((name) => !LEFTOVER.test(name));
  if (others.length > 0) refuseNotEmpty(directory, others.sort());
  return names;
}

/** True when a leftover stands in for this file of the project: the same file, or any licence. */
export function isReplaced(file: string, leftovers: readonly string[]): boolean {
  const fold = (name: string) => name.toLowerCase().replace(/^licen[cs]e.*$/, 'license');
  return leftovers.some((leftover) => fold(leftover) === fold(file));
}
