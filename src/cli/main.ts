import { Command, CommanderError } from 'commander';
import { CancelledError, type CancelSignal } from '../support/cancelled.ts';
import { createTerminal } from '../terminal/index.ts';
import type { CommandContext } from './command.ts';
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts';
import { reportError, translateCommanderError } from './report.ts';

/** Fires with what ended the command from outside; a second signal ends the process at once. */
function watchSignals(): AbortSignal {
  const controller = new AbortController();
  const cancel = (signal: CancelSignal) => {
    const error = new CancelledError(signal);
    if (controller.signal.aborted) process.exit(exitCodeOf(error));
    controller.abort(error);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, cancel);
  process.stdout.on('error', () => {
    if (!controller.signal.aborted) cancel('SIGPIPE');
  });
  return controller.signal;
}

/**
 * Runs one program: the only place that turns what was thrown into a report and an exit code.
 * @param build declares the program's commands on the given command
 */
export async function runProgram(
  build: (program: Command, context: () => CommandContext) => void,
  argv: readonly string[],
): Promise<void> {
  const words = argv.slice(2);
  // Errors of the command line itself must obey these two, so they are read before it is parsed.
  const given = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const flags = { json: given.includes('--json'), verbose: given.includes('--verbose') };
  const signal = watchSignals();
  const terminal = await createTerminal({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    colour: !given.includes('--no-color'),
  });
  const program = new Command();
  program.configureOutput({
    writeOut: (text) => terminal.answers.write(text),
    // What commander would say on stderr, the report says.
    writeErr: () => undefined,
  });
  program.exitOverride();
  try {
    build(program, () => ({ terminal, signal }));
    await program.parseAsync(argv as string[]);
    process.exitCode = EXIT_CODES.done;
  } catch (thrown) {
    const error = translateCommanderError(thrown);
    if (error instanceof CommanderError) {
      process.exitCode = EXIT_CODES.done;
      return;
    }
    reportError(error, terminal, flags);
    process.exitCode = exitCodeOf(error);
  }
}
