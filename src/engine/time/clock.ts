import { Refusal } from './refusal.ts';

const CLOCK = /^(?:at\s+)?(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(?:\s*([ap])\.?m\.?)?$/i;
const NAMED: ReadonlyMap<string, number> = new Map([
  ['midnight', 0],
  ['noon', 43_200_000],
]);

/** Milliseconds of the day; digits past the millisecond are cut off. Hour 24 is the day's end. */
export function clockMs(
  hours: string,
  minutes: string | undefined,
  seconds: string | undefined,
  fraction: string | undefined,
): number {
  const [hour, minute, second] = [Number(hours), Number(minutes ?? 0), Number(seconds ?? 0)];
  const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  const ofDay = ((hour * 60 + minute) * 60 + second) * 1_000 + ms;
  if (minute > 59 || second > 59 || ofDay > 86_400_000) throw new Refusal('names a time that no clock shows');
  return ofDay;
}

/** A time of day, in milliseconds since midnight on the clock: `10:00`, `10:00:30`, `3pm`, `noon`. */
export function parseClock(text: string): number | undefined {
  const named = NAMED.get(text.toLowerCase().replace(/^at\s+/, ''));
  if (named !== undefined) return named;
  const [, hours, minutes, seconds, fraction, half] = CLOCK.exec(text) ?? [];
  // A number alone may be anything.
  if (hours === undefined || (minutes === undefined && half === undefined)) return undefined;
  if (half === undefined) return clockMs(hours, minutes, seconds, fraction);
  if (Number(hours) < 1 || Number(hours) > 12) throw new Refusal('names a time that no clock shows');
  const hour = (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  return clockMs(String(hour), minutes, seconds, fraction);
}
