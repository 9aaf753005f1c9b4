// Builds dist/: the runtime as plain modules with types, and the two programs as bundles, so that the
// package needs no dependencies (docs/decisions.md, "How the package is built").
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { buildBlueprints } from './build-blueprints.mjs';
import { buildWire } from './build-wire.mjs';
import { writeNotices } from './notices.mjs';
import { ROOT, runBin } from './steps.mjs';

async function bundlePrograms() {
  const bundle = await rolldown({
    input: { create: join(ROOT, 'src/cli/create.ts'), toolkit: join(ROOT, 'src/cli/toolkit.ts') },
    platform: 'node',
    // What chokidar and protobufjs try to load and do without.
    external: ['fsevents'],
    checks: { eval: false },
  });
  const { output } = await bundle.write({
    dir: join(ROOT, 'dist/cli'),
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
  });
  await bundle.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  await writeFile(join(ROOT, 'dist/THIRD-PARTY-NOTICES.txt'), await writeNotices(modules));
}

await rm(join(ROOT, 'dist'), { recursive: true, force: true });
await buildWire(ROOT);
await buildBlueprints(ROOT);
runBin('typescript/bin/tsc', ['-p', 'tsconfig.runtime.json']);
await bundlePrograms();
