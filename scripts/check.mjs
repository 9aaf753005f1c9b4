// The static gates: types, lint and format, walls.
import { buildBlueprints } from './build-blueprints.mjs';
import { buildWire } from './build-wire.mjs';
import { ROOT, runBin, timed } from './steps.mjs';

await timed('generate', async () => {
  await buildWire(ROOT);
  await buildBlueprints(ROOT);
});
await timed('types', () => runBin('typescript/bin/tsc', []));
await timed('lint and format', () => runBin('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']));
await timed('walls', () => runBin('vitest/vitest.mjs', ['run', 'test/architecture.test.ts']));
