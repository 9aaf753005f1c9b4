import { readdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const tests = readdirSync('test').filter((file) => file.endsWith('.test.ts'));

export default defineConfig({
  input: {
    main: './main.ts',
    ...Object.fromEntries(tests.map((file) => [`test/${file.slice(0, -3)}`, `./test/${file}`])),
  },
  platform: 'node',
  // Everything but the project's own files stays in node_modules and is loaded from there.
  external: /^(?!\.|\/|[A-Za-z]:[\\/]|\0)/,
  output: { dir: 'dist', format: 'esm', sourcemap: true, cleanDir: true },
});
