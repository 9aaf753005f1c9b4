/** What calendar and clock show at an instant: proleptic Gregorian, any year, the year 0 before 1. */
export interface Clock {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 1 to 366. */
  readonly yearDay: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const DAY_MS = 86_400_000n;
/** Days of the 400 years after which the calendar repeats itself. */
const ERA_DAYS = 146_097;
/** Days from 0000-03-01, where the first era starts, to the epoch. */
const EPOCH_DAY = 719_468;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Reads the clock that shows 1970-01-01 00:00 at 0. Any 64-bit count of milliseconds will do; a Date holds fewer. */
export function clockAt(ms: bigint): Clock {
  const msOfDay = Number(((ms % DAY_MS) + DAY_MS) % DAY_MS);
  const days = Number((ms - BigInt(msOfDay)) / DAY_MS);

  // Years are counted from 1 March, so that the leap day is a year's last.
  const era = Math.floor((days + EPOCH_DAY) / ERA_DAYS);
  const dayOfEra = days + EPOCH_DAY - era * ERA_DAYS;
  const leapDays =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayFromMarch = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayFromMarch + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);

  return {
    year,
    month,
    day: dayFromMarch - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    yearDay: month <= 2 ? dayFromMarch - 305 : dayFromMarch + (isLeap(year) ? 61 : 60),
    weekday: (((days + 4) % 7) + 7) % 7,
    hour: Math.floor(msOfDay / 3_600_000),
    minute: Math.floor(msOfDay / 60_000) % 60,
    second: Math.floor(msOfDay / 1_000) % 60,
    millisecond: msOfDay % 1_000,
  };
}
