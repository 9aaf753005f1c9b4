import { defineConfig } from 'rolldown';

/** What the agent and its tests are built with alike. */
export const common = {
  platform: 'node',
  // Everything but the project's own files stays in node_modules and is loaded from there.
  external: /^(?!\.|\/|[A-Za-z]:[\\/]|\0)/,
};

export default defineConfig({
  ...common,
  input: './main.ts',
  output: { file: 'dist/main.js', format: 'esm', sourcemap: true },
});
