import { mkdir, readdir, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../support/cancelled.ts';
import { systemCode } from '../support/errors.ts';
import { holdFolder } from './held-folder.ts';
import { toIoError } from './io-error.ts';
import type { Plan, PlannedFile } from './plan.ts';
import { placeFile, withParents, withStaging, writeFiles } from './staging.ts';
import { checkEntries, inspectTarget, isReplaced, refuseNotEmpty } from './target.ts';

/** In every project; moved first into an existing folder, so that of two runs at once exactly one gets past it. */
const CLAIM = 'mirastack.config.json';
/** What moving says when something appeared in the way since we looked. */
const OCCUPIED: ReadonlySet<string | undefined> = new Set(['EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY']);

export interface FlushOptions {
  /** Cancels up to the moment the project is in place; nothing of it is left then. */
  readonly signal?: AbortSignal | undefined;
  /** Look and say what would be written; write nothing. */
  readonly dryRun?: boolean;
}

export interface FlushResult {
  /** Paths that were written. */
  readonly written: readonly string[];
  /** Paths of the plan that were left out because the folder had its own. */
  readonly kept: readonly string[];
}

/**
 * Writes a plan to a folder: all of it or nothing. Files are staged in a folder that only we can
 * enter and put in place by renaming. A new folder appears complete; into an existing one the entries
 * are moved, never over something, and taken back if one cannot be moved.
 */
export async function flush(plan: Plan, target: string, options: FlushOptions = {}): Promise<FlushResult> {
  const directory = path.resolve(target);
  try {
    throwIfCancelled(options.signal);
    const found = await inspectTarget(directory);
    if (found.type === 'folder') return await fillFolder(plan.files, directory, options);
    if (!options.dryRun) await createFolder(plan.files, directory, options.signal);
    return { written: plan.files.map((file) => file.path), kept: [] };
  } catch (error) {
    throw toIoError(error, directory);
  }
}

async function createFolder(
  files: readonly PlannedFile[],
  directory: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const parent = path.dirname(directory);
  await withParents(parent, () =>
    withStaging(parent, async (staging) => {
      // Not the staging folder itself: its mode is 0700, the project's is what the umask says.
      const project = path.join(staging, 'project');
      await mkdir(project);
      await writeFiles(files, project, signal);
      throwIfCancelled(signal);
      await rename(project, directory).catch((error: unknown) => {
        if (OCCUPIED.has(systemCode(error))) refuseNotEmpty(directory, []);
        throw error;
      });
    }),
  );
}

async function fillFolder(
  files: readonly PlannedFile[],
  directory: string,
  { signal, dryRun = false }: FlushOptions,
): Promise<FlushResult> {
  const held = await holdFolder(directory);
  try {
    const leftovers = checkEntries(directory, await readdir(held.place));
    const kept = files.filter((file) => isReplaced(file.path, leftovers));
    const written = files.filter((file) => !kept.includes(file));
    if (!dryRun) await stageAndMove(written, held.place, directory, signal);
    return { written: written.map((file) => file.path), kept: kept.map((file) => file.path) };
  } finally {
    await held.release();
  }
}

async function stageAndMove(
  files: readonly PlannedFile[],
  place: string,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Staged inside, not beside: a mount point, or a folder whose parent is closed to us, works too.
  await withStaging(place, async (staging) => {
    await writeFiles(files, staging, signal);
    await moveEntries(files, staging, place, signal).catch((error: unknown) => {
      if (OCCUPIED.has(systemCode(error))) refuseNotEmpty(directory, []);
      throw error;
    });
  });
}

/** Moves the staged files and folders, or takes back those already moved and throws. */
async function moveEntries(
  files: readonly PlannedFile[],
  staging: string,
  place: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const paths = new Set(files.map((file) => file.path));
  const entries = [...new Set(files.map((file) => file.path.split('/')[0] ?? ''))];
  entries.sort((a, b) => Number(b === CLAIM) - Number(a === CLAIM));
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const entry of entries) {
      throwIfCancelled(signal);
      const from = path.join(staging, entry);
      const to = path.join(place, entry);
      if (paths.has(entry)) {
        await placeFile(from, to);
        undo.push(() => unlink(to));
      } else {
        await rename(from, to);
        undo.push(() => rename(to, from));
      }
    }
  } catch (error) {
    // Each step on its own: one that fails must not keep the others from being taken back.
    for (const step of undo.reverse()) await step().catch(() => {});
    throw error;
  }
}
