// Runs a CommonJS program with a code cache of V8's, which every line of Node has:
// `with-code-cache.cjs <program> <folder of the cache>`. The cache is written once, after the start.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const vm = require('node:vm');

const SETTLE_MS = 150;
const [, , program, folder] = process.argv;
const cache = join(folder, 'code-cache');
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new vm.Script(
  `(function (exports, require, module, __filename, __dirname) {${readFileSync(program, 'utf8')}\n})`,
  {
    filename: program,
    cachedData,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  },
);
if (script.cachedDataRejected) throw new Error(`${cache} was made by another version of Node`);
const holder = { exports: {} };
script.runInThisContext()(holder.exports, createRequire(program), holder, program, dirname(program));
// After the start, so that it holds the functions that a start runs.
if (cachedData === undefined) setTimeout(() => writeFileSync(cache, script.createCachedData()), SETTLE_MS);
