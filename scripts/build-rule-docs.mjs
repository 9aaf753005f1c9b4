// Writes docs/rules.md from the rules themselves; with --check it only says whether the page is as it must be.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { ROOT } from './steps.mjs';

const PAGE = join(ROOT, 'docs/rules.md');
const OUTPUT = join(ROOT, 'node_modules/.cache/rule-docs/rules.mjs');

/** The rules are TypeScript: they are bundled to be loaded. */
async function loadRules() {
  const bundle = await rolldown({
    input: join(ROOT, 'src/lint/index.ts'),
    platform: 'node',
    external: /^(?!\.|\/|[A-Za-z]:[\\/]|\0)/,
  });
  await bundle.write({ file: OUTPUT, format: 'esm', codeSplitting: false });
  await bundle.close();
  return import(pathToFileURL(OUTPUT).href);
}

const { RULES, rulesPage } = await loadRules();
const page = rulesPage(RULES);
if (!process.argv.includes('--check')) await writeFile(PAGE, page);
else if ((await readFile(PAGE, 'utf8').catch(() => '')) !== page) {
  process.stderr.write('docs/rules.md is not what the rules say: run node scripts/build-rule-docs.mjs.\n');
  process.exitCode = 1;
}
