import { realpathSync } from 'node:fs';
import { findProject } from '../project/index.ts';
import { UserError } from '../support/errors.ts';

/** The folder of the agent project around a folder; undefined outside of any. */
export function projectAround(directory: string): string | undefined {
  try {
    return findProject(directory).directory;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-project') throw error;
    return undefined;
  }
}

/** The folder whose engine a command means: the project around it, or the folder itself outside of any. */
export function engineFolder(directory: string): string {
  const project = projectAround(directory);
  if (project !== undefined) return project;
  try {
    return realpathSync(directory);
  } catch {
    throw new UserError({
      kind: 'usage',
      code: 'no-such-folder',
      message: `${directory} is not a folder.`,
      hint: 'Name the folder of the project with --project.',
    });
  }
}
