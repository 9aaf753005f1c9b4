import { UserError } from '../support/errors.ts';
import { fingerprintOf } from './engine.ts';
import type { Violation } from './types.ts';

/** Where a project keeps the violations that were there before it was linted. */
export const BASELINE_FILE = '.mirastack/lint-baseline.json';

interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
  readonly fingerprint: string;
}

/** A baseline as text: readable, in order, the same for the same violations. */
export function writeBaseline(violations: readonly Violation[]): string {
  const entries: Entry[] = violations.map((violation) => ({
    rule: violation.rule,
    file: violation.place?.file ?? '',
    message: violation.message,
    fingerprint: fingerprintOf(violation),
  }));
  entries.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0));
  return `${JSON.stringify({ version: 1, violations: entries }, null, 2)}\n`;
}

/** @throws UserError `bad-baseline` (usage) */
export function readBaseline(text: string): ReadonlySet<string> {
  const fail = (reason: string): never => {
    throw new UserError({
      kind: 'usage',
      code: 'bad-baseline',
      message: `${BASELINE_FILE} ${reason}.`,
      hint: 'Write it again with `mirastack-agent lint --write-baseline`.',
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return fail('is not JSON');
  }
  const list =
    typeof parsed === 'object' && parsed !== null && 'violations' in parsed ? parsed.violations : undefined;
  if (!Array.isArray(list)) return fail('has no list of violations');
  return new Set(
    list.map((entry: unknown) => {
      const isEntry = typeof entry === 'object' && entry !== null && 'fingerprint' in entry;
      return isEntry && typeof entry.fingerprint === 'string'
        ? entry.fingerprint
        : fail('has an entry without a fingerprint');
    }),
  );
}
