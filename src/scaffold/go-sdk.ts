import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';

/**
 * The absolute path of a checkout of the Go SDK, for go.mod's `replace`; empty stays empty.
 * @throws UserError `go-sdk-not-found` (usage) where there is no Go module
 */
export function resolveGoSdk(directory: string, workingDirectory: string): string {
  if (directory === '') return '';
  const resolved = path.resolve(workingDirectory, directory);
  if (existsSync(path.join(resolved, 'go.mod'))) return resolved;
  throw new UserError({
    kind: 'usage',
    code: 'go-sdk-not-found',
    message: `--go-sdk names ${resolved}, which holds no go.mod.`,
    hint: 'Name the folder of a checkout of mirastack-agents-sdk-go.',
  });
}
