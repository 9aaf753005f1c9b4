import type { TimeRange } from '../../contract/index.ts';
import { UserError } from '../../support/errors.ts';
import {
  faultOfZone,
  parseTimeExpression,
  readRange,
  type TimeExpressionResult,
  tidy,
} from './expression.ts';
import { resolveEnds } from './phrase.ts';

/** How the command line asks for a time range: `--since`, or `--from` and `--to`, or an expression; and `--tz`. */
export interface TimeFlags {
  /** Back from now, or from a moment until now: `1h`, `10:00`, `2026-11-01`. */
  readonly since?: string | undefined;
  readonly from?: string | undefined;
  /** Default: now. */
  readonly to?: string | undefined;
  readonly timezone?: string | undefined;
  readonly expression?: string | undefined;
}

function refuse(message: string, hint?: string): UserError {
  const detail = { kind: 'usage', code: 'invalid-time-range', message } as const;
  return new UserError(hint === undefined ? detail : { ...detail, hint });
}

/** As two ends, so that no word within one of them is taken for the word between. Their zone is that of `--tz`. */
function parseEnds(from: string, to: string, nowMs: number, timezone = 'UTC'): TimeExpressionResult {
  return readRange(`${from} to ${to}`, { nowMs, zone: timezone }, (reading) =>
    resolveEnds(tidy(from), tidy(to), reading),
  );
}

function parseFlags(flags: TimeFlags, nowMs: number): TimeExpressionResult | undefined {
  const { since, from, to, expression } = flags;
  const options = { nowMs, ...(flags.timezone === undefined ? {} : { timezone: flags.timezone }) };
  if (expression !== undefined) return parseTimeExpression(expression, options);
  if (since !== undefined) return parseTimeExpression(`since ${since}`, options);
  if (from !== undefined) return parseEnds(from, to ?? 'now', nowMs, flags.timezone);
  return undefined;
}

/**
 * The time range of the command line's flags; undefined when none is given.
 * @param nowMs UTC milliseconds
 * @throws UserError (usage, `invalid-time-range`) for flags that exclude or need one another, and for text that is
 *   no time range
 */
export function makeTimeRange(flags: TimeFlags, nowMs: number): TimeRange | undefined {
  const { since, from, to, timezone, expression } = flags;
  const ways = [
    ...(since === undefined ? [] : ['--since']),
    ...(from === undefined && to === undefined ? [] : [from === undefined ? '--to' : '--from']),
    ...(expression === undefined ? [] : ['a time expression']),
  ];
  if (ways.length > 1)
    throw refuse(`Give one of ${ways.join(' and ')}, not both: each is a whole time range.`);
  if (to !== undefined && from === undefined)
    throw refuse(
      `--to ${to} is the end of a range without a start.`,
      'Add --from, or use --since for up to now.',
    );
  if (timezone !== undefined && ways.length === 0)
    throw refuse(
      `--tz ${timezone} says which zone times are of, and no time is given.`,
      'Add --since or --from.',
    );
  const fault = timezone === undefined ? undefined : faultOfZone(timezone);
  if (fault !== undefined) throw refuse(fault);
  const result = parseFlags(flags, nowMs);
  if (result === undefined) return undefined;
  if (!result.ok) throw refuse(result.message);
  if (timezone !== undefined && result.range.timezone !== timezone)
    throw refuse(
      `--tz ${timezone} and the zone ${result.range.timezone} in the text differ: give one of them.`,
    );
  return result.range;
}
