import { UserError } from '../../support/errors.ts';
import { zoneNames } from '../../support/zone-names.ts';
import { clockAt } from './clock.ts';
import { type EpochMs, toInt64 } from './epoch-ms.ts';
import { formatLayout } from './go-layout.ts';
import { quoteGo } from './quote.ts';

/** How far Intl's time reaches, in ms, and after how long calendar and daylight saving repeat: 400 years. */
const INTL_LIMIT_MS = 8_640_000_000_000_000n;
const CYCLE_MS = 12_622_780_800_000n;
/** A formatter weighs some 50 kB, and a zone name may come from anyone. */
const FORMATTERS_KEPT = 64;

const formatters = new Map<string, Intl.DateTimeFormat>();

function invalid(tz: string, reason: string): UserError {
  return new UserError({
    kind: 'usage',
    code: 'invalid-timezone',
    message: `invalid timezone ${quoteGo(tz)}: ${reason}`,
    hint: 'Give an IANA name such as Europe/Berlin; upper and lower case count.',
  });
}

function formatterOf(tz: string): Intl.DateTimeFormat {
  const kept = formatters.get(tz);
  if (kept !== undefined) return kept;
  if (tz.includes('..') || /^[/\\]/.test(tz)) throw invalid(tz, 'time: invalid location name');
  if (tz !== 'Local' && !zoneNames().has(tz)) throw invalid(tz, `unknown time zone ${tz}`);
  const made = makeFormatter(tz);
  for (const oldest of formatters.keys()) {
    if (formatters.size < FORMATTERS_KEPT) break;
    formatters.delete(oldest);
  }
  formatters.set(tz, made);
  return made;
}

function makeFormatter(tz: string): Intl.DateTimeFormat {
  const options = { timeZoneName: 'longOffset' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', tz === 'Local' ? options : { ...options, timeZone: tz });
  } catch {
    // The zone data of this Node may be older than the list of names.
    throw invalid(tz, `unknown time zone ${tz}`);
  }
}

/** Where Intl's time has ended: the first offset of all is that of all time before, rules go on for ever. */
function withinIntl(ms: bigint): number {
  if (ms < -INTL_LIMIT_MS) return Number(-INTL_LIMIT_MS);
  if (ms > INTL_LIMIT_MS) return Number(INTL_LIMIT_MS - CYCLE_MS + ((ms - INTL_LIMIT_MS) % CYCLE_MS));
  return Number(ms);
}

/** Seconds east of UTC. Intl writes them as `GMT-00:44:30`, and none as `GMT`. */
function offsetSeconds(ms: bigint, tz: string): number {
  if (tz === '' || tz === 'UTC') return 0;
  const text = formatterOf(tz).format(withinIntl(ms));
  const [, sign, hours, minutes, seconds] =
    /GMT(?:([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?$/.exec(text) ?? [];
  const size = Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return sign === '-' ? -size : size;
}

/** `Z` for no offset at all; else hours and minutes, what is left of a minute cut off: -59 s is `+00:00`, as in Go. */
export function offsetText(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offset <= -60 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

/**
 * RFC 3339 in whole seconds on the clocks of a time zone, e.g. `2026-03-31T21:40:00+05:30`; a zero offset is
 * `Z`. Offsets come from Node's own zone data: since 1970 they are Go's, before that some zones follow a
 * neighbour (README, "The runtime"). Source: protocol.md §8.
 * @param ms UTC milliseconds since the epoch
 * @param tz an IANA name, its case exact; `''` is UTC, `Local` the zone of the process
 * @throws TypeError when `ms` is not a whole number
 * @throws UserError (usage, `invalid-timezone`) with Go's text: `invalid timezone "X": unknown time zone X`
 */
export function formatInTimezone(ms: EpochMs, tz: string): string {
  const utc = toInt64(ms);
  const offset = offsetSeconds(utc, tz);
  const clock = clockAt(utc + BigInt(offset) * 1_000n);
  return `${formatLayout(clock, '2006-01-02T15:04:05')}${offsetText(offset)}`;
}
