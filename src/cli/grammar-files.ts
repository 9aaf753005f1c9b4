import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GrammarFiles } from '../lint/index.ts';

/** Where the build puts the parser's files: beside the program, or beside the folder of its chunks. */
function bundledFolder(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return [here, path.dirname(here)]
    .map((folder) => path.join(folder, 'grammars'))
    .find((folder) => existsSync(folder));
}

/** Where the parser's WebAssembly files lie: in the package, or, run from source, in the packages they come from. */
export function grammarFiles(): GrammarFiles {
  const bundled = bundledFolder();
  if (bundled !== undefined) return { runtime: path.join(bundled, 'tree-sitter.wasm'), directory: bundled };
  const require = createRequire(import.meta.url);
  return {
    runtime: require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
    directory: path.dirname(require.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm')),
  };
}
