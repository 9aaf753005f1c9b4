import { describe, expect, test } from 'vitest';
import {
  formatCustom,
  formatDate,
  formatDateTime,
  formatEpochMicros,
  formatEpochMillis,
  formatEpochNanos,
  formatEpochSeconds,
  formatInTimezone,
  formatLookbackMillis,
  formatRfc3339,
  formatRfc3339Nano,
  fromDate,
  nowUtcMs,
  timeConverterFor,
  toDate,
} from '../../../src/runtime/datetime/index.ts';
import { offsetText } from '../../../src/runtime/datetime/zone.ts';
import { UserError } from '../../../src/support/errors.ts';
import { INT64_MAX, INT64_MIN } from './instants.ts';

type Format = (ms: number | bigint) => string;

/** The vectors of protocol.md §8, the column of Go. */
const VECTORS: readonly (readonly [Format, ...(readonly [number | bigint, string])[]])[] = [
  [
    formatEpochSeconds,
    [1774973400123, '1774973400.123'],
    [0, '0.000'],
    [-1, '-0.001'],
    [9007199254740993n, '9007199254740.992'],
  ],
  [formatEpochMillis, [1774973400123, '1774973400123'], [-1, '-1'], [0, '0'], [-0, '0']],
  [
    formatEpochMicros,
    [1774973400123, '1774973400123000'],
    [-1, '-1000'],
    [INT64_MAX, '-1000'],
    [INT64_MIN, '0'],
  ],
  [
    formatEpochNanos,
    [1774973400123, '1774973400123000000'],
    [-1, '-1000000'],
    [9223372036854, '9223372036854000000'],
    [9223372036855, '-9223372036854551616'],
  ],
  [
    formatRfc3339,
    [1774973400123, '2026-03-31T16:10:00Z'],
    [-1, '1969-12-31T23:59:59Z'],
    [951782400000, '2000-02-29T00:00:00Z'],
  ],
  [
    formatRfc3339Nano,
    [1774973400123, '2026-03-31T16:10:00.123Z'],
    [1774973400120, '2026-03-31T16:10:00.12Z'],
    [1774973400100, '2026-03-31T16:10:00.1Z'],
    [1775133000000, '2026-04-02T12:30:00Z'],
    [-1500, '1969-12-31T23:59:58.5Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
  ],
  [
    formatDate,
    [1774973400123, '2026-03-31'],
    [-1, '1969-12-31'],
    [951782400000, '2000-02-29'],
    [1774915200000, '2026-03-31'],
    [253402300800000, '10000-01-01'],
    [-62135596800001, '0000-12-31'],
    [INT64_MIN, '-292275055-05-16'],
  ],
  [
    formatDateTime,
    [1774973400123, '2026-03-31 16:10:00'],
    [-1500, '1969-12-31 23:59:58'],
    [0, '1970-01-01 00:00:00'],
  ],
];

/** Vectors with a second argument. */
const CUSTOM = [
  [1775133000000, '02/01/2006', '02/04/2026'],
  [1774973400120, 'Mon Jan _2 15:04:05.000 MST 2006', 'Tue Mar 31 16:10:00.120 UTC 2026'],
] as const;

const ZONES = [
  [1774973400123, 'Asia/Kolkata', '2026-03-31T21:40:00+05:30'],
  [1768435200000, 'Europe/London', '2026-01-15T00:00:00Z'],
  [1774973400123, 'America/New_York', '2026-03-31T12:10:00-04:00'],
  [0, 'Africa/Monrovia', '1969-12-31T23:15:30-00:44'],
  [0, '', '1970-01-01T00:00:00Z'],
  [0, 'UTC', '1970-01-01T00:00:00Z'],
] as const;

describe('the vectors of protocol.md §8', () => {
  for (const [format, ...vectors] of VECTORS) {
    test.each(vectors)(`${format.name}(%d) = %s`, (ms, expected) => {
      expect(format(ms)).toBe(expected);
      expect(format(BigInt(ms))).toBe(expected);
    });
  }

  test.each(CUSTOM)('formatCustom(%d, %j) = %s', (ms, layout, expected) => {
    expect(formatCustom(ms, layout)).toBe(expected);
  });

  test.each(ZONES)('formatInTimezone(%d, %j) = %s', (ms, zone, expected) => {
    expect(formatInTimezone(ms, zone)).toBe(expected);
  });

  test.each([
    [1, 3600001, '3600000'],
    [5, 1, '-4'],
    [0, 0, '0'],
    [-1n, INT64_MAX, String(INT64_MIN)],
  ])('formatLookbackMillis(%d, %d) = %s', (start, end, expected) => {
    expect(formatLookbackMillis(start, end)).toBe(expected);
  });

  test.each([
    [-1, '1969-12-31T23:59:59.999Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    [1775133000000, '2026-04-02T12:30:00.000Z'],
    [-2046, '1969-12-31T23:59:57.954Z'],
  ])('toDate(%d) is %s, and fromDate leads back', (ms, expected) => {
    expect(toDate(ms).toISOString()).toBe(expected);
    expect(fromDate(toDate(BigInt(ms)))).toBe(ms);
  });

  test('fromDate of an instant with an offset, and rounding down', () => {
    expect(fromDate(new Date('2026-04-02T12:30:00.123999+01:00'))).toBe(1775129400123);
  });

  test('nowUtcMs is now', () => {
    const before = Date.now();
    const now = nowUtcMs();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});

describe('what is no instant', () => {
  const formats = [...VECTORS.map(([format]) => format), (ms: number | bigint) => formatCustom(ms, '2006')];
  const all: readonly ((ms: number | bigint) => unknown)[] = [
    ...formats,
    (ms) => formatInTimezone(ms, 'Europe/Berlin'),
    (ms) => formatLookbackMillis(ms, 0),
    (ms) => formatLookbackMillis(0, ms),
    toDate,
  ];
  const text: unknown = '1774973400123';

  test.each([
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    INT64_MAX + 1n,
    INT64_MIN - 1n,
    text as number,
  ])('%s is a TypeError everywhere', (ms) => {
    for (const format of all) expect(() => format(ms)).toThrow(TypeError);
  });

  test('the message names what it got', () => {
    expect(() => formatDate(1.5)).toThrow(
      'epoch milliseconds must be a whole number within ±(2^53 - 1), or a bigint of 64 bits; got 1.5 (number)',
    );
  });

  test('a Date ends before an int64 does', () => {
    expect(toDate(8.64e15).getTime()).toBe(8.64e15);
    expect(() => toDate(8.64e15 + 1)).toThrow(new RangeError('a Date cannot hold 8640000000000001 ms'));
    expect(() => fromDate(new Date(Number.NaN))).toThrow(new TypeError('the Date is invalid'));
  });
});

test.each([
  [0, 'Z'],
  [59, '+00:00'],
  [-59, '+00:00'],
  [-60, '-00:01'],
  [-2670, '-00:44'],
  [45_900, '+12:45'],
])('an offset of %d s is %s', (offset, expected) => {
  expect(offsetText(offset)).toBe(expected);
});

describe('zones that are none', () => {
  test.each([
    ['X', 'invalid timezone "X": unknown time zone X'],
    ['europe/berlin', 'invalid timezone "europe/berlin": unknown time zone europe/berlin'],
    ['utc', 'invalid timezone "utc": unknown time zone utc'],
    ['PST', 'invalid timezone "PST": unknown time zone PST'],
    ['+05:30', 'invalid timezone "+05:30": unknown time zone +05:30'],
    ['../X', 'invalid timezone "../X": time: invalid location name'],
    ['/etc/localtime', 'invalid timezone "/etc/localtime": time: invalid location name'],
    ['\\X', 'invalid timezone "\\\\X": time: invalid location name'],
  ])('%s', (zone, message) => {
    expect(() => formatInTimezone(0, zone)).toThrow(message);
    expect(() => formatInTimezone(0, zone)).toThrow(UserError);
  });
});

describe('timeConverterFor', () => {
  test.each([
    ['metrics', '1774973400.123'],
    ['logs', '2026-03-31T16:10:00Z'],
    ['traces-jaeger', '1774973400123000'],
    ['traces-victoria', '1774973400123000'],
    ['other', '1774973400123'],
  ] as const)('%s', (family, expected) => {
    expect(timeConverterFor(family)(1774973400123)).toBe(expected);
  });

  test('a family that is none', () => {
    const name: string = 'toString';
    expect(() => timeConverterFor(name as 'other')).toThrow(
      '"toString" is no family of backends: the families are metrics, logs, traces-jaeger, traces-victoria, other.',
    );
  });
});
