import { readdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';
import { common } from './rolldown.config.js';

export default defineConfig({
  ...common,
  input: readdirSync('test')
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `./test/${file}`),
  output: { dir: 'dist/test', format: 'esm', sourcemap: true, cleanDir: true },
});
