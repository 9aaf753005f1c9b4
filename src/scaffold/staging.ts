import { constants, mkdirSync, writeFileSync } from 'node:fs';
import { copyFile, link, lstat, mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../support/cancelled.ts';
import { systemCode } from '../support/errors.ts';
import type { PlannedFile } from './plan.ts';

/** Signals are heard between two turns of the event loop. */
const LONGEST_TURN_MS = 20;
const STAGING_PREFIX = '.mirastack-agent-';

/** Runs work in a fresh folder of ours, 0700, which is gone afterwards however the work ends. */
export async function withStaging(parent: string, work: (staging: string) => Promise<void>): Promise<void> {
  const staging = await mkdtemp(path.join(parent, STAGING_PREFIX));
  try {
    await work(staging);
  } finally {
    // Empty when all went well. Best effort: what the work did matters more than a stray empty folder.
    await rmdir(staging).catch(() => rm(staging, { recursive: true, force: true }).catch(() => {}));
  }
}

/** Runs work after making a folder and its parents; takes back those we made if the work fails. */
export async function withParents(parent: string, work: () => Promise<void>): Promise<void> {
  const missing = await listMissing(parent);
  try {
    await mkdir(parent, { recursive: true });
    await work();
  } catch (error) {
    for (const folder of missing) await rmdir(folder).catch(() => {});
    throw error;
  }
}

/** The folder and those above it that do not exist, lowest first. */
async function listMissing(folder: string): Promise<string[]> {
  const isThere = await lstat(folder).then(
    () => true,
    (error: unknown) => systemCode(error) !== 'ENOENT',
  );
  return isThere ? [] : [folder, ...(await listMissing(path.dirname(folder)))];
}

/** Writes files under a folder of ours, never over something. When it throws, nothing is being written any more. */
export async function writeFiles(
  files: readonly PlannedFile[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const placed = files.map((file) => ({ ...file, place: path.join(folder, file.path) }));
  // Each takes some microseconds where the disk is the machine's own; to wait for them would take longer.
  for (const parent of new Set(placed.map(({ place }) => path.dirname(place))))
    mkdirSync(parent, { recursive: true });
  let since = performance.now();
  for (const { place, content, mode } of placed) {
    // Where it is not, a signal must get a word in.
    if (performance.now() - since > LONGEST_TURN_MS) {
      await nextTurn();
      since = performance.now();
    }
    throwIfCancelled(signal);
    writeFileSync(place, content, { flag: 'wx', mode });
  }
  throwIfCancelled(signal);
}

/** Puts a file in place unless something is there; unlike `rename`, it never replaces. */
export async function placeFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw error;
    // File systems without hard links.
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
