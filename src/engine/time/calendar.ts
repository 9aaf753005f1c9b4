import { fromWall, toWall } from './zone.ts';

/** Units of fixed length, and those of the calendar; `M` is a month and `Q` a quarter of a year. */
export type FixedUnit = 'ms' | 's' | 'm' | 'h';
export type CalendarUnit = 'd' | 'w' | 'M' | 'Q' | 'y';
export type Unit = FixedUnit | CalendarUnit;

/** A stretch of time: the end is the first millisecond after it. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05 was a Monday: weeks start there, as in ISO 8601, whatever a locale says. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const FIXED_MS: Readonly<Record<FixedUnit, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** False for a unit of the calendar, whose length depends on when it is. */
export const isFixed = (unit: Unit): unit is FixedUnit => unit in FIXED_MS;
const floor = (ms: number, size: number): number => Math.floor(ms / size) * size;

/** A wall time from year, month (from 1) and day; months out of 1 to 12 run into other years. */
export function wallDate(year: number, month: number, day: number): number {
  // setUTCFullYear, because Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** The wall time at which the unit around a wall time starts. */
export function floorWall(wall: number, unit: CalendarUnit): number {
  const date = new Date(wall);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + 1;
  switch (unit) {
    case 'd':
      return floor(wall, DAY_MS);
    case 'w':
      return floor(wall - FIRST_MONDAY_MS, WEEK_MS) + FIRST_MONDAY_MS;
    case 'M':
      return wallDate(year, month, 1);
    case 'Q':
      return wallDate(year, month - ((month - 1) % 3), 1);
    case 'y':
      return wallDate(year, 1, 1);
    default:
      return unit satisfies never;
  }
}

/** The same clock time so many units on; a day that the month lacks becomes the month's last. */
export function addWall(wall: number, count: number, unit: CalendarUnit): number {
  switch (unit) {
    case 'd':
      return wall + count * DAY_MS;
    case 'w':
      return wall + count * WEEK_MS;
    case 'M': {
      const date = new Date(wall);
      const year = date.getUTCFullYear();
      const month = date.getUTCMonth() + 1 + count;
      const lastDay = new Date(wallDate(year, month + 1, 0)).getUTCDate();
      const day = Math.min(date.getUTCDate(), lastDay);
      return wallDate(year, month, day) + (wall - floor(wall, DAY_MS));
    }
    case 'Q':
      return addWall(wall, 3 * count, 'M');
    case 'y':
      return addWall(wall, 12 * count, 'M');
    default:
      return unit satisfies never;
  }
}

/** The instant so many units on: hours are hours, while a day later is the same clock time, 23 to 25 hours on. */
export function addUnits(ms: number, count: number, unit: Unit, zone: string): number {
  if (count === 0) return ms;
  if (isFixed(unit)) return ms + Math.round(count * FIXED_MS[unit]);
  return fromWall(addWall(toWall(ms, zone), count, unit), zone);
}

/** The instants between two wall times. */
export function spanOf(startWall: number, endWall: number, zone: string): Span {
  return { startMs: fromWall(startWall, zone), endMs: fromWall(endWall, zone) };
}

/** The unit around an instant. */
export function unitAround(ms: number, unit: Unit, zone: string): Span {
  const wall = toWall(ms, zone);
  if (isFixed(unit)) {
    // By what is left of the unit, not back from the wall: in a repeated hour that would be the first of the two.
    const startMs = ms - (wall - floor(wall, FIXED_MS[unit]));
    return { startMs, endMs: startMs + FIXED_MS[unit] };
  }
  const start = floorWall(wall, unit);
  return spanOf(start, addWall(start, 1, unit), zone);
}
