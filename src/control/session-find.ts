import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { systemCode, UserError } from '../support/errors.ts';
import { decodeSession, type Session } from './session.ts';
import { listSessions, resolveProject } from './session-list.ts';

const START_HINT = 'Start one with `mirastack-agent dev` or `mirastack-agent engine`.';

/** `pid 7 of /home/me/my-agent, my-other-agent`: what tells running engines apart. */
function nameEngines(sessions: readonly Session[]): string {
  return sessions
    .map(({ pid, project, controlUrl }) => `pid ${pid} of ${project} (--control ${controlUrl})`)
    .join('; ');
}

function severalEngines(place: string, sessions: readonly Session[]): UserError {
  return new UserError({
    kind: 'usage',
    code: 'several-engines',
    message: `Several engines are running${place}, with pids ${sessions.map(({ pid }) => pid).join(', ')}.`,
    hint: `Choose one: ${nameEngines(sessions)}.`,
  });
}

/** The engine of a resolved project: the one that is not ephemeral, else the only ephemeral one. */
function chooseOf(project: string, place: string): Session | undefined {
  const sessions = listSessions(project);
  const lasting = sessions.filter((session) => !session.ephemeral);
  const [first, ...others] = lasting.length > 0 ? lasting : sessions;
  if (first !== undefined && others.length > 0) throw severalEngines(` for ${place}`, [first, ...others]);
  return first;
}

/** The session of the engine that runs for exactly this folder. @throws UserError `several-engines` */
export function findOwnSession(projectDir: string): Session | undefined {
  return chooseOf(resolveProject(projectDir), path.resolve(projectDir));
}

/**
 * The session of the engine that runs for a project.
 * @throws UserError `no-engine`, `several-engines`
 */
export function findSession(projectDir: string): Session {
  const session = findOwnSession(projectDir);
  if (session !== undefined) return session;
  const others = listSessions();
  throw new UserError({
    kind: 'unreachable',
    code: 'no-engine',
    message: `No engine is running for ${path.resolve(projectDir)}.`,
    hint: others.length === 0 ? START_HINT : `${START_HINT} Running elsewhere: ${nameEngines(others)}.`,
  });
}

/**
 * The session of the only engine that this user runs.
 * @throws UserError `no-engine`, `several-engines`
 */
export function findOnlySession(): Session {
  const [session, ...others] = listSessions();
  if (session === undefined)
    throw new UserError({
      kind: 'unreachable',
      code: 'no-engine',
      message: 'No engine is running.',
      hint: START_HINT,
    });
  if (others.length > 0) throw severalEngines('', [session, ...others]);
  return session;
}

function readSessionFile(file: string): Session {
  let text: string;
  try {
    const stat = statSync(file);
    if (process.getuid !== undefined && stat.uid !== process.getuid())
      throw new UserError({
        kind: 'usage',
        code: 'bad-session-file',
        message: `The session file ${file} belongs to another user.`,
      });
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError({
      kind: 'usage',
      code: 'bad-session-file',
      message: `The session file ${file} cannot be read: ${systemCode(error) ?? 'unknown reason'}.`,
      cause: error,
    });
  }
  return decodeSession(text, file, 0);
}

/**
 * The session that `--control` names: by the URL of a running engine, or by a session file.
 * @throws UserError `no-engine`, `bad-session-file`
 */
export function findNamedSession(control: string): Session {
  if (!/^https?:\/\//.test(control)) return readSessionFile(control);
  const url = control.replace(/\/+$/, '').replace('//localhost:', '//127.0.0.1:');
  const sessions = listSessions();
  const session = sessions.find((item) => item.controlUrl === url);
  if (session !== undefined) return session;
  throw new UserError({
    kind: 'unreachable',
    code: 'no-engine',
    message: `None of your running engines has its control API at ${control}.`,
    hint: sessions.length === 0 ? START_HINT : `Running: ${nameEngines(sessions)}.`,
  });
}
