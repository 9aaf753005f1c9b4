import type { ProjectFiles } from './project-files.ts';
import type { Edit, Violation } from './types.ts';

/** A file as it would be after the mends. */
export interface FixedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Where an edit begins in a text; undefined when the text is not what the edit was made for. */
function offsetOf(text: string, edit: Edit): number | undefined {
  let start = 0;
  for (let line = 1; line < edit.place.line; line++) {
    const end = text.indexOf('\n', start);
    if (end === -1) return undefined;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  const at = text.indexOf(edit.from, start + edit.place.column - 1);
  return at === -1 || (end !== -1 && at > end) ? undefined : at;
}

/** Applies the safe mends of violations to a project's files. Nothing is written. */
export function applyFixes(violations: readonly Violation[], files: ProjectFiles): readonly FixedFile[] {
  const byFile = new Map<string, Edit[]>();
  for (const { fix } of violations) {
    if (fix === undefined) continue;
    const edits = byFile.get(fix.place.file) ?? [];
    byFile.set(fix.place.file, edits);
    edits.push(fix);
  }
  return [...byFile].flatMap(([path, edits]) => {
    const before = files.get(path)?.text;
    if (before === undefined) return [];
    let after = before;
    const places = edits
      .map((edit) => ({ edit, at: offsetOf(before, edit) }))
      .filter((item): item is { edit: Edit; at: number } => item.at !== undefined)
      // From the end, so that what comes before keeps its place; each place once.
      .sort((a, b) => b.at - a.at)
      .filter(({ at }, index, all) => index === 0 || at !== all[index - 1]?.at);
    for (const { edit, at } of places)
      after = `${after.slice(0, at)}${edit.to}${after.slice(at + edit.from.length)}`;
    return after === before ? [] : [{ path, before, after }];
  });
}

/** What would change, a line each; mends change lines and neither add nor take any. */
export function formatDiff({ path, before, after }: FixedFile): string {
  const old = before.split('\n');
  const changed = after.split('\n').flatMap((line, index) => {
    const was = old[index];
    return was === line ? [] : [`@@ -${index + 1} +${index + 1} @@`, `-${was ?? ''}`, `+${line}`];
  });
  return [`--- a/${path}`, `+++ b/${path}`, ...changed].join('\n');
}
