/** Edits between two words: insert, delete, replace, and swap of neighbours, each counted once. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

/** Longer words are no slips of a name, and would only cost time. */
const MAX_LENGTH = 128;

/**
 * The known name that was probably meant: the nearest one, when at most a third of its letters differ.
 * Case counts for nothing.
 */
export function nearestName(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const lower = word.toLowerCase();
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of known) {
    if (name.length > MAX_LENGTH) continue;
    const edits = distance(lower, name.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));
    if (edits <= allowed && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { name, edits };
  }
  return best?.name;
}

/** `Did you mean x? ` before the list of what there is, or nothing. */
export function suggestName(word: string, known: readonly string[]): string {
  const name = nearestName(word, known);
  return name === undefined || name === word ? '' : `Did you mean ${name}? `;
}
