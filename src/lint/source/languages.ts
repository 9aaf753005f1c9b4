import type { LanguageId } from '../../project/index.ts';
import type { Adapter } from './adapter.ts';
import { goAdapter } from './go.ts';
import type { GrammarName } from './grammar.ts';
import { pythonAdapter } from './python.ts';
import { typescriptAdapter } from './typescript.ts';

/** What the static rules must know about a language's files. */
export interface SourceLanguage {
  readonly adapter: Adapter;
  /** The grammar of a file by its path; undefined when it is no source of the language. */
  grammarOf(path: string): GrammarName | undefined;
  readonly testFiles: RegExp;
  /** Project paths that an import may mean, best first; a folder means all its files. */
  resolveImport(module: string, from: string, context: ImportContext): readonly string[];
}

export interface ImportContext {
  /** The module path of go.mod. */
  readonly goModule: string;
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** `a/b/../c` without the steps up. */
function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

const typescript: SourceLanguage = {
  adapter: typescriptAdapter,
  grammarOf: (path) =>
    /\.d\.[cm]?ts$/.test(path)
      ? undefined
      : /\.[cm]?[jt]s$/.test(path)
        ? 'typescript'
        : /\.[jt]sx$/.test(path)
          ? 'tsx'
          : undefined,
  testFiles: /\.(test|spec)\.[cm]?[jt]sx?$/,
  resolveImport(module, from) {
    if (!module.startsWith('.')) return [];
    const path = normalise(`${folderOf(from)}/${module}`);
    const bare = path.replace(/\.[cm]?[jt]sx?$/, '');
    return [path, `${bare}.ts`, `${bare}.tsx`, `${path}.ts`, `${path}/index.ts`, `${path}.js`];
  },
};

const go: SourceLanguage = {
  adapter: goAdapter,
  grammarOf: (path) => (path.endsWith('.go') ? 'go' : undefined),
  testFiles: /_test\.go$/,
  resolveImport(module, _from, { goModule }) {
    if (goModule === '' || !module.startsWith(`${goModule}/`)) return [];
    return [`${module.slice(goModule.length + 1)}/`];
  },
};

const python: SourceLanguage = {
  adapter: pythonAdapter,
  grammarOf: (path) => (path.endsWith('.py') ? 'python' : undefined),
  testFiles: /(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/,
  resolveImport(module, from) {
    const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(module) ?? [];
    const relative = rest.replaceAll('.', '/');
    if (dots !== '') {
      const path = normalise(`${folderOf(from)}/${'../'.repeat(dots.length - 1)}${relative}`);
      return [`${path}.py`, `${path}/__init__.py`, `${path}/`];
    }
    return ['', 'src/', `${folderOf(from)}/`].flatMap((root) => {
      const path = normalise(`${root}${relative}`);
      return [`${path}.py`, `${path}/__init__.py`, `${path}/`];
    });
  },
};

export const SOURCE_LANGUAGES: Readonly<Record<LanguageId, SourceLanguage>> = { typescript, go, python };
