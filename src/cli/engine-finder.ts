import { existsSync } from 'node:fs';
import {
  type ControlClient,
  connectControl,
  findNamedSession,
  findOnlySession,
  findOwnSession,
  findSession,
  type Session,
} from '../control/index.ts';

/** How a command says which running engine it means. */
export interface FinderFlags {
  /** A folder of the project; left out, the current one. */
  readonly project?: string;
  /** URL of the control API, or path of a session file. */
  readonly control?: string;
}

async function findEngineSession({ project, control }: FinderFlags): Promise<Session> {
  if (control !== undefined) return findNamedSession(control);
  const directory = project ?? '.';
  const own = existsSync(directory) ? findOwnSession(directory) : undefined;
  if (own !== undefined) return own;
  // Only now: reading what a project is costs more than all the rest of a short command.
  const { engineFolder, projectAround } = await import('./engine-folder.ts');
  if (project === undefined && projectAround(directory) === undefined) return findOnlySession();
  return findSession(engineFolder(directory));
}

/** A running engine. */
export interface FoundEngine {
  readonly client: ControlClient;
  /** The folder it runs for. */
  readonly folder: string;
}

/**
 * Finds the engine that a command means: the one `--control` names, else the project's, else, outside of any
 * project, the only one that runs.
 * @throws UserError `no-engine`, `several-engines` with what there is
 */
export async function findEngine(flags: FinderFlags): Promise<FoundEngine> {
  const session = await findEngineSession(flags);
  return { client: connectControl(session), folder: session.project };
}
