/** A program at a terminal, and a person at its keys. */
import { spawnSync } from 'node:child_process';
import type { Workplace } from './workplace.ts';

/** A real terminal with a program in it. */
export interface TerminalSession {
  /** Everything shown so far, control sequences included. */
  screen(): string;
  /** Presses keys: `\r` is Enter, `\x03` is Ctrl-C. */
  type(keys: string): void;
  /** The program's exit code. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Closes the window: the program is told by SIGHUP. */
  close(): Promise<void>;
}

/** Copies between the terminal and our pipes, and ends as the program ended. */
const PYTHON_RELAY = `
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) % 256)
`;

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

type Wrap = (command: readonly string[]) => readonly [string, ...string[]];

function findWrap(): Wrap | undefined {
  const works = (program: string, args: readonly string[]) => spawnSync(program, args).status === 0;
  if (works('python3', ['-c', 'import os, pty; os.waitstatus_to_exitcode']))
    return (command) => ['python3', '-c', PYTHON_RELAY, ...command];
  // The one of util-linux; that of BSD takes its arguments in another order.
  if (works('script', ['--version']))
    return (command) => ['script', '-qec', command.map(quote).join(' '), '/dev/null'];
  return undefined;
}

const wrap = findWrap();

/** False where neither Python nor `script` can make a terminal. */
export const HAS_TERMINAL = wrap !== undefined;

/** Runs a Node program in a terminal of its own. */
export function openTerminal(
  work: Workplace,
  script: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): TerminalSession {
  if (wrap === undefined) throw new Error('there is no tool to make a terminal with');
  const [command, ...rest] = wrap([process.execPath, script, ...args]);
  const child = work.spawn(command, rest, { ...options, env: { TERM: 'xterm', NO_COLOR: '1' } });
  let text = '';
  child.process.stdout?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  return {
    screen: () => text,
    type: (keys) => child.process.stdin?.write(keys),
    exited: child.exited,
    close: async () => void (await child.stop('SIGKILL')),
  };
}
