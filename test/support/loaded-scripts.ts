/** Which files a Node program loaded, told by Node itself: no hook, and no clock. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The environment that makes a program leave its record in a folder. */
export function recordLoading(folder: string): Record<string, string> {
  // Coverage lists every script of the process, ES modules and CommonJS alike.
  return { NODE_V8_COVERAGE: folder };
}

/** The files that the programs recorded in this folder loaded, after they have ended. Fails when nothing was recorded. */
export function readLoaded(folder: string): readonly string[] {
  const records = readdirSync(folder);
  if (records.length === 0) throw new Error(`no program left a record in ${folder}`);
  return records.flatMap((record) => {
    const { result } = JSON.parse(readFileSync(join(folder, record), 'utf8')) as {
      readonly result: readonly { readonly url: string }[];
    };
    return result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []));
  });
}

/** Those of the files whose text has a part. */
export function filesWith(part: string, files: readonly string[]): readonly string[] {
  return files.filter((file) => readFileSync(file, 'utf8').includes(part));
}
