import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where test files of one run share the packed tarball and its installation. */
    readonly packageCache: string;
  }
}

/** Makes the folder only: a run that needs no tarball packs none. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mirastack-package-'));
  project.provide('packageCache', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
