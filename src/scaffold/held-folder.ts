import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { systemCode } from '../support/errors.ts';
import { refuseLink } from './target.ts';

/** A folder that is written into. `place` means this very folder even when its name is given to another. */
export interface HeldFolder {
  readonly place: string;
  release(): Promise<void>;
}

/**
 * Holds an existing folder, so that nobody can swap it for a link to somewhere else between two of our
 * steps. Linux offers a path for an open folder; elsewhere the name itself must do.
 */
export async function holdFolder(directory: string): Promise<HeldFolder> {
  if (process.platform !== 'linux') return { place: directory, release: async () => {} };
  const handle: FileHandle = await open(
    directory,
    constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
  ).catch((error: unknown) => {
    if (['ELOOP', 'ENOTDIR'].includes(systemCode(error) ?? '')) refuseLink(directory);
    throw error;
  });
  return { place: `/proc/self/fd/${handle.fd}`, release: () => handle.close() };
}
