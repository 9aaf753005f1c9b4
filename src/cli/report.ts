import { CommanderError } from 'commander';
import { CancelledError } from '../support/cancelled.ts';
import { messageOf, UserError } from '../support/errors.ts';
import { cleanText, type Terminal } from '../terminal/index.ts';

const ISSUES_HINT = 'This is a fault of ours. Run again with --verbose and report what it prints.';

/** A failure that the command's own `--json` document tells of: only people still need the sentence. */
export class PrintedError extends UserError {}

/** An error as users and scripts meet it. */
interface Envelope {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

function toEnvelope(error: unknown): Envelope {
  if (error instanceof UserError) return { code: error.code, message: error.message, hint: error.hint ?? '' };
  return { code: 'internal-error', message: `Internal error: ${messageOf(error)}`, hint: ISSUES_HINT };
}

/** Commander's own complaints are wrong usage; its help and version are no errors. */
export function translateCommanderError(error: unknown): unknown {
  if (!(error instanceof CommanderError) || error.exitCode === 0) return error;
  // Where a command must be named and none is, commander wants to print the whole help.
  if (error.code === 'commander.help')
    return new UserError({
      kind: 'usage',
      code: 'missing-command',
      message: 'A command is missing.',
      hint: 'See --help.',
    });
  const text = error.message.replace(/^error: /, '').trim();
  const [sentence = text, ...rest] = text.split('\n');
  const suggestion = rest.join(' ').replace(/^\(|\)$/g, '');
  return new UserError({
    kind: 'usage',
    code: error.code.replace(/^commander\./, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    message: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${/[.?!]$/.test(sentence) ? '' : '.'}`,
    hint: suggestion === '' ? 'See --help.' : `${suggestion} See --help.`,
  });
}

/** Says what went wrong: one document on stdout with `--json`, else a sentence and a hint on stderr. */
export function reportError(
  error: unknown,
  terminal: Terminal,
  flags: { readonly json: boolean; readonly verbose: boolean },
): void {
  const { talk, answers } = terminal;
  if (!(error instanceof CancelledError)) {
    const envelope = toEnvelope(error);
    if (flags.json) {
      if (error instanceof PrintedError) return;
      answers.line(JSON.stringify({ error: envelope }));
    } else {
      talk.line(talk.theme.bad(cleanText(envelope.message)));
      if (envelope.hint !== '') talk.line(cleanText(envelope.hint));
    }
  }
  if (flags.verbose && error instanceof Error) talk.line(cleanText(error.stack ?? ''));
}
