// Runs a program with Node's compile cache: `with-compile-cache.mjs <program> <folder of the cache>`.
import module from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , program, cache] = process.argv;
module.enableCompileCache?.(cache);
await import(pathToFileURL(program).href);
