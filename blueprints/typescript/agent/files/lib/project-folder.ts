import { existsSync } from 'node:fs';
import path from 'node:path';

/** The nearest folder above this code that holds package.json: the bundle lies deeper than its source. */
export function projectFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
  }
  return folder;
}
