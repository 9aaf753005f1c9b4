import { DAY_MS, floorWall, type Span, spanOf, unitAround } from './calendar.ts';
import { clockMs, parseClock } from './clock.ts';
import { checkedDate, type Period, parseDay, parsePeriod } from './day.ts';
import { parseDuration, parseNowDuration, parseUnit, shift } from './duration.ts';
import { Refusal } from './refusal.ts';
import { fromWall, toWall } from './zone.ts';

/** What an expression is read against. */
export interface Reading {
  readonly nowMs: number;
  /** An IANA name that was checked. */
  readonly zone: string;
}

/**
 * One end of a range: a time of day whose day is still to be found, or a stretch that is a whole day or period,
 * or a moment. Alone, a moment means "from then until now", and so does what Grafana writes with `now`.
 */
export type Point =
  | { readonly kind: 'clock'; readonly clockMs: number }
  | (Span & { readonly kind: 'period' | 'moment' });

const momentAt = (ms: number): Point => ({ kind: 'moment', startMs: ms, endMs: ms });
const atClock = (day: Period, clock: number, zone: string): Point =>
  momentAt(fromWall(day.startWall + clock, zone));

/** `now`, `now-1h`, `now-7d/d`: rounded down where a range starts, up where it ends, as in Grafana. */
function parseNow(text: string, { nowMs, zone }: Reading): Point | undefined {
  if (!/^now(?:\s*[+-]\s*(?:\d*[a-z]+)+|\s*\/\s*[a-z]+)*$/i.test(text)) return undefined;
  let startMs = nowMs;
  let endMs = nowMs;
  for (const [, operator, operand = ''] of text.slice(3).matchAll(/([-+/])\s*([^-+/\s]+)/g)) {
    if (operator === '/') {
      const unit = operand === 'M' || operand === 'Q' ? operand : parseUnit(operand);
      if (unit === undefined) return undefined;
      startMs = unitAround(startMs, unit, zone).startMs;
      endMs = unitAround(endMs, unit, zone).endMs;
    } else {
      const steps = parseNowDuration(operand);
      if (steps === undefined) return undefined;
      startMs = shift(startMs, steps, operator === '-' ? -1 : 1, zone);
      endMs = shift(endMs, steps, operator === '-' ? -1 : 1, zone);
    }
  }
  return { kind: 'moment', startMs, endMs };
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(T|\s+)(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(?:\s*(Z|[+-]\d{2}(?::?\d{2})?))?$/i;

/** Minutes east of UTC of `Z`, `+02:00`, `+0200` or `+02`. */
function offsetMinutes(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const digits = text.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  if (Number(digits.slice(2)) > 59 || minutes > 14 * 60)
    throw new Refusal(`has an offset that no zone has, ${text}`);
  return text.startsWith('-') ? -minutes : minutes;
}

/** An ISO 8601 or RFC 3339 date and time; without an offset it is a time of the zone. */
function parseIsoMoment(text: string, zone: string): Point | undefined {
  const [, year, month, day, separator, hours, minutes, seconds, fraction, offset] = ISO.exec(text) ?? [];
  if (hours === undefined || (separator?.trim() === '' && minutes === undefined)) return undefined;
  const wall =
    checkedDate(Number(year), Number(month), Number(day)) + clockMs(hours, minutes, seconds, fraction);
  if (offset === undefined) return momentAt(fromWall(wall, zone));
  if (separator?.trim() === '' && seconds === undefined && offset.startsWith('-'))
    throw new Refusal(`is ambiguous, because ${offset} may be an offset or the end of a range`);
  return momentAt(wall - offsetMinutes(offset) * 60_000);
}

/** Seconds (9 or 10 digits, decimals allowed) or milliseconds (12 or 13) since the epoch. */
function parseEpoch(text: string): Point | undefined {
  const [, seconds, ms] = /^(?:(\d{9,10}(?:\.\d{1,9})?)|(\d{12,13}))$/.exec(text) ?? [];
  if (seconds !== undefined) return momentAt(Math.floor(Number(seconds) * 1_000));
  return ms === undefined ? undefined : momentAt(Number(ms));
}

function parseAgo(text: string, { nowMs, zone }: Reading): Point | undefined {
  const words = /^(.+?)\s+ago$/i.exec(text)?.[1];
  const steps = words === undefined ? undefined : parseDuration(words);
  return steps === undefined ? undefined : momentAt(shift(nowMs, steps, -1, zone));
}

const CLOCK_SOURCE =
  '(?:\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?:\\s*[ap]\\.?m\\.?)?|\\d{1,2}\\s*[ap]\\.?m\\.?|noon|midnight)';
const DAY_THEN_CLOCK = new RegExp(`^(.+?),?\\s+(?:at\\s+)?(${CLOCK_SOURCE})$`, 'i');
const CLOCK_THEN_DAY = new RegExp(`^(?:at\\s+)?(${CLOCK_SOURCE}),?\\s+(.+)$`, 'i');

/** `yesterday 10:00`, `10:00 on monday`. */
function parseDayWithClock(text: string, { nowMs, zone }: Reading): Point | undefined {
  const [, dayFirst, clockLast] = DAY_THEN_CLOCK.exec(text) ?? [];
  const [, clockFirst, dayLast] = CLOCK_THEN_DAY.exec(text) ?? [];
  const day = parseDay(dayFirst ?? dayLast ?? '', toWall(nowMs, zone));
  const clock = parseClock(clockLast ?? clockFirst ?? '');
  return day === undefined || clock === undefined ? undefined : atClock(day, clock, zone);
}

/** The instants of a day or longer. One that is spoken of as `today` is, so far as it has begun, over now. */
function readPeriod({ startWall, endWall, spoken }: Period, { nowMs, zone }: Reading): Point {
  const { startMs, endMs } = spanOf(startWall, endWall, zone);
  if (startMs === endMs) throw new Refusal(`names a day that ${zone} never had`);
  const isOver = spoken && startMs <= nowMs && nowMs < endMs;
  return { kind: 'period', startMs, endMs: isOver ? nowMs : endMs };
}

/** Anything that can be one end of a range; undefined when the text is no such thing. */
export function parsePoint(text: string, reading: Reading): Point | undefined {
  const found =
    parseNow(text, reading) ??
    parseIsoMoment(text, reading.zone) ??
    parseEpoch(text) ??
    parseAgo(text, reading) ??
    parseDayWithClock(text, reading);
  if (found !== undefined) return found;
  const clock = parseClock(text);
  if (clock !== undefined) return { kind: 'clock', clockMs: clock };
  const nowWall = toWall(reading.nowMs, reading.zone);
  const period = parseDay(text, nowWall) ?? parsePeriod(text, nowWall);
  return period === undefined ? undefined : readPeriod(period, reading);
}

/** The time of day on the day of another instant, so many days on. */
export function clockOnDayOf(ms: number, clock: number, days: number, zone: string): number {
  return fromWall(floorWall(toWall(ms, zone), 'd') + days * DAY_MS + clock, zone);
}

/** The last time that a clock showed this. */
export function lastClock(clock: number, { nowMs, zone }: Reading): number {
  const today = clockOnDayOf(nowMs, clock, 0, zone);
  return today <= nowMs ? today : clockOnDayOf(nowMs, clock, -1, zone);
}
