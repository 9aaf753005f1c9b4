import { describe, expect, test } from 'vitest';
import {
  formatCustom,
  formatEpochMicros,
  formatEpochNanos,
  formatEpochSeconds,
  formatInTimezone,
} from '../../../src/runtime/datetime/index.ts';
import { messageOf } from '../../../src/support/errors.ts';
import { zoneNames } from '../../../src/support/zone-names.ts';
import { BACKZONE } from './backzone.ts';
import { askGo, GO_ZONES, goZoneNames, HAS_GO, type Question } from './go-peer.ts';
import { anyInstant, between, EDGES, INT64_MAX, INT64_MIN, seededRandom } from './instants.ts';

/** Every chunk that means something to Go, beside texts that nearly do. */
const CHUNKS = [
  ...[
    'January',
    'Jan',
    '1',
    '01',
    '_1',
    'Monday',
    'Mon',
    '2',
    '_2',
    '02',
    '__2',
    '002',
    '2006',
    '06',
    '_2006',
  ],
  ...[
    '15',
    '3',
    '03',
    '4',
    '04',
    '5',
    '05',
    'PM',
    'pm',
    'MST',
    'Z0700',
    'Z070000',
    'Z07',
    'Z07:00',
    'Z07:00:00',
  ],
  ...[
    '-0700',
    '-070000',
    '-07',
    '-07:00',
    '-07:00:00',
    '.000',
    '.999',
    ',000',
    ',999',
    '.0',
    '.9',
    ',9',
    '.00',
  ],
  ...['.000000', '.999999', '.000000000', '.999999999', '.0000000000000', '.99999999999', '.0009', '.9990'],
  ...[
    'Month',
    'Jane',
    'Januaryx',
    'Mondays',
    'MSTx',
    'P',
    'p',
    'Pm',
    '0',
    '00',
    '07',
    '08',
    '7',
    '_',
    '__',
    '-',
    '.',
  ],
  ...['-07:0', 'Z7', 'Z07:0000', '20066', 'T', ' ', '/', ':', 'é', '日', '$&', '\n'],
];
const LAYOUTS = [
  ...CHUNKS,
  'Mon Jan _2 15:04:05 2006',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 -0700',
  '2006-01-02T15:04:05.999999999Z07:00',
  '3:04PM',
];

/** Compared always; the rest only where Node and Go have the same release of the zone data. */
const STEADY = [
  ...['Africa/Monrovia', 'America/New_York', 'America/St_Johns', 'America/Sao_Paulo', 'Asia/Kathmandu'],
  ...['Asia/Kolkata', 'Asia/Tokyo', 'Australia/Lord_Howe', 'Europe/Berlin', 'Europe/Dublin', 'Europe/London'],
  ...['Pacific/Chatham', 'US/Pacific', 'EST5EDT', 'Etc/GMT+12', 'GB-Eire'],
];

function ours(question: Question): string {
  if ('layout' in question) return formatCustom(question.ms, question.layout);
  if ('tz' in question) {
    try {
      return formatInTimezone(question.ms, question.tz);
    } catch (error) {
      return messageOf(error);
    }
  }
  switch (question.unit) {
    case 's':
      return formatEpochSeconds(question.ms);
    case 'us':
      return formatEpochMicros(question.ms);
    case 'ns':
      return formatEpochNanos(question.ms);
    case 'ms':
      return String(question.ms);
  }
}

interface Difference {
  readonly question: Question;
  readonly ours: string;
  readonly go: string | undefined;
}

function differences(questions: readonly Question[]): Difference[] {
  const answers = askGo(questions);
  expect(answers.length).toBe(questions.length);
  return questions
    .map((question, at) => ({ question, ours: ours(question), go: answers[at] }))
    .filter((item) => item.ours !== item.go);
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe.skipIf(!HAS_GO)('as Go itself', () => {
  test('the numbers, ties between thousandths and wrap-arounds included', () => {
    const random = seededRandom(1);
    // From 8.8e15 ms on, a float may stand right between two thousandths of a second.
    const far = times(3_000, () => 8_796_093_022_208_000n + BigInt(Math.floor(random() * 2 ** 48)));
    const instants = [
      ...[...EDGES, INT64_MAX, INT64_MIN, ...far, ...far.map((ms) => -ms)],
      ...times(2_000, () => anyInstant(random)),
    ];
    const units = ['s', 'us', 'ns'] as const;
    expect(differences(instants.flatMap((ms) => units.map((unit) => ({ ms, unit }))))).toEqual([]);
  });

  test('every chunk of a layout, at every edge', () => {
    const random = seededRandom(2);
    const instants = [...EDGES, INT64_MAX, INT64_MIN, ...times(200, () => anyInstant(random))];
    expect(differences(instants.flatMap((ms) => LAYOUTS.map((layout) => ({ ms, layout }))))).toEqual([]);
  });

  test('layouts thrown together', () => {
    const random = seededRandom(3);
    const pick = (): string => CHUNKS[Math.floor(random() * CHUNKS.length)] ?? '';
    const layout = (): string => times(1 + Math.floor(random() * 6), pick).join('');
    const questions = times(10_000, () => ({ ms: anyInstant(random), layout: layout() }));
    expect(differences(questions)).toEqual([]);
  });

  test('zones that do not change their past, to the ends of 64 bits', () => {
    const random = seededRandom(4);
    const recent = times(300, () => between(random, new Date('1970-01-01'), new Date('2024-01-01')));
    const future = times(50, () => anyInstant(random)).filter((ms) => ms > 2n ** 42n);
    expect(future.length).toBeGreaterThan(10);
    const instants = [...recent, ...future, INT64_MAX, ...EDGES.filter((ms) => ms > 0n)];
    expect(differences(STEADY.flatMap((tz) => instants.map((ms) => ({ ms, tz }))))).toEqual([]);
  });

  test('names that are none, word for word', () => {
    const names = [
      'X',
      'utc',
      'europe/berlin',
      'PST',
      'AET',
      'SystemV/PST8',
      '+05:30',
      'Etc/Unknown',
      'Europe/Berlin ',
    ];
    const odd = [
      'a..b',
      '/UTC',
      '\\UTC',
      'a"b',
      'a\\b',
      'a\tb',
      '\u0007',
      '\u007f',
      'é',
      '日本',
      '\u00a0',
      '\u{1f600}',
      '\u200b',
    ];
    expect(differences([...names, ...odd].map((tz) => ({ ms: 0n, tz })))).toEqual([]);
  });

  test('Local is the zone of the process', () => {
    const question = { ms: 1_774_973_400_123n, tz: 'Local' };
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    expect(askGo([question], { TZ: timeZone })).toEqual([ours(question)]);
  });
});

describe.skipIf(!HAS_GO || GO_ZONES !== process.versions.tz)('as Go with the same zone data', () => {
  const names = HAS_GO ? goZoneNames() : [];
  const known = names.filter((name) => name !== 'Factory');

  test('the same names; Intl alone lacks Factory, a zone that says nobody set one', () => {
    expect(known.length).toBeGreaterThan(590);
    expect([...zoneNames()].sort()).toEqual([...known].sort());
    expect(differences(names.map((tz) => ({ ms: 0n, tz }))).map((item) => item.question)).toEqual([
      { ms: 0n, tz: 'Factory' },
    ]);
  });

  test('every zone since 1970', () => {
    const random = seededRandom(5);
    const instants = times(60, () => between(random, new Date('1970-01-01'), new Date('2100-01-01')));
    expect(differences(known.flatMap((tz) => instants.map((ms) => ({ ms, tz }))))).toEqual([]);
  });

  test('before 1970 exactly the zones of backzone differ', () => {
    const random = seededRandom(6);
    const instants = [
      ...times(60, () => between(random, new Date('1770-01-01'), new Date('1970-01-01'))),
      ...[INT64_MIN, -8_640_000_000_000_001n],
    ];
    const found = differences(known.flatMap((tz) => instants.map((ms) => ({ ms, tz }))));
    const zones = new Set(found.map(({ question }) => ('tz' in question ? question.tz : '')));
    expect([...zones].sort()).toEqual([...BACKZONE].sort());
  });
});
