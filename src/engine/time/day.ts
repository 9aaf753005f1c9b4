import { addWall, type CalendarUnit, DAY_MS, floorWall, wallDate } from './calendar.ts';
import { Refusal } from './refusal.ts';

/** Days and longer stretches of the calendar, told by wall times. */
export interface Period {
  readonly startWall: number;
  /** The first millisecond after it. */
  readonly endWall: number;
  /** Said in words such as `today`: it then ends now at the latest. A date typed in digits is meant as it stands. */
  readonly spoken: boolean;
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const WEEKDAY_SHORT = ['mon', 'tues?', 'wed', 'thu(?:rs?)?', 'fri', 'sat', 'sun'];
const MONTH_SHORT = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'june?',
  'july?',
  'aug',
  'sept?',
  'oct',
  'nov',
  'dec',
];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** The place of a name, written out or short, in its list. */
function placeOf(word: string, names: readonly string[], short: readonly string[]): number | undefined {
  const at = names.findIndex(
    (name, index) => name === word || new RegExp(`^${short[index]}$`).test(word.replace(/\.$/, '')),
  );
  return at === -1 ? undefined : at;
}

const dayAt = (startWall: number, spoken: boolean): Period => ({
  startWall,
  endWall: startWall + DAY_MS,
  spoken,
});

function unitAt(wall: number, unit: CalendarUnit, spoken: boolean): Period {
  const startWall = floorWall(wall, unit);
  return { startWall, endWall: addWall(startWall, 1, unit), spoken };
}

/** A date of the calendar. */
export function checkedDate(year: number, month: number, day: number): number {
  const wall = wallDate(year, month, day);
  const date = new Date(wall);
  if (date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day)
    throw new Refusal('names a day that the calendar does not have');
  return wall;
}

/** `2026-11-22`, `2026-11`, `2026-W47`, `2026-Q4`, `2026`. */
function parseIso(text: string): Period | undefined {
  const [, year, month, day, week, quarter] =
    /^(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|W(\d{2})|Q([1-4])))?$/i.exec(text) ?? [];
  if (year === undefined) return undefined;
  const ofYear = Number(year);
  if (week !== undefined) {
    // Week 1 is the one with 4 January in it.
    const startWall = addWall(floorWall(wallDate(ofYear, 1, 4), 'w'), Number(week) - 1, 'w');
    if (new Date(startWall + 3 * DAY_MS).getUTCFullYear() !== ofYear)
      throw new Refusal('names a week that the year does not have');
    return { startWall, endWall: startWall + 7 * DAY_MS, spoken: false };
  }
  if (quarter !== undefined) return unitAt(wallDate(ofYear, Number(quarter) * 3, 1), 'Q', false);
  if (month === undefined) return unitAt(wallDate(ofYear, 1, 1), 'y', false);
  if (day !== undefined) return dayAt(checkedDate(ofYear, Number(month), Number(day)), false);
  return unitAt(checkedDate(ofYear, Number(month), 1), 'M', false);
}

/** `3 November 2026`, `Nov 3rd, 2026`, `November 2026`, and without a year the last one that has begun. */
function parseNamedMonth(text: string, nowWall: number): Period | undefined {
  const found =
    /^(?:(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?([a-z]+)\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?(?:,?\s+(\d{4}))?$/.exec(
      text,
    );
  const [, dayBefore, name = '', dayAfter, year] = found ?? [];
  const month = placeOf(name, MONTHS, MONTH_SHORT);
  if (month === undefined || (dayBefore !== undefined && dayAfter !== undefined)) return undefined;
  const day = dayBefore ?? dayAfter;
  const inYear = (number: number): Period =>
    day === undefined
      ? unitAt(wallDate(number, month + 1, 1), 'M', true)
      : dayAt(checkedDate(number, month + 1, Number(day)), true);
  if (year !== undefined) return inYear(Number(year));
  const thisYear = new Date(nowWall).getUTCFullYear();
  return wallDate(thisYear, month + 1, Number(day ?? 1)) <= nowWall ? inYear(thisYear) : inYear(thisYear - 1);
}

/** `monday` is today or the last one, `last monday` before today, `this monday` the one of this week. */
function parseWeekday(text: string, today: number): Period | undefined {
  const [, which, name = ''] = /^(?:on\s+)?(?:(last|this|next)\s+)?([a-z]+\.?)$/.exec(text) ?? [];
  const place = placeOf(name, WEEKDAYS, WEEKDAY_SHORT);
  if (place === undefined) return undefined;
  const inThisWeek = floorWall(today, 'w') + place * DAY_MS;
  if (which === 'this') return dayAt(inThisWeek, true);
  if (which === 'next') return dayAt(inThisWeek <= today ? addWall(inThisWeek, 1, 'w') : inThisWeek, true);
  const isAhead = which === 'last' ? inThisWeek >= today : inThisWeek > today;
  return dayAt(isAhead ? addWall(inThisWeek, -1, 'w') : inThisWeek, true);
}

/** One day; a clock time may stand beside it. */
export function parseDay(typed: string, nowWall: number): Period | undefined {
  const text = typed.toLowerCase();
  const today = floorWall(nowWall, 'd');
  switch (text) {
    case 'today':
      return dayAt(today, true);
    case 'yesterday':
      return dayAt(today - DAY_MS, true);
    case 'tomorrow':
      return dayAt(today + DAY_MS, true);
    case 'day before yesterday':
    case 'the day before yesterday':
      return dayAt(today - 2 * DAY_MS, true);
  }
  if (/^\d{1,2}[/.]\d{1,2}([/.]\d{2,4})?$|^\d{4}[/.]\d{1,2}[/.]\d{1,2}$/.test(text))
    throw new Refusal('is ambiguous, because dates are written in that way in different orders');
  const found = parseIso(text) ?? parseWeekday(text, today) ?? parseNamedMonth(text, nowWall);
  return found !== undefined && found.endWall - found.startWall === DAY_MS ? found : undefined;
}

const UNIT_OF: Readonly<Record<string, CalendarUnit>> = {
  day: 'd',
  week: 'w',
  month: 'M',
  quarter: 'Q',
  year: 'y',
};

/** Longer than a day: `2026-11`, `november`, `this week`, `last month`, `previous day`. Weeks start on Monday. */
export function parsePeriod(typed: string, nowWall: number): Period | undefined {
  const text = typed.toLowerCase().replace(/^the\s+/, '');
  const [, which, word = ''] =
    /^(this|current|last|previous|next)\s+(day|week|month|quarter|year)$/.exec(text) ?? [];
  const unit = UNIT_OF[word];
  if (unit === undefined || which === undefined) return parseIso(text) ?? parseNamedMonth(text, nowWall);
  const count = which === 'next' ? 1 : which === 'this' || which === 'current' ? 0 : -1;
  return unitAt(addWall(floorWall(nowWall, unit), count, unit), unit, true);
}
