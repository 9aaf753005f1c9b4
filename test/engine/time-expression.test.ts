import { describe, expect, test } from 'vitest';
import { makeTimeRange, parseTimeExpression } from '../../src/engine/time/index.ts';
import { UserError } from '../../src/support/errors.ts';

/** Text, start, end; no end means now. Times are UTC, `2026-11-18` its midnight. */
type Row = readonly [text: string, start: string, end?: string];

const utc = (text: string): number => Date.parse(text.includes('T') ? `${text}Z` : text);
const iso = (ms: number): string => new Date(ms).toISOString();

function parse(text: string, now: string, timezone?: string) {
  return parseTimeExpression(text, {
    nowMs: utc(now),
    ...(timezone === undefined ? {} : { timezone }),
  });
}

function describeRows(name: string, now: string, timezone: string | undefined, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows.map(([text, start, end]) => ({ text, start, end })))('$text', ({ text, start, end }) => {
      const result = parse(text, now, timezone);
      if (!result.ok) throw new Error(result.message);
      const { startEpochMs, endEpochMs } = result.range;
      expect([iso(startEpochMs), iso(endEpochMs)]).toEqual([iso(utc(start)), iso(utc(end ?? now))]);
      expect(result.range.originalExpression).toBe(text);
    });
  });
}

/** A Wednesday. */
const NOW = '2026-11-18T14:37:12.345';

describeRows('back from now', NOW, undefined, [
  ['last 1h', '2026-11-18T13:37:12.345'],
  ['last 15 minutes', '2026-11-18T14:22:12.345'],
  ['last 15m', '2026-11-18T14:22:12.345'],
  ['past 30 min', '2026-11-18T14:07:12.345'],
  ['Last 90 Seconds', '2026-11-18T14:35:42.345'],
  ['last 500ms', '2026-11-18T14:37:11.845'],
  ['LAST 24 HOURS', '2026-11-17T14:37:12.345'],
  ['last 2 days', '2026-11-16T14:37:12.345'],
  ['last 2 weeks', '2026-11-04T14:37:12.345'],
  ['last 3mo', '2026-08-18T14:37:12.345'],
  ['last 2 months', '2026-09-18T14:37:12.345'],
  ['last 2y', '2024-11-18T14:37:12.345'],
  ['last hour', '2026-11-18T13:37:12.345'],
  ['in the last hour', '2026-11-18T13:37:12.345'],
  ['last day', '2026-11-17T14:37:12.345'],
  ['past week', '2026-11-11T14:37:12.345'],
  ['over the past 3 days', '2026-11-15T14:37:12.345'],
  ['last 1.5h', '2026-11-18T13:07:12.345'],
  ['last half hour', '2026-11-18T14:07:12.345'],
  ['half an hour', '2026-11-18T14:07:12.345'],
  ['last three hours', '2026-11-18T11:37:12.345'],
  ['1h30m', '2026-11-18T13:07:12.345'],
  ['last 1 hour and 5 minutes', '2026-11-18T13:32:12.345'],
  ['PT1H', '2026-11-18T13:37:12.345'],
  ['P1DT12H', '2026-11-17T02:37:12.345'],
  ['2 hours ago', '2026-11-18T12:37:12.345'],
  ['  last   1h ', '2026-11-18T13:37:12.345'],
]);

describeRows('as Grafana writes it', NOW, undefined, [
  ['now-1h', '2026-11-18T13:37:12.345'],
  ['now-h', '2026-11-18T13:37:12.345'],
  ['now-1h to now', '2026-11-18T13:37:12.345'],
  ['now - 1h to now', '2026-11-18T13:37:12.345'],
  ['from now-6h to now-3h', '2026-11-18T08:37:12.345', '2026-11-18T11:37:12.345'],
  ['now-5m to now+5m', '2026-11-18T14:32:12.345', '2026-11-18T14:42:12.345'],
  ['now-7d/d', '2026-11-11'],
  ['now-7d/d to now/d', '2026-11-11', '2026-11-19'],
  ['now-1d/d to now-1d/d', '2026-11-17', '2026-11-18'],
  ['now/w', '2026-11-16'],
  ['now/h', '2026-11-18T14:00'],
  ['now-1M/M to now-1M/M', '2026-10-01', '2026-11-01'],
  ['now-1Q/Q to now-1Q/Q', '2026-07-01', '2026-10-01'],
  ['now-1y/y to now-1y/y', '2025-01-01', '2026-01-01'],
  ['now/d+8h', '2026-11-18T08:00'],
]);

describeRows('days and longer', NOW, undefined, [
  ['today', '2026-11-18'],
  ['yesterday', '2026-11-17', '2026-11-18'],
  ['the day before yesterday', '2026-11-16', '2026-11-17'],
  ['this week', '2026-11-16'],
  ['last week', '2026-11-09', '2026-11-16'],
  ['this month', '2026-11-01'],
  ['this month so far', '2026-11-01'],
  ['month to date', '2026-11-01'],
  ['last month', '2026-10-01', '2026-11-01'],
  ['last quarter', '2026-07-01', '2026-10-01'],
  ['this year', '2026-01-01'],
  ['last year', '2025-01-01', '2026-01-01'],
  ['previous day', '2026-11-17', '2026-11-18'],
  ['this hour', '2026-11-18T14:00'],
  ['monday', '2026-11-16', '2026-11-17'],
  ['last monday', '2026-11-16', '2026-11-17'],
  ['wednesday', '2026-11-18'],
  ['last wednesday', '2026-11-11', '2026-11-12'],
  ['on tue', '2026-11-17', '2026-11-18'],
  ['this monday', '2026-11-16', '2026-11-17'],
  ['november', '2026-11-01'],
  ['december', '2025-12-01', '2026-01-01'],
  ['3 Nov 2026', '2026-11-03', '2026-11-04'],
  ['Nov 3rd, 2026', '2026-11-03', '2026-11-04'],
]);

describeRows('since', NOW, undefined, [
  ['since 2h', '2026-11-18T12:37:12.345'],
  ['since 2h ago', '2026-11-18T12:37:12.345'],
  ['since 10:00', '2026-11-18T10:00'],
  ['since 16:00', '2026-11-17T16:00'],
  ['since 9am', '2026-11-18T09:00'],
  ['since noon', '2026-11-18T12:00'],
  ['since 2026-11-01', '2026-11-01'],
  ['since 2026-11-01T10:00Z', '2026-11-01T10:00'],
  ['since yesterday', '2026-11-17'],
  ['since last week', '2026-11-09'],
  ['since monday', '2026-11-16'],
  ['from monday 09:30', '2026-11-16T09:30'],
]);

describeRows('from one end to the other', NOW, undefined, [
  ['yesterday 10:00 to 12:00', '2026-11-17T10:00', '2026-11-17T12:00'],
  ['yesterday 10:00-12:00', '2026-11-17T10:00', '2026-11-17T12:00'],
  ['yesterday between 10:00 and 12:00', '2026-11-17T10:00', '2026-11-17T12:00'],
  ['between 10:00 and 12:00 yesterday', '2026-11-17T10:00', '2026-11-17T12:00'],
  ['yesterday from 10am to 3:30 pm', '2026-11-17T10:00', '2026-11-17T15:30'],
  ['yesterday 22:00 to 02:00', '2026-11-17T22:00', '2026-11-18T02:00'],
  ['10:00 to 12:00', '2026-11-18T10:00', '2026-11-18T12:00'],
  ['16:00 to 18:00', '2026-11-17T16:00', '2026-11-17T18:00'],
  ['16:00 to now', '2026-11-17T16:00'],
  ['2h ago to 1h ago', '2026-11-18T12:37:12.345', '2026-11-18T13:37:12.345'],
  ['monday to tuesday', '2026-11-16', '2026-11-18'],
  ['last monday until now', '2026-11-16'],
  ['2026-11-01 to 2026-11-03', '2026-11-01', '2026-11-04'],
  ['between 2026-11-01 and 2026-11-02', '2026-11-01', '2026-11-03'],
  ['from 2026-11-01 until 2026-11-02', '2026-11-01', '2026-11-03'],
  ['2026-11-01 - 2026-11-03', '2026-11-01', '2026-11-04'],
  ['2026-11-01..2026-11-03', '2026-11-01', '2026-11-04'],
  ['2026-11-01 10:00 to 12:00', '2026-11-01T10:00', '2026-11-01T12:00'],
  ['2026-11-01 10:00:00 to 2026-11-02 11:00:30', '2026-11-01T10:00', '2026-11-02T11:00:30'],
]);

describeRows('ISO 8601 and the epoch', NOW, undefined, [
  ['2026-11-01', '2026-11-01', '2026-11-02'],
  ['2026-11-18', '2026-11-18', '2026-11-19'],
  ['2026-11', '2026-11-01', '2026-12-01'],
  ['2026', '2026-01-01', '2027-01-01'],
  ['2026-W46', '2026-11-09', '2026-11-16'],
  ['2026-Q3', '2026-07-01', '2026-10-01'],
  ['2026-11-01T10:00:00Z', '2026-11-01T10:00'],
  ['2026-11-01T10:00:00.1239Z', '2026-11-01T10:00:00.123'],
  ['2026-11-01T10:00+02:00', '2026-11-01T08:00'],
  ['2026-11-01T10:00:00-0530', '2026-11-01T15:30'],
  ['2026-11-01 10:00:00-05:00', '2026-11-01T15:00'],
  ['2026-11-01T10:00Z/2026-11-01T12:00Z', '2026-11-01T10:00', '2026-11-01T12:00'],
  ['2026-11-01/2026-11-03', '2026-11-01', '2026-11-04'],
  ['2026-11-01T10:00/12:00', '2026-11-01T10:00', '2026-11-01T12:00'],
  ['2026-11-01T10:00Z/PT2H', '2026-11-01T10:00', '2026-11-01T12:00'],
  ['PT2H/2026-11-01T10:00Z', '2026-11-01T08:00', '2026-11-01T10:00'],
  ['1774969800 to 1774973400', '2026-03-31T15:10', '2026-03-31T16:10'],
  ['1774969800.5/1774973400', '2026-03-31T15:10:00.500', '2026-03-31T16:10'],
  ['1774969800000 - 1774973400000', '2026-03-31T15:10', '2026-03-31T16:10'],
  ['1774969800', '2026-03-31T15:10'],
]);

describeRows('a zone at the end', NOW, 'America/New_York', [
  ['yesterday', '2026-11-17T05:00', '2026-11-18T05:00'],
  ['yesterday Europe/Berlin', '2026-11-16T23:00', '2026-11-17T23:00'],
  ['yesterday in Asia/Kolkata', '2026-11-16T18:30', '2026-11-17T18:30'],
  ['today (UTC)', '2026-11-18'],
  ['last 1h UTC', '2026-11-18T13:37:12.345'],
  ['now-1d/d to now-1d/d Europe/Berlin', '2026-11-16T23:00', '2026-11-17T23:00'],
  ['2026-11-01T10:00:00Z/PT1H', '2026-11-01T10:00', '2026-11-01T11:00'],
]);

describeRows('the day after clocks went forward in Berlin', '2026-03-30T10:00', 'Europe/Berlin', [
  ['yesterday', '2026-03-28T23:00', '2026-03-29T22:00'],
  ['now-1d/d to now-1d/d', '2026-03-28T23:00', '2026-03-29T22:00'],
  ['2026-03-29', '2026-03-28T23:00', '2026-03-29T22:00'],
  ['today', '2026-03-29T22:00'],
  ['last 1d', '2026-03-29T10:00'],
  ['last 2d', '2026-03-28T11:00'],
  ['last 48h', '2026-03-28T10:00'],
  ['last week', '2026-03-22T23:00', '2026-03-29T22:00'],
  // No clock showed 02:30: it counts on from before the jump.
  ['yesterday 02:30 to 04:00', '2026-03-29T01:30', '2026-03-29T02:00'],
]);

describeRows('the day after clocks went back in Berlin', '2026-10-26T11:00', 'Europe/Berlin', [
  ['yesterday', '2026-10-24T22:00', '2026-10-25T23:00'],
  ['last 2d', '2026-10-24T10:00'],
  ['this month', '2026-09-30T22:00'],
  // 02:30 came twice: the first is taken.
  ['yesterday 02:30 to 03:30', '2026-10-25T00:30', '2026-10-25T02:30'],
]);

describeRows('within the second 02:30 of that night', '2026-10-25T01:30', 'Europe/Berlin', [
  ['this hour', '2026-10-25T01:00'],
  ['now/h', '2026-10-25T01:00'],
  ['last 1h', '2026-10-25T00:30'],
  ['last 1d', '2026-10-24T00:30'],
  ['since 02:00', '2026-10-25T00:00'],
]);

describeRows('the day after clocks went forward in New York', '2026-03-09T12:00', 'America/New_York', [
  ['yesterday', '2026-03-08T05:00', '2026-03-09T04:00'],
  ['last 1 day', '2026-03-08T12:00'],
  ['now-2d', '2026-03-07T13:00'],
]);

describeRows('the day after clocks went back in New York', '2026-11-02T12:00', 'America/New_York', [
  ['yesterday', '2026-11-01T04:00', '2026-11-02T05:00'],
  ['last week', '2026-10-26T04:00', '2026-11-02T05:00'],
  ['yesterday 01:30 to 03:00', '2026-11-01T05:30', '2026-11-01T08:00'],
]);

describeRows('zones of half hours, and days without a midnight', '2026-11-18T20:00', 'Asia/Kolkata', [
  ['today', '2026-11-18T18:30'],
  ['this hour', '2026-11-18T19:30'],
  ['2026-11-01 10:00 to 12:00', '2026-11-01T04:30', '2026-11-01T06:30'],
  ['2018-11-04 America/Sao_Paulo', '2018-11-04T03:00', '2018-11-05T02:00'],
]);

describeRows('around a leap day', '2024-02-29T12:00', undefined, [
  ['last 1y', '2023-02-28T12:00'],
  ['last 4 years', '2020-02-29T12:00'],
  ['today', '2024-02-29'],
  ['this month', '2024-02-01'],
  ['last 1mo', '2024-01-29T12:00'],
]);
describeRows('the day after a leap day', '2024-03-01T00:30', undefined, [
  ['yesterday', '2024-02-29', '2024-03-01'],
  ['last month', '2024-02-01', '2024-03-01'],
]);
describeRows('at the end of a long month', '2026-03-31T12:00', undefined, [
  ['last 1 month', '2026-02-28T12:00'],
  ['now-1M', '2026-02-28T12:00'],
]);

describeRows('as a year begins', '2027-01-01T00:30', undefined, [
  ['yesterday', '2026-12-31', '2027-01-01'],
  ['last month', '2026-12-01', '2027-01-01'],
  ['last year', '2026-01-01', '2027-01-01'],
  ['this year', '2027-01-01'],
  ['last week', '2026-12-21', '2026-12-28'],
  ['2026-W53', '2026-12-28', '2027-01-04'],
  ['december', '2026-12-01', '2027-01-01'],
  ['this year America/New_York', '2026-01-01T05:00'],
  ['today America/New_York', '2026-12-31T05:00'],
]);

describe('the zone of the range', () => {
  const zoneOf = (text: string, timezone?: string) => {
    const result = parse(text, NOW, timezone);
    return result.ok ? result.range.timezone : result.message;
  };
  test('is UTC unless another is given, and the text rules', () => {
    expect(zoneOf('yesterday')).toBe('UTC');
    expect(zoneOf('yesterday', '')).toBe('UTC');
    expect(zoneOf('yesterday', 'Europe/Berlin')).toBe('Europe/Berlin');
    expect(zoneOf('yesterday Asia/Kolkata', 'Europe/Berlin')).toBe('Asia/Kolkata');
  });

  test('is an exact IANA name, which Intl alone would not ask for', () => {
    expect(zoneOf('yesterday', 'europe/berlin')).toBe(
      'The time zone "europe/berlin" is not known; write Europe/Berlin, upper and lower case count.',
    );
    expect(zoneOf('yesterday mars/Base')).toContain('The time zone "mars/Base" is not known; write an IANA');
    expect(zoneOf('yesterday UTC+2')).toContain('The time zone "UTC+2" is not known');
    for (const zone of ['Asia/Kolkata', 'Asia/Calcutta', 'CET', 'US/Eastern', 'Europe/Kyiv'])
      expect(zoneOf('today', zone)).toBe(zone);
  });
});

describe('what is refused', () => {
  test.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['gibberish', 'is not understood'],
    ['5', 'is not understood'],
    ['12345', 'is not understood'],
    ['last few hours', 'is not understood'],
    ['last -5m', 'is not understood'],
    ['now-1x', 'is not understood'],
    ['last 1.5d', 'counts days, weeks, months or years in fractions'],
    ['last 5M', 'is ambiguous, because M may be minutes (m) or months (mo)'],
    ['03/04/2026', 'is ambiguous, because dates are written in that way in different orders'],
    ['2026-11-01 10:00-12:00', 'is ambiguous, because -12:00 may be an offset or the end of a range'],
    ['yesterday to 12:00', 'is ambiguous, because one end is a time without a day'],
    ['10:00 to yesterday', 'is ambiguous, because one end is a time without a day'],
    ['2026-02-30', 'names a day that the calendar does not have'],
    ['2025-02-29', 'names a day that the calendar does not have'],
    ['2026-13', 'names a day that the calendar does not have'],
    ['2025-W53', 'names a week that the year does not have'],
    ['2011-12-30 Pacific/Apia', 'names a day that Pacific/Apia never had'],
    ['yesterday 25:00', 'names a time that no clock shows'],
    ['since 13pm', 'names a time that no clock shows'],
    ['2026-11-01T10:00+18:00', 'has an offset that no zone has, +18:00'],
    ['2026-11-05 to 2026-11-01', 'ends before it starts, at 2026-11-02T00:00:00.000Z and 2026-11-05T'],
    ['now', 'covers no time at all'],
    ['now to now', 'covers no time at all'],
    ['since now', 'covers no time at all'],
    ['PT0.0001S', 'covers no time at all'],
    ['last 0h', 'covers no time at all'],
    ['tomorrow', 'lies in the future'],
    ['this friday', 'lies in the future'],
    ['now+1h', 'lies in the future'],
    ['in 15m', 'lies in the future'],
    ['2026-12-01', 'lies in the future'],
    ['now to now+1h', 'lies in the future'],
    ['last 101 years', 'covers more than 100 years'],
    ['last 99999999999999h', 'covers more than 100 years'],
    ['1900-01-01 to now', 'covers more than 100 years'],
    ['last 999999999d', 'reaches beyond the years 1 to 9999'],
    ['until yesterday', 'has an end and no start'],
    ['Europe/Berlin', 'names a time zone and no time'],
    ['yesterday utc', 'ends in utc, which must be UTC'],
    ['yesterday PST', 'ends in PST, which is not the IANA name of a time zone'],
    ['a'.repeat(201), 'is longer than 200 characters'],
  ])('%s', (text, reason) => {
    const result = parse(text, NOW);
    if (result.ok) throw new Error(`${iso(result.range.startEpochMs)} to ${iso(result.range.endEpochMs)}`);
    const named = text.length > 80 ? `"${text.slice(0, 80)}…"` : JSON.stringify(text);
    expect(result.message).toContain(`The time expression ${named} ${reason}`);
    expect(result.message).toMatch(/; write for instance last 15m, yesterday, .+\.$/);
    expect(result.message).not.toContain('\n');
  });

  test('text made to be slow to read is refused as any other', () => {
    for (const part of ['1h ', '1 to ', '10:00-', 'a/', '((', 'between and ', 'now-1h/', '9'])
      expect(parse(part.repeat(200).slice(0, 199), NOW).ok).toBe(false);
  });
});

test('today at midnight is empty rather than an error', () => {
  expect(parse('today', '2026-11-18')).toMatchObject({
    range: { startEpochMs: utc('2026-11-18'), endEpochMs: utc('2026-11-18') },
  });
});

/** Numbers that come again in every run (xorshift32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe('for any number, zone and time', () => {
  const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];
  const next = seeded(20_261_118);
  const cases = Array.from({ length: 2_000 }, () => ({
    nowMs: 1_500_000_000_000 + next(4_000_000_000) * 150,
    count: 1 + next(800),
    timezone: ZONES[next(ZONES.length)] ?? 'UTC',
    unit: next(4),
  }));

  test('"last N unit" of fixed units is plain arithmetic', () => {
    const units = [
      ['ms', 1],
      ['s', 1_000],
      ['minutes', 60_000],
      ['h', 3_600_000],
    ] as const;
    for (const { nowMs, count, timezone, unit } of cases) {
      const [word, size] = units[unit] ?? units[0];
      for (const text of [`last ${count} ${word}`, `since ${count}${word}`, `past ${count}${word}`])
        expect(parseTimeExpression(text, { nowMs, timezone })).toEqual({
          ok: true,
          range: {
            startEpochMs: nowMs - count * size,
            endEpochMs: nowMs,
            timezone,
            originalExpression: text,
          },
        });
    }
  });

  test('"last N days" keeps the clock; a time that clocks jumped over is up to an hour later', () => {
    let jumped = 0;
    for (const { nowMs, count, timezone } of cases) {
      const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeStyle: 'medium' });
      const secondOfDay = (ms: number): number => Date.parse(`1970-01-01T${format.format(ms)}Z`) / 1_000;
      const result = parseTimeExpression(`last ${count} days`, { nowMs, timezone });
      const startMs = result.ok ? result.range.startEpochMs : Number.NaN;
      expect(Math.abs(nowMs - startMs - count * 86_400_000)).toBeLessThanOrEqual(3_600_000);
      const later = (secondOfDay(startMs) - secondOfDay(nowMs) + 86_400) % 86_400;
      expect(later).toBeLessThanOrEqual(3_600);
      if (later > 0) jumped += 1;
    }
    expect(jumped).toBeLessThan(cases.length / 200);
  });
});

test('whatever words stand together, the answer is a range or one sentence', () => {
  const words = `last past this since from to until between and now - + / .. today yesterday monday week month
    1 5 15 2026 2026-11-01 2026-13-01 T10:00 10:00 24:00 3pm noon h M d y 1h 15m now-1h now-7d/d /d PT1H P1Y ago
    UTC Europe/Berlin america/new_york Z +02:00 1774969800 9999999999999 9999-12-31 0001-01-01 november 29 half
    an the in so far 2026-W53 99999999999999 now+1h now-9999y`.split(/\s+/);
  const next = seeded(99);
  for (let round = 0; round < 5_000; round += 1) {
    const text = Array.from({ length: 1 + next(6) }, () => words[next(words.length)]).join(
      next(4) ? ' ' : '',
    );
    const result = parse(text, NOW, next(2) ? 'Europe/Berlin' : 'UTC');
    if (!result.ok) {
      expect(result.message).toMatch(/^The time (expression|zone) ".+[.]$/);
      continue;
    }
    const { startEpochMs, endEpochMs } = result.range;
    expect(Number.isSafeInteger(startEpochMs) && Number.isSafeInteger(endEpochMs)).toBe(true);
    expect(startEpochMs).toBeLessThanOrEqual(endEpochMs);
    expect(startEpochMs).toBeLessThanOrEqual(utc(NOW));
  }
});

describe('the flags of the command line', () => {
  const nowMs = utc(NOW);
  const spanOf = (flags: Parameters<typeof makeTimeRange>[0]) => {
    const range = makeTimeRange(flags, nowMs);
    return range === undefined ? undefined : [iso(range.startEpochMs), iso(range.endEpochMs)];
  };
  const messageFor = (flags: Parameters<typeof makeTimeRange>[0]): string => {
    try {
      return JSON.stringify(makeTimeRange(flags, nowMs));
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ kind: 'usage', code: 'invalid-time-range' });
      return (error as UserError).message;
    }
  };

  test('give a range', () => {
    expect(spanOf({})).toBeUndefined();
    expect(spanOf({ since: '1h' })).toEqual([iso(nowMs - 3_600_000), iso(nowMs)]);
    expect(spanOf({ since: '2026-11-01', timezone: 'Europe/Berlin' })).toEqual([
      '2026-10-31T23:00:00.000Z',
      iso(nowMs),
    ]);
    expect(spanOf({ from: 'now-2h' })).toEqual([iso(nowMs - 7_200_000), iso(nowMs)]);
    expect(spanOf({ from: 'yesterday 10:00', to: '12:00' })).toEqual([
      '2026-11-17T10:00:00.000Z',
      '2026-11-17T12:00:00.000Z',
    ]);
    expect(spanOf({ expression: 'yesterday' })).toEqual([
      '2026-11-17T00:00:00.000Z',
      '2026-11-18T00:00:00.000Z',
    ]);
    expect(makeTimeRange({ from: '2026-11-01', to: '2026-11-02', timezone: 'UTC' }, nowMs)).toMatchObject({
      timezone: 'UTC',
      originalExpression: '2026-11-01 to 2026-11-02',
    });
  });

  test('exclude one another', () => {
    expect(messageFor({ since: '1h', from: 'now-2h' })).toBe(
      'Give one of --since and --from, not both: each is a whole time range.',
    );
    expect(messageFor({ since: '1h', to: 'now' })).toContain('Give one of --since and --to');
    expect(messageFor({ since: '1h', expression: 'today' })).toContain('--since and a time expression');
    expect(messageFor({ to: 'now' })).toBe('--to now is the end of a range without a start.');
    expect(messageFor({ timezone: 'UTC' })).toContain('--tz UTC says which zone times are of');
    expect(messageFor({ timezone: 'utc', since: '1h' })).toContain('The time zone "utc" is not known');
    expect(messageFor({ timezone: 'UTC', expression: 'today Europe/Berlin' })).toBe(
      '--tz UTC and the zone Europe/Berlin in the text differ: give one of them.',
    );
  });

  test('name what they cannot read', () => {
    expect(messageFor({ since: 'soon' })).toContain('The time expression "since soon" is not understood');
    expect(messageFor({ from: 'soon', to: 'now' })).toContain('"soon to now" is not understood');
  });
});
