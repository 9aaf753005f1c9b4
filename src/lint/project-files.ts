import { closeSync, type Dirent, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readGitignore } from './gitignore.ts';

/** One file of a project. */
export interface ProjectFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Its first bytes as hexadecimal digits. */
  readonly magic: string;
  /** Its bytes are no text. */
  readonly isBinary: boolean;
  /** UTF-8; empty for a binary file and for one that is too large to be read. */
  readonly text: string;
  readonly isTooLarge: boolean;
}

/** A project's files, each read once and only when it is asked for. */
export interface ProjectFiles {
  /** In order. */
  readonly paths: readonly string[];
  /** Undefined when there is no such file. */
  get(path: string): ProjectFile | undefined;
}

/** What no rule reads: what is fetched, made or private to this machine. */
const SKIPPED = new Set([
  '.git',
  'node_modules',
  'dist',
  '.venv',
  'venv',
  'vendor',
  '__pycache__',
  'coverage',
  'testdata',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.cache',
]);
const SKIPPED_PATHS = new Set(['.mirastack/dev']);
/** Even ten thousand actions in one file take less; what is larger is data. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;
const MAX_FILES = 20_000;
const HEAD_BYTES = 8_000;
const MAX_DEPTH = 40;

function looksBinary(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, 8_000);
  for (let index = 0; index < end; index++) if (bytes[index] === 0) return true;
  return false;
}

function makeFile(path: string, size: number, bytes: Uint8Array): ProjectFile {
  const isTooLarge = size > MAX_TEXT_BYTES;
  const isBinary = looksBinary(bytes);
  const text = isTooLarge || isBinary ? '' : new TextDecoder().decode(bytes);
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  return { path, size, magic, isBinary, text, isTooLarge };
}

function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Enough to tell what a large file is. */
function readStart(path: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(HEAD_BYTES);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** Lists what a checkout of the project would hold; symbolic links are not followed. */
function listPaths(directory: string): string[] {
  const isIgnored = readGitignore(readText(join(directory, '.gitignore')));
  const paths: string[] = [];
  const visit = (folder: string, depth: number): void => {
    for (const entry of listFolder(join(directory, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (paths.length >= MAX_FILES) return;
      if (entry.isDirectory()) {
        if (SKIPPED.has(entry.name) || SKIPPED_PATHS.has(path) || entry.name.endsWith('.egg-info')) continue;
        if (depth < MAX_DEPTH && !isIgnored(path, true)) visit(path, depth + 1);
      } else if (entry.isFile() && !isIgnored(path, false)) paths.push(path);
    }
  };
  visit('', 0);
  return paths.sort();
}

/** The files of a project on disk. What cannot be read counts as empty. */
export function readProjectFiles(directory: string): ProjectFiles {
  const paths = listPaths(directory);
  const known = new Set(paths);
  const cache = new Map<string, ProjectFile>();
  return {
    paths,
    get(path) {
      if (!known.has(path)) return undefined;
      const cached = cache.get(path);
      if (cached !== undefined) return cached;
      let file: ProjectFile;
      try {
        const full = join(directory, path);
        const { size } = lstatSync(full);
        file = makeFile(path, size, size > MAX_TEXT_BYTES ? readStart(full) : readFileSync(full));
      } catch {
        file = makeFile(path, 0, new Uint8Array());
      }
      cache.set(path, file);
      return file;
    },
  };
}

/** A project that is held in memory: text, or bytes, by path. */
export function projectFilesOf(files: Readonly<Record<string, string | Uint8Array>>): ProjectFiles {
  const paths = Object.keys(files).sort();
  return {
    paths,
    get(path) {
      const content = files[path];
      if (content === undefined) return undefined;
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return makeFile(path, bytes.length, bytes);
    },
  };
}
