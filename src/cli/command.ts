import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXECUTION_MODES, type ExecutionMode } from '../contract/index.ts';
import type { Terminal } from '../terminal/index.ts';

/** The flags that every command takes. */
export interface CommonFlags {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** What a command's body gets. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Fires with a CancelledError when the command must end. */
  readonly signal: AbortSignal;
}

/** A command is data; its body is loaded when it runs, so that `--help` loads nothing. */
export interface CommandSpec<Flags> {
  readonly name: string;
  readonly summary: string;
  /** Declares arguments and options. */
  readonly declare: (command: Command) => void;
  readonly load: () => Promise<
    (
      args: readonly (string | undefined)[],
      flags: Flags & CommonFlags,
      context: CommandContext,
    ) => Promise<void>
  >;
}

/** Adds a command's declaration, and the flags every command has, to a commander command. */
export function declareCommand<Flags>(
  command: Command,
  spec: CommandSpec<Flags>,
  context: () => CommandContext,
): void {
  spec.declare(command);
  command
    .addOption(new Option('--json', 'print one JSON document and nothing else').default(false))
    .addOption(new Option('--verbose', 'show the stack of an error').default(false))
    .addOption(new Option('--no-color', 'no colour'))
    .action(async () => {
      const body = await spec.load();
      await body(command.processedArgs as string[], command.opts() as Flags & CommonFlags, context());
    });
}

/** Collects a repeatable option. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** One day: longer waits are slips, and overflow the timers of Node. */
const MAX_SECONDS = 86_400;

/** Reads a number of seconds, fractions allowed. */
export function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (value.trim() === '' || !(seconds > 0 && seconds <= MAX_SECONDS))
    throw new InvalidArgumentError(`Expected a number of seconds above 0 and up to ${MAX_SECONDS}.`);
  return seconds;
}

/** Reads an execution mode, in any case. */
export function parseMode(value: string): ExecutionMode {
  const mode = EXECUTION_MODES.find((item) => item === value.toUpperCase());
  if (mode === undefined) throw new InvalidArgumentError('Expected manual, guided or autonomous.');
  return mode;
}
