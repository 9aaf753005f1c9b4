import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';

/** A version, a range, a tag, an alias or an address: no white space, no quotes, no leading dash. */
const PACKAGE_SPEC = /^[\w^~<>=*@][\w.^~<>=*|+:/@#%?&-]*$/;
const FILE_SCHEME = 'file:';

/** True for a tarball or a folder, as opposed to what a registry or a server has. */
export function isPath(spec: string): boolean {
  if (spec.startsWith(FILE_SCHEME)) return true;
  if (/^[a-z+]+:\/\//.test(spec)) return false;
  return /^[./\\]|^[A-Za-z]:[\\/]|\.(tgz|tar\.gz)$/.test(spec);
}

/** Why this cannot be where our package comes from, in one sentence; undefined when it can. */
export function checkToolkit(spec: string): string | undefined {
  if (isPath(spec) || PACKAGE_SPEC.test(spec)) return undefined;
  return `${JSON.stringify(spec)} is no package version, range, address or tarball.`;
}

/**
 * What `npx --package` takes for the project's source of our package, by its full name: a program's name
 * alone would fetch whatever package has that name. A caret range is its first version exactly.
 */
export function toNpxPackage(spec: string): string {
  if (isPath(spec) || /^[a-z+]+:\/\//.test(spec)) return spec;
  return `create-mirastack-agent@${spec.replace(/^\^(?=\d+\.\d+\.\d+)/, '')}`;
}

/**
 * What the project's package.json says for our package. A path, to a tarball or a folder, becomes
 * absolute, because the project lies elsewhere than the person who typed it.
 */
export function resolveToolkit(spec: string, workingDirectory: string): string {
  if (!isPath(spec)) return spec;
  const file = path.resolve(
    workingDirectory,
    spec.startsWith(FILE_SCHEME) ? spec.slice(FILE_SCHEME.length) : spec,
  );
  if (!existsSync(file))
    throw new UserError({
      kind: 'usage',
      code: 'toolkit-not-found',
      message: `--toolkit names ${file}, which does not exist.`,
    });
  return `${FILE_SCHEME}${file}`;
}
