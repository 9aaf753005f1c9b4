import { addUnits, isFixed, type Unit } from './calendar.ts';
import { Refusal } from './refusal.ts';

/** So many of one unit; a duration is a list of them. */
export interface Step {
  readonly count: number;
  readonly unit: Unit;
}

const UNIT_WORDS: Readonly<Record<Unit, readonly string[]>> = {
  ms: ['ms', 'msec', 'msecs', 'millisecond', 'milliseconds'],
  s: ['s', 'sec', 'secs', 'second', 'seconds'],
  m: ['m', 'min', 'mins', 'minute', 'minutes'],
  h: ['h', 'hr', 'hrs', 'hour', 'hours'],
  d: ['d', 'day', 'days'],
  w: ['w', 'wk', 'wks', 'week', 'weeks'],
  M: ['mo', 'mos', 'month', 'months'],
  Q: ['q', 'quarter', 'quarters'],
  y: ['y', 'yr', 'yrs', 'year', 'years'],
};

const UNITS: ReadonlyMap<string, Unit> = new Map(
  Object.entries(UNIT_WORDS).flatMap(([unit, words]) => words.map((word) => [word, unit as Unit] as const)),
);

const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...NUMBER_WORDS.map((word, count) => [word, count] as const),
  ['eleven', 11],
  ['twelve', 12],
  ['a', 1],
  ['an', 1],
  ['half', 0.5],
  ['half a', 0.5],
  ['half an', 0.5],
]);

/** The unit of a word. `M` alone is minutes to some and months to Grafana, so that it must be said which is meant. */
export function parseUnit(word: string): Unit | undefined {
  if (word === 'M') throw new Refusal('is ambiguous, because M may be minutes (m) or months (mo)');
  return UNITS.get(word.toLowerCase());
}

function checkStep(count: number, unit: Unit): Step {
  if (!isFixed(unit) && !Number.isInteger(count))
    throw new Refusal('counts days, weeks, months or years in fractions');
  return { count, unit };
}

const TERM =
  /^(\d{1,15}(?:\.\d{1,9})?|(?:half an?|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|an?|half)(?=\s))\s*([a-z]+)(?![a-z])/i;

/** A duration as people and Prometheus write it: `1h30m`, `90 minutes`, `1 hour and 5 min`, `half an hour`. */
function parseWords(text: string, unitOf: (word: string) => Unit | undefined): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const [term, number = '', word = ''] = TERM.exec(rest) ?? [];
    const unit = term === undefined ? undefined : unitOf(word);
    if (term === undefined || unit === undefined) return undefined;
    steps.push(checkStep(NUMBERS.get(number.toLowerCase().replace(/\s+/g, ' ')) ?? Number(number), unit));
    rest = rest.slice(term.length).replace(/^\s*(?:,|and\s)?\s*/i, '');
  }
  return steps.length === 0 ? undefined : steps;
}

const ISO =
  /^P(?=[\dT])(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,12}(?:\.\d{1,9})?)H)?(?:(\d{1,12}(?:\.\d{1,9})?)M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?$/i;
const ISO_UNITS: readonly Unit[] = ['y', 'M', 'w', 'd', 'h', 'm', 's'];

/** An ISO 8601 duration: `PT1H`, `P1DT12H`. */
export function parseIsoDuration(text: string): readonly Step[] | undefined {
  const found = ISO.exec(text);
  if (found === null) return undefined;
  return ISO_UNITS.flatMap((unit, at) => {
    const count = found[at + 1];
    return count === undefined ? [] : [{ count: Number(count), unit }];
  });
}

/** A duration above zero in any notation; undefined when the text is none. */
export function parseDuration(text: string): readonly Step[] | undefined {
  const steps = parseIsoDuration(text) ?? parseWords(text, parseUnit);
  if (steps?.every(({ count }) => count === 0)) throw new Refusal('covers no time at all');
  return steps;
}

/** A duration within a `now-…` expression of Grafana's, where `M` is months and a missing number is one. */
export function parseNowDuration(text: string): readonly Step[] | undefined {
  const counted = /^[a-z]/i.test(text) ? `1${text}` : text;
  return parseWords(counted, (word) => (word === 'M' || word === 'Q' ? word : parseUnit(word)));
}

/** The instant a duration later, or earlier with the sign -1. Calendar units come first, as in ISO 8601. */
export function shift(ms: number, steps: readonly Step[], sign: 1 | -1, zone: string): number {
  const ordered = [
    ...steps.filter(({ unit }) => !isFixed(unit)),
    ...steps.filter(({ unit }) => isFixed(unit)),
  ];
  return ordered.reduce((at, { count, unit }) => addUnits(at, sign * count, unit, zone), ms);
}
