import { zoneNames } from '../../support/zone-names.ts';
import { Refusal } from './refusal.ts';

/**
 * Clocks of time zones by Intl alone. A "wall" time is what calendar and clock show, as the UTC milliseconds at
 * which a clock in UTC shows the same: calendar arithmetic is done on these.
 */

const DAY_MS = 86_400_000;
/** 1 January of the years 1 and 10000: what ISO 8601 writes with four digits, and far within a Date's reach. */
const EARLIEST_MS = -62_135_596_800_000;
const LATEST_MS = 253_402_300_800_000;
/** A formatter weighs some 50 kB, and a zone name may come from anyone. */
const FORMATTERS_KEPT = 16;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const kept = formatters.get(zone);
  if (kept !== undefined) return kept;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  for (const oldest of formatters.keys()) {
    if (formatters.size < FORMATTERS_KEPT) break;
    formatters.delete(oldest);
  }
  formatters.set(zone, made);
  return made;
}

/** True for an IANA name in its exact spelling, as Go demands: Intl alone would take any case. */
export function isZone(name: string): boolean {
  if (!zoneNames().has(name)) return false;
  try {
    formatterOf(name);
    return true;
  } catch {
    // The zone data of this Node is older than the list of names.
    return false;
  }
}

/** The right spelling of a name that is wrong in nothing but upper and lower case. */
export function findSpelling(name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const known of zoneNames()) if (known.toLowerCase() === wanted) return known;
  return undefined;
}

function checkReach(ms: number): number {
  if (ms >= EARLIEST_MS && ms < LATEST_MS) return ms;
  throw new Refusal('reaches beyond the years 1 to 9999');
}

/** Milliseconds east of UTC at an instant. Intl writes them as `GMT-00:44:30`, and none as `GMT`. */
function offsetMs(ms: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const [, sign, hours, minutes, seconds] =
    /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(formatterOf(zone).format(ms)) ?? [];
  const size = Number(hours ?? 0) * 3_600_000 + Number(minutes ?? 0) * 60_000 + Number(seconds ?? 0) * 1_000;
  return sign === '-' ? -size : size;
}

/** What the clocks of the zone show at an instant. */
export function toWall(ms: number, zone: string): number {
  return checkReach(ms) + offsetMs(ms, zone);
}

/**
 * When the clocks of the zone show a wall time. Of two such instants (clocks were set back) the earlier; a time
 * that clocks jump over counts on from before the jump, 02:30 becoming 03:30. The rule of RFC 5545, 3.3.5.
 */
export function fromWall(wall: number, zone: string): number {
  checkReach(wall);
  const before = offsetMs(wall - DAY_MS, zone);
  const after = offsetMs(wall + DAY_MS, zone);
  if (before === after) return wall - before;
  // The larger offset gives the earlier instant.
  const offset = [Math.max(before, after), Math.min(before, after)].find(
    (candidate) => offsetMs(wall - candidate, zone) === candidate,
  );
  return wall - (offset ?? before);
}
