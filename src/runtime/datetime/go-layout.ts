import type { Clock } from './clock.ts';

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * Everything that Go's reference time `Mon Jan 2 15:04:05 MST 2006` gives a meaning; all else is literal.
 * `Jan` and `Mon` before a lower-case letter are words (`Month`), and so is a fraction before a digit.
 * Source: the documentation of Go's package time, "Constants".
 */
const CHUNK =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|__2|_2006|_2|[345]|PM|pm|[-Z]07(?:0000|:00:00|00|:00)?|[.,](?:0+|9+)(?![0-9])/g;

/** Zeros come after the sign and do not count it: year -5 is `-0005`. */
function pad(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(width, '0');
  return value < 0 ? `-${digits}` : digits;
}

const hour12 = (clock: Clock): number => clock.hour % 12 || 12;
const monthName = (clock: Clock): string => MONTHS[clock.month - 1] ?? '';
const weekdayName = (clock: Clock): string => WEEKDAYS[clock.weekday] ?? '';

const CHUNKS: Readonly<Record<string, (clock: Clock) => string>> = {
  '2006': (clock) => pad(clock.year, 4),
  _2006: (clock) => `_${pad(clock.year, 4)}`,
  '06': (clock) => pad(Math.abs(clock.year) % 100, 2),
  January: monthName,
  Jan: (clock) => monthName(clock).slice(0, 3),
  '01': (clock) => pad(clock.month, 2),
  '1': (clock) => String(clock.month),
  Monday: weekdayName,
  Mon: (clock) => weekdayName(clock).slice(0, 3),
  '02': (clock) => pad(clock.day, 2),
  _2: (clock) => String(clock.day).padStart(2),
  '2': (clock) => String(clock.day),
  '002': (clock) => pad(clock.yearDay, 3),
  __2: (clock) => String(clock.yearDay).padStart(3),
  '15': (clock) => pad(clock.hour, 2),
  '03': (clock) => pad(hour12(clock), 2),
  '3': (clock) => String(hour12(clock)),
  '04': (clock) => pad(clock.minute, 2),
  '4': (clock) => String(clock.minute),
  '05': (clock) => pad(clock.second, 2),
  '5': (clock) => String(clock.second),
  PM: (clock) => (clock.hour < 12 ? 'AM' : 'PM'),
  pm: (clock) => (clock.hour < 12 ? 'am' : 'pm'),
  MST: () => 'UTC',
};

/** `.000` keeps its zeros; `.999` drops trailing ones, and the point with them. Nine digits are the most. */
function fraction(chunk: string, clock: Clock): string {
  const digits = `${pad(clock.millisecond, 3)}000000`.slice(0, chunk.length - 1);
  const kept = chunk[1] === '9' ? digits.replace(/0+$/, '') : digits;
  return kept === '' ? '' : `${chunk[0]}${kept}`;
}

/** Prints a clock by a layout of Go's `time.Format`; zone chunks as those of UTC, for the clock knows no zone. */
export function formatLayout(clock: Clock, layout: string): string {
  return layout.replace(CHUNK, (chunk) => {
    const plain = CHUNKS[chunk];
    if (plain !== undefined) return plain(clock);
    switch (chunk[0]) {
      case 'Z':
        return 'Z';
      case '-':
        return chunk.replace('-07', '+00');
      default:
        return fraction(chunk, clock);
    }
  });
}
