import { isAbsolute, join, relative, sep } from 'node:path';

/** What a session watches, decided without touching the disk. */
export interface WatchFilter {
  /** Absolute folders and files to watch. */
  readonly roots: readonly string[];
  /** True for a path that is not even looked into. */
  ignores(path: string): boolean;
  /** True when a change of this file counts. */
  matches(path: string): boolean;
}

/** Ours, or version control's; nothing in them is a source. Relative to a root, or a name at any depth. */
const IGNORED = ['.git', '.hg', '.svn', '.jj', '.mirastack/dev', '.DS_Store'];
/** What editors leave for a moment while they save: Vim, Emacs, Kate, JetBrains. */
const EDITOR_FILES = [
  '*.swp',
  '*.swx',
  '*.swo',
  '4913',
  '*~',
  '.#*',
  '#*#',
  '*___jb_tmp___',
  '*___jb_old___',
];
const GLOB = /[*?{]/;

const escapeLiteral = (text: string) => text.replace(/[.+^$()|[\]\\]/g, '\\$&');

/**
 * A glob as a pattern over paths with forward slashes: double stars cross folders, a star and a question
 * mark stay inside a name, braces list alternatives. What it matches may be a folder, and then all of it is.
 */
export function compileGlob(glob: string): RegExp {
  let depth = 0;
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\{|\}|,|[^*?{},]+/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        depth += 1;
        return '(?:';
      case '}':
        if (depth === 0) return '\\}';
        depth -= 1;
        return ')';
      case ',':
        return depth > 0 ? '|' : ',';
      default:
        return escapeLiteral(token);
    }
  });
  // An open brace that is never closed is a letter like others.
  return depth > 0
    ? new RegExp(`^${escapeLiteral(glob).replace(/[*?{}]/g, '\\$&')}$`)
    : new RegExp(`^${source}(?:/|$)`);
}

const toSlashes = (path: string) => (sep === '/' ? path : path.replaceAll(sep, '/'));
const isInside = (root: string, path: string) => path === root || path.startsWith(root + sep);

/** The part of a glob before its first folder with a wildcard. */
function staticPart(glob: string): string {
  const segments = glob.split('/');
  const wild = segments.findIndex((segment) => GLOB.test(segment));
  return wild === -1 ? glob : segments.slice(0, wild).join('/');
}

/** Decides what counts as a save. Without patterns, everything in the project that is not ignored. */
export function createWatchFilter(options: {
  readonly directory: string;
  readonly patterns: readonly string[];
  readonly ignoredNames: readonly string[];
}): WatchFilter {
  const { directory } = options;
  const absolute = (path: string) => (isAbsolute(path) ? path : join(directory, path));
  const roots =
    options.patterns.length === 0
      ? [directory]
      : [...new Set(options.patterns.map((pattern) => absolute(staticPart(pattern)).replace(/\/$/, '')))];
  // Compared below the project, whose own path may have letters that mean something in a glob.
  const fromProject = (path: string) => toSlashes(relative(directory, path));
  const globs = options.patterns.map((pattern) => compileGlob(fromProject(absolute(pattern)) || '**'));
  const ignored = [...IGNORED, ...EDITOR_FILES, ...options.ignoredNames];
  const ignoredPaths = ignored.filter((name) => name.includes('/')).map((name) => compileGlob(name));
  const ignoredNames = ignored.filter((name) => !name.includes('/')).map((name) => compileGlob(name));
  return {
    roots,
    ignores(path) {
      const root = roots
        .filter((candidate) => isInside(candidate, path))
        .sort((a, b) => b.length - a.length)[0];
      // Only what lies below a root: the project itself may live in a folder called `dist`.
      const inRoot = root === undefined || path === root ? '' : toSlashes(relative(root, path));
      if (inRoot === '') return false;
      return (
        ignoredPaths.some((pattern) => pattern.test(inRoot)) ||
        inRoot.split('/').some((name) => ignoredNames.some((pattern) => pattern.test(name)))
      );
    },
    matches: (path) =>
      roots.some((root) => isInside(root, path)) &&
      (globs.length === 0 || globs.some((glob) => glob.test(fromProject(path)))),
  };
}
