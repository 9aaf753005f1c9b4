import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The version of this package, from its own manifest: the same file from source, bundle and tarball. */
export function packageVersion(): string {
  const manifest = createRequire(import.meta.url).resolve('create-mirastack-agent/package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
