import { type Span, type Unit, unitAround } from './calendar.ts';
import { parseDuration, parseIsoDuration, parseUnit, type Step, shift } from './duration.ts';
import { clockOnDayOf, lastClock, type Point, parsePoint, type Reading } from './point.ts';
import { Refusal } from './refusal.ts';

/** Rolling, while `last week` and longer are those of the calendar. */
const ROLLING_UNITS: readonly Unit[] = ['s', 'm', 'h', 'd'];

function checkLength(span: Span): Span {
  if (span.startMs === span.endMs) throw new Refusal('covers no time at all');
  return span;
}

function lastUntilNow(steps: readonly Step[], { nowMs, zone }: Reading): Span {
  return checkLength({ startMs: shift(nowMs, steps, -1, zone), endMs: nowMs });
}

/** `last 15 minutes`, `past hour`, `1h30m`, `PT1H`: back from now. */
function parseRolling(text: string, reading: Reading): Span | undefined {
  const [, which, words = ''] = /^(?:(last|past)\s+)?(.+)$/i.exec(text) ?? [];
  const steps = parseDuration(words);
  if (steps !== undefined) return lastUntilNow(steps, reading);
  if (which === undefined || !/^[a-z]{3,}$/i.test(words)) return undefined;
  const unit = parseUnit(words);
  if (unit === undefined || (which.toLowerCase() === 'last' && !ROLLING_UNITS.includes(unit)))
    return undefined;
  return lastUntilNow([{ count: 1, unit }], reading);
}

/** `this week so far`, `month to date`. */
function parseToDate(text: string, reading: Reading): Span | undefined {
  const words = /^(.+?)\s+so far$/i.exec(text)?.[1];
  const unit = /^(week|month|quarter|year)[ -]to[ -]date$/i.exec(text)?.[1];
  const period = words ?? (unit === undefined ? undefined : `this ${unit}`);
  const found = period === undefined ? undefined : parsePoint(period, reading);
  return found?.kind === 'period' && found.startMs <= reading.nowMs
    ? { startMs: found.startMs, endMs: Math.min(found.endMs, reading.nowMs) }
    : undefined;
}

/** `this hour`, `this minute`; days and longer are points. */
function parseThisUnit(text: string, { nowMs, zone }: Reading): Span | undefined {
  const word = /^(?:this|current)\s+(hour|minute)$/i.exec(text)?.[1]?.toLowerCase();
  if (word === undefined) return undefined;
  return { startMs: unitAround(nowMs, word === 'hour' ? 'h' : 'm', zone).startMs, endMs: nowMs };
}

const startOf = (point: Point, reading: Reading): number =>
  point.kind === 'clock' ? lastClock(point.clockMs, reading) : point.startMs;

/** A day that begins this very moment may be empty; a moment that does is a slip. */
function untilNow(point: Point, reading: Reading): Span {
  const span = { startMs: startOf(point, reading), endMs: reading.nowMs };
  return point.kind === 'period' ? span : checkLength(span);
}

/** `since 2h`, `since 10:00`, `from monday`: until now. */
function parseSince(text: string, reading: Reading): Span | undefined {
  const words = /^(?:since|from|starting)\s+(.+)$/i.exec(text)?.[1];
  if (words === undefined) return undefined;
  const steps = parseDuration(words);
  if (steps !== undefined) return lastUntilNow(steps, reading);
  const point = parsePoint(words, reading);
  return point === undefined ? undefined : untilNow(point, reading);
}

/** One point alone: a day or period as a whole, a moment until now. */
function parseAlone(text: string, reading: Reading): Span | undefined {
  const point = parsePoint(text, reading);
  if (point === undefined) return undefined;
  return point.kind === 'period' ? { startMs: point.startMs, endMs: point.endMs } : untilNow(point, reading);
}

type Bare = Exclude<Point, { kind: 'clock' }>;

/** `start/PT1H` or `PT1H/end`. */
function resolveWithDuration(from: string, to: string, reading: Reading): Span | undefined {
  const { zone } = reading;
  const before = parseIsoDuration(from);
  const after = parseIsoDuration(to);
  if ((before === undefined) === (after === undefined)) return undefined;
  const point = parsePoint(before === undefined ? from : to, reading);
  if (point === undefined) return undefined;
  const endMs = point.kind === 'clock' ? lastClock(point.clockMs, reading) : point.endMs;
  if (before !== undefined) return { startMs: shift(endMs, before, -1, zone), endMs };
  const startMs = startOf(point, reading);
  return { startMs, endMs: shift(startMs, after ?? [], 1, zone) };
}

/** The first time after an instant that a clock shows this. */
function clockAfter(ms: number, clock: number, zone: string): number {
  const sameDay = clockOnDayOf(ms, clock, 0, zone);
  return sameDay > ms ? sameDay : clockOnDayOf(ms, clock, 1, zone);
}

/** The last time before an instant that a clock showed this. */
function clockBefore(ms: number, clock: number, zone: string): number {
  const sameDay = clockOnDayOf(ms, clock, 0, zone);
  return sameDay < ms ? sameDay : clockOnDayOf(ms, clock, -1, zone);
}

function checkMoment(point: Bare): Bare {
  if (point.kind === 'moment') return point;
  throw new Refusal(
    'is ambiguous, because one end is a time without a day and the other a day without a time',
  );
}

function readEnds(from: string, to: string, reading: Reading): Span | undefined {
  const measured = resolveWithDuration(from, to, reading);
  if (measured !== undefined) return measured;
  const start = parsePoint(from, reading);
  const end = parsePoint(to, reading);
  if (start === undefined || end === undefined) return undefined;
  if (start.kind === 'clock' && end.kind !== 'clock') {
    const { endMs } = checkMoment(end);
    return { startMs: clockBefore(endMs, start.clockMs, reading.zone), endMs };
  }
  if (end.kind !== 'clock') return { startMs: startOf(start, reading), endMs: end.endMs };
  const startMs = start.kind === 'clock' ? lastClock(start.clockMs, reading) : checkMoment(start).startMs;
  return { startMs, endMs: clockAfter(startMs, end.clockMs, reading.zone) };
}

/** A range by its two ends. An end that is a time of day alone takes its day from the other end. */
export function resolveEnds(from: string, to: string, reading: Reading): Span | undefined {
  const span = readEnds(from, to, reading);
  return span === undefined ? undefined : checkLength(span);
}

/** What may stand between two ends; `and` belongs to `between`. */
const SEPARATOR = /\s+(?:to|until|till|through|thru|and|-|–|—)\s+|\s*\.{2,3}\s*/gi;

/** `a to b`, `from a until b`, `between a and b`, `yesterday between a and b`, `a/b`. */
function parseRange(text: string, reading: Reading): Span | undefined {
  const [, day, opening, rest = text] = /^(?:(.+?)\s+)?(from|between)\s+(.+)$/i.exec(text) ?? [];
  const isBetween = opening?.toLowerCase() === 'between';
  for (const separator of rest.matchAll(SEPARATOR)) {
    if (/and/i.test(separator[0]) && !isBetween) continue;
    const from = rest.slice(0, separator.index);
    const to = rest.slice(separator.index + separator[0].length);
    const found = resolveEnds(day === undefined ? from : `${day} ${from}`, to, reading);
    if (found !== undefined) return found;
  }
  const [, from, to] = /^([P\d][^/]*?)\s*\/\s*([P\dn][^/]*)$/i.exec(text) ?? [];
  return from === undefined || to === undefined ? undefined : resolveEnds(from, to, reading);
}

/** `10:00-12:00`; after a date in digits the hyphen may start an offset, which the point's own reading decides. */
const HYPHENED_CLOCKS = /(?<!\d{4}-\d{2}-\d{2}(?:T|\s+))(?<![\d:])(\d{1,2}:\d{2})[-–](\d{1,2}:\d{2})$/i;

/** Reads a whole expression without its zone; undefined when it is in no form known here. */
export function resolvePhrase(typed: string, reading: Reading): Span | undefined {
  if (/^(?:until|till|before|up to)\s/i.test(typed)) throw new Refusal('has an end and no start');
  const ahead = /^in\s+(.+)$/i.exec(typed)?.[1];
  if (ahead !== undefined && parseDuration(ahead) !== undefined) throw new Refusal('lies in the future');
  const text = typed
    .replace(/^(?:in|over|during|within|for)\s+(?=\S)/i, '')
    .replace(/^the\s+(?!day before)/i, '')
    .replace(HYPHENED_CLOCKS, '$1 to $2');
  return (
    parseRolling(text, reading) ??
    parseToDate(text, reading) ??
    parseThisUnit(text, reading) ??
    parseSince(text, reading) ??
    parseAlone(text, reading) ??
    parseRange(text, reading)
  );
}
