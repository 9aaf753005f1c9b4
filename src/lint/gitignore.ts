/** One line of a .gitignore, read. */
interface Pattern {
  readonly expression: RegExp;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

/** A glob of git as an expression over a path with forward slashes; each piece is linear to match. */
function toExpression(glob: string): RegExp {
  const anchored = glob.slice(0, -1).includes('/');
  const body = glob
    .replace(/^\//, '')
    .split('/')
    .map((segment) =>
      segment === '**'
        ? '**'
        : segment
            .replace(/[.+^${}()|\\]/g, '\\$&')
            .replaceAll('*', '[^/]*')
            .replaceAll('?', '[^/]'),
    )
    .join('/')
    .replace(/^\*\*\//, '(?:.*/)?')
    .replaceAll('/**/', '/(?:.*/)?')
    .replace(/\/\*\*$/, '/.*');
  try {
    return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${body}$`);
  } catch {
    return /(?!)/;
  }
}

/** Tells whether git would leave out a path, by the project's own .gitignore. */
export type IsIgnored = (path: string, isFolder: boolean) => boolean;

/** Reads a .gitignore. Nested ones and those of the user are not read. */
export function readGitignore(text: string): IsIgnored {
  const patterns: Pattern[] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const negated = line.startsWith('!');
      const glob = negated ? line.slice(1) : line;
      return {
        negated,
        foldersOnly: glob.endsWith('/'),
        expression: toExpression(glob.replace(/\/$/, '')),
      };
    });
  return (path, isFolder) => {
    let ignored = false;
    for (const { expression, negated, foldersOnly } of patterns)
      if ((isFolder || !foldersOnly) && expression.test(path)) ignored = !negated;
    return ignored;
  };
}
