import { plainName } from '../sdk/types.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notApplicable, placeText } from './kit.ts';

/** Converters that fit each family, without case and underscores, the first being what to use. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  metrics: ['formatepochseconds'],
  logs: ['formatrfc3339', 'formatrfc3339nano', 'formatepochnanos'],
  // Searches take microseconds, the dependencies' endTs milliseconds; the guide names milliseconds for all.
  'traces-jaeger': ['formatepochmicros', 'formatepochmillis', 'formatlookbackmillis'],
  'traces-victoria': ['formatepochmicros'],
};
const NAMES: Readonly<Record<string, string>> = {
  formatepochseconds: 'FormatEpochSeconds',
  formatepochmillis: 'FormatEpochMillis',
  formatepochmicros: 'FormatEpochMicros',
  formatepochnanos: 'FormatEpochNanos',
  formatrfc3339: 'FormatRFC3339',
  formatrfc3339nano: 'FormatRFC3339Nano',
};

export const timeConverter: Rule = {
  id: 'time-converter',
  title: 'Times are converted as the backend’s family wants them',
  group: 'checklist',
  severity: 'error',
  why: 'Seconds where a backend reads milliseconds ask for 1970: no error, only empty results.',
  mend: 'Use the converter of the family: metrics FormatEpochSeconds, logs FormatRFC3339, Jaeger and VictoriaTraces FormatEpochMicros (Jaeger’s dependencies: FormatEpochMillis).',
  languages: ALL,
  needsWholeSource: true,
  checklist: 7,
  examples: {
    typescript: {
      bad: "formatEpochMillis(timeRange.startEpochMs) // backendFamily: 'metrics'",
      good: 'formatEpochSeconds(timeRange.startEpochMs)',
    },
    go: {
      bad: 'datetimeutils.FormatEpochMillis(tr.StartEpochMs) // backendFamily: metrics',
      good: 'datetimeutils.FormatEpochSeconds(tr.StartEpochMs)',
    },
    python: {
      bad: 'format_epoch_millis(tr.start_epoch_ms)  # backendFamily: metrics',
      good: 'format_epoch_seconds(tr.start_epoch_ms)',
    },
  },
  check({ config, workspace }) {
    const family = config.backendFamily;
    const calls = [...workspace.calls()]
      .map((found) => ({ ...found, name: plainName(found.node.callee.at(-1) ?? '') }))
      .filter(({ name }) => NAMES[name] !== undefined);
    if (calls.length === 0) return notApplicable('no time is converted');
    if (family === undefined) return notApplicable('mirastack.config.json names no backendFamily');
    const fitting = FITTING[family];
    if (fitting === undefined)
      return notApplicable(`any converter may fit a backend of the family ${family}`);
    const wrong = calls.filter(({ name }) => !fitting.includes(name));
    const right = calls[0];
    return checked(
      wrong.map(({ file, node, name }) => ({
        message: `${NAMES[name]} does not fit a backend of the family ${family}: expected ${fitting.map((item) => NAMES[item] ?? 'FormatLookbackMillis').join(' or ')}`,
        place: file.placeOf(node),
      })),
      placeText(right?.file.placeOf(right.node)),
    );
  },
};
