import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { UserError, type UserErrorKind } from '../support/errors.ts';

/** How a process ended. Exactly one of `code` and `signal` is set. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it printed, on either stream. */
  readonly lastLines: readonly string[];
}

/** A process did not become what it was started for. The message ends with the last lines it printed. */
export class LaunchError extends UserError {
  /** The message without those lines. */
  readonly summary: string;
  readonly lastLines: readonly string[];

  constructor(detail: {
    readonly kind: UserErrorKind;
    readonly code: string;
    readonly summary: string;
    readonly lastLines: readonly string[];
    readonly hint?: string;
  }) {
    const { summary, lastLines, ...rest } = detail;
    const quoted = lastLines.map((line) => `\n  ${line}`).join('');
    super({ ...rest, message: quoted === '' ? summary : `${summary}; its last lines were:${quoted}` });
    this.summary = summary;
    this.lastLines = lastLines;
  }
}

const OUT_OF_MEMORY = /JavaScript heap out of memory|^fatal error: (?:runtime: )?out of memory|^MemoryError/;

/** The end of a process in words that fit behind its name. */
export function describeExit(exit: ProcessExit): string {
  const how = exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
  return exit.lastLines.some((line) => OUT_OF_MEMORY.test(line)) ? `ran out of memory and ${how}` : how;
}

/** What a shell would report: the code, or 128 + the signal's number. */
export function shellCodeOf(exit: { readonly code: number | null; readonly signal: string | null }): number {
  if (exit.code !== null) return exit.code;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return 128 + (numbers[exit.signal ?? ''] ?? 0);
}

/** Why nothing was spawned, as an error that the user can mend. */
export function spawnFailure(program: string, cwd: string, systemCode: string | undefined): UserError {
  // The system says "no such file" for both, and a missing folder is easily taken for a missing tool.
  if (systemCode === 'ENOENT' && !existsSync(cwd))
    return new UserError({
      kind: 'io',
      code: 'no-such-folder',
      message: `The folder ${cwd} does not exist any more.`,
    });
  if (systemCode === 'ENOENT')
    return new UserError({
      kind: 'tool-missing',
      code: 'tool-missing',
      message: `${program} is not installed or not on the PATH.`,
      hint: `Install ${program}, or add its folder to the PATH.`,
    });
  if (systemCode === 'EACCES')
    return new UserError({
      kind: 'tool-missing',
      code: 'tool-missing',
      message: `${program} may not be executed.`,
      hint: `Check its permissions with \`ls -l\`.`,
    });
  return new UserError({
    kind: 'io',
    code: 'spawn-failed',
    message: `${program} could not be started (${systemCode ?? 'unknown reason'}).`,
  });
}
