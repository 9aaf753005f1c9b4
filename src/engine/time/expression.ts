import type { TimeRange } from '../../contract/index.ts';
import type { Span } from './calendar.ts';
import { resolvePhrase } from './phrase.ts';
import type { Reading } from './point.ts';
import { quote, Refusal } from './refusal.ts';
import { findSpelling, isZone } from './zone.ts';

/** What a time expression gave: a range, or why not in one sentence for the person who typed it. */
export type TimeExpressionResult =
  | { readonly ok: true; readonly range: TimeRange }
  | { readonly ok: false; readonly message: string };

export interface TimeExpressionOptions {
  /** UTC milliseconds: what `now` is. */
  readonly nowMs: number;
  /** The IANA zone that times without one are of, in exact spelling. Default UTC. */
  readonly timezone?: string;
}

const FORMS =
  'write for instance last 15m, yesterday, since 10:00, now-7d/d to now, 2026-11-22, 2026-11-22T10:00/PT2H or yesterday Europe/Berlin';
const MAX_CHARACTERS = 200;
/** A hundred years, leap days and changes of a zone's offset included. */
const MAX_LENGTH_MS = 36_526 * 86_400_000;

/** The sentence about a zone that is not known, or undefined when it is. */
export function faultOfZone(name: string): string | undefined {
  if (isZone(name)) return undefined;
  const spelling = findSpelling(name);
  const remedy =
    spelling === undefined ? 'write an IANA name such as Europe/Berlin or UTC' : `write ${spelling}`;
  return `The time zone ${quote(name)} is not known; ${remedy}, upper and lower case count.`;
}

/** A zone's shape; `now/d` rounds, and is none. */
const ZONE_SHAPED = /^(?!now\/)[A-Za-z][A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$|^(?:UTC|GMT)[+-]\d/i;

/** One space between words; no more characters than are read. */
export function tidy(text: string): string {
  return text.slice(0, MAX_CHARACTERS).trim().replace(/\s+/g, ' ');
}

/** Takes a zone off the end: `yesterday Europe/Berlin`, `last 1h in UTC`, `today (Asia/Kolkata)`. */
function splitZone(text: string): { readonly words: string; readonly zone: string | undefined } {
  const [, words = '', open, name = ''] =
    /^(.*?)(?:^|\s+)(?:in\s+|tz[=\s]|timezone[=\s])?(\()?([A-Za-z][\w/+-]*)\)?$/i.exec(text) ?? [];
  const isNamed = isZone(name) || ZONE_SHAPED.test(name) || open !== undefined;
  return isNamed ? { words: words.trim(), zone: name } : { words: text, zone: undefined };
}

const shown = (ms: number): string => new Date(ms).toISOString();

/** A range has begun, ends after that, and is no longer than people's data. */
function check({ startMs, endMs }: Span, { nowMs }: Reading): void {
  // Also what is beyond a Date's reach, and cannot be shown.
  if (!(Math.abs(endMs - startMs) <= MAX_LENGTH_MS)) throw new Refusal('covers more than 100 years');
  if (startMs > nowMs || (startMs === nowMs && endMs > nowMs)) throw new Refusal('lies in the future');
  if (endMs < startMs) throw new Refusal(`ends before it starts, at ${shown(endMs)} and ${shown(startMs)}`);
}

/**
 * Runs a reading of the text and words every refusal of it.
 * @param resolve gives undefined for text in no form that it knows
 */
export function readRange(
  text: string,
  reading: Reading,
  resolve: (reading: Reading) => Span | undefined,
): TimeExpressionResult {
  const refuse = (reason: string): TimeExpressionResult => ({
    ok: false,
    message: `The time expression ${quote(text)} ${reason}; ${FORMS}.`,
  });
  const fault = faultOfZone(reading.zone);
  if (fault !== undefined) return { ok: false, message: fault };
  if (text.trim() === '') return refuse('is empty');
  if (text.length > MAX_CHARACTERS) return refuse(`is longer than ${MAX_CHARACTERS} characters`);
  try {
    const span = resolve(reading);
    if (span === undefined) return refuse('is not understood');
    check(span, reading);
    const range = { startEpochMs: span.startMs, endEpochMs: span.endMs };
    return { ok: true, range: { ...range, timezone: reading.zone, originalExpression: text } };
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.reason);
    throw error;
  }
}

/** `yesterday PST`, `today utc`: what the text is refused for when the rest of it is understood. */
function refuseZone(words: string, reading: Reading): void {
  const [, rest = '', name = ''] = /^(.+) ([A-Za-z]{2,9})$/.exec(words) ?? [];
  const spelling = findSpelling(name);
  const isZoneLike = spelling !== undefined || /^[A-Z]{2,5}$/.test(name);
  if (!isZoneLike || rest === '' || resolvePhrase(rest, reading) === undefined) return;
  const remedy =
    spelling === undefined ? 'which is not the IANA name of a time zone' : `which must be ${spelling}`;
  throw new Refusal(`ends in ${name}, ${remedy}`);
}

/**
 * Turns what a person said about time into absolute milliseconds. The end is the first millisecond after the range.
 * Hours and shorter are of fixed length; days, weeks (from Monday), months and years are those of the zone's
 * calendar, so that a day may last 23 or 25 hours. A moment alone, `since` and what has not ended yet run until
 * now. A zone at the end of the text rules over `timezone`.
 * Sources: the guide ("the engine parses the time expression itself"), protocol.md §6, Grafana's `now-…` notation,
 * ISO 8601.
 */
export function parseTimeExpression(text: string, options: TimeExpressionOptions): TimeExpressionResult {
  const { words, zone = options.timezone || 'UTC' } = splitZone(tidy(text));
  return readRange(text, { nowMs: options.nowMs, zone }, (reading) => {
    if (words === '') throw new Refusal('names a time zone and no time');
    const span = resolvePhrase(words, reading);
    if (span === undefined) refuseZone(words, reading);
    return span;
  });
}
