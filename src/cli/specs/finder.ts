import { type Command, InvalidArgumentError } from 'commander';

/** The options of every command on a running engine. */
export function declareFinder(command: Command): void {
  command
    .option('--project <dir>', 'the project whose engine to ask (default: the current folder)')
    .option('--control <url|file>', 'the engine with this control URL or session file');
}

/** Reads a whole number of 0 or more. */
export function parseCount(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number))
    throw new InvalidArgumentError('Expected a whole number of 0 or more.');
  return number;
}
