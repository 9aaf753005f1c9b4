// Builds dist/: the runtime as few modules with types beside its own files, and the two programs as bundles, so that
// the package needs no dependencies (docs/decisions.md, "How the package is built").
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { buildBlueprints } from './build-blueprints.mjs';
import { buildWire } from './build-wire.mjs';
import { writeNotices } from './notices.mjs';
import { ROOT, runBin } from './steps.mjs';

/** Smaller, and still fit for a stack trace. */
const READABLE = { compress: true, mangle: false, codegen: { removeWhitespace: false } };

/**
 * A module that imports one of Node's makes Node read everything it exports, and that loads parts nobody asked for:
 * worker threads behind `node:process`, Web Crypto behind `node:crypto`. What `getBuiltinModule` gives is read as needed.
 */
const builtinsAsNeeded = {
  name: 'builtins-as-needed',
  // rolldown's own import is unused here, and drops out.
  resolveId: (source, _importer, { kind }) =>
    kind !== 'require-call' && source.startsWith('node:') && source !== 'node:module' ? `\0${source}` : null,
  load: (id) => {
    if (!id.startsWith('\0node:')) return null;
    const name = JSON.stringify(id.slice(1));
    const keys = Object.keys(process.getBuiltinModule(id.slice(1)));
    const exports = keys.map((key) => `export const ${key} = builtin.${key};`);
    return [`const builtin = process.getBuiltinModule(${name});`, 'export default builtin;', ...exports].join(
      '\n',
    );
  },
};

/**
 * To find and read a module costs an agent's start more than to compile it, so what a start needs is in few files; the
 * rest stays apart and loads when it is asked for. Packages stay what they are: imports that the project resolves.
 */
async function bundleRuntime() {
  const bundle = await rolldown({
    input: {
      index: join(ROOT, 'src/runtime/index.ts'),
      'testing/index': join(ROOT, 'src/runtime/testing/index.ts'),
    },
    platform: 'node',
    plugins: [builtinsAsNeeded],
    // Or every export would be read again.
    treeshake: { propertyReadSideEffects: false },
    external: ['@grpc/grpc-js', '@grpc/proto-loader', /^@opentelemetry\//],
  });
  await bundle.write({
    dir: join(ROOT, 'dist/runtime'),
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: READABLE,
  });
  await bundle.close();
}

/**
 * Commander can run a program for each of its commands, and loads what starts processes before it knows of any. Ours
 * have none.
 */
const noPrograms = {
  name: 'no-programs',
  resolveId: (source, importer) =>
    source === 'node:child_process' && /[\\/]commander[\\/]/.test(importer ?? '') ? '\0no-programs' : null,
  load: (id) => (id === '\0no-programs' ? 'export {};' : null),
};

/** Bundles one program and gives the modules that are in it. */
async function bundleProgram(input, output, options = {}) {
  const bundle = await rolldown({
    input,
    platform: 'node',
    ...options,
    // What chokidar, protobufjs and the client of Valkey try to load and do without.
    external: ['fsevents', '@opentelemetry/api'],
    checks: { eval: false },
  });
  const { output: chunks } = await bundle.write({ dir: join(ROOT, 'dist/cli'), minify: READABLE, ...output });
  await bundle.close();
  return chunks.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

const GRAMMARS = ['go', 'python', 'tsx', 'typescript'];

/** Puts the parser of `lint` and its grammars beside the program, which loads those of a project's language; gives the files. */
async function copyGrammars() {
  const files = [
    ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter.wasm'],
    ...GRAMMARS.map((name) => `tree-sitter-${name}.wasm`).map((file) => [
      `@vscode/tree-sitter-wasm/wasm/${file}`,
      file,
    ]),
  ].map(([source, name]) => [join(ROOT, 'node_modules', source), name]);
  await mkdir(join(ROOT, 'dist/cli/grammars'), { recursive: true });
  for (const [source, name] of files) await copyFile(source, join(ROOT, 'dist/cli/grammars', name));
  return files.map(([source]) => source);
}

/**
 * Making a project takes little longer than Node takes to start, so Node's loader counts: CommonJS, in as few files as
 * can be, starts soonest (docs/decisions.md, "How the package is built").
 */
async function bundlePrograms() {
  const modules = [
    ...(await copyGrammars()),
    ...(await bundleProgram(
      { create: join(ROOT, 'src/cli/create.ts') },
      {
        format: 'cjs',
        entryFileNames: '[name].cjs',
        chunkFileNames: 'create/[name]-[hash].cjs',
      },
      { plugins: [noPrograms, builtinsAsNeeded], treeshake: { propertyReadSideEffects: false } },
    )),
    ...(await bundleProgram(
      { toolkit: join(ROOT, 'src/cli/toolkit.ts') },
      { format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' },
    )),
  ];
  await writeFile(join(ROOT, 'dist/THIRD-PARTY-NOTICES.txt'), await writeNotices([...new Set(modules)]));
}

await rm(join(ROOT, 'dist'), { recursive: true, force: true });
await buildWire(ROOT);
await buildBlueprints(ROOT);
runBin('typescript/bin/tsc', ['-p', 'tsconfig.runtime.json']);
await bundleRuntime();
await bundlePrograms();
