import { type CallNode, type FunctionNode, type SourceNode, walk } from '../source/model.ts';
import type { Found } from '../source/source-file.ts';
import type { Rule, RuleInput } from '../types.ts';
import { ALL, checked, notChecked, placeText } from './kit.ts';

/** Calls that turn text into a time, by the last words of what is called. */
const PARSERS: Readonly<Record<RuleInput['language'], RegExp>> = {
  go: /^(time\.(Parse|ParseInLocation|ParseDuration)|dateparse\.\w+|str2duration\.\w+|now\.Parse\w*)$/,
  python:
    /(^|\.)(strptime|fromisoformat)$|^(dateutil\.parser|parser|dateparser|isodate|ciso8601|pendulum|arrow|maya)\.(parse|isoparse|get|parse_\w+)$|^(pd|pandas)\.(to_datetime|Timestamp|to_timedelta|Timedelta)$|^(isoparse|parse_date|parse_datetime|dateparser|parsedatetime|timeparse)$/,
  typescript:
    /^(Date\.parse|Date|dayjs|moment(\.utc)?|chrono\.parse\w*|parseISO|parseDate|ms|parseDuration|(DateTime|Duration)\.from\w+|Temporal\.\w+\.from)$/,
};
const TIME_NAME =
  /(^|_|\b)(start|end|since|until|from|to|when|range|lookback|duration|window|time_?expr\w*|time_?range)(time|date|str|text|_time|_date|_str|_text)?$/i;

export const timeParsing: Rule = {
  id: 'time-parsing',
  title: 'Actions do not parse times',
  group: 'checklist',
  severity: 'error',
  why: 'The engine parses what people say about time, with their zone, and sends the result as TimeRange; a second parser reads it differently.',
  mend: 'Take the TimeRange of the request and hand it to the SDK’s converter; pass params on as they are.',
  languages: ALL,
  checklist: 7,
  examples: {
    typescript: {
      bad: 'const start = Date.parse(request.params.start);',
      good: 'const start = formatEpochSeconds(timeRange.startEpochMs);',
    },
    go: {
      bad: 'start, err := time.Parse(time.RFC3339, req.Params["start"])',
      good: 'start := datetimeutils.FormatEpochSeconds(req.TimeRange.StartEpochMs)',
    },
    python: {
      bad: 'start = datetime.fromisoformat(req.params["start"])',
      good: 'start = format_epoch_seconds(req.time_range.start_epoch_ms)',
    },
  },
  check(input) {
    const { graph, workspace } = input;
    const execute = graph.method('execute');
    const inActions = workspace.agentFiles.filter(({ path }) => /(^|\/)actions?(\/|\.)/.test(path));
    const handlers = [...workspace.functions()].filter(
      ({ file, node }) => inActions.includes(file) || node.name === 'handle' || /^_?action/i.test(node.name),
    );
    const starts = execute === undefined ? handlers : [execute, ...handlers];
    if (starts.length === 0) return notChecked('the source has no execute that could be found');
    const functions = new Map<FunctionNode, Found<FunctionNode>>();
    for (const start of starts)
      if (!functions.has(start.node))
        for (const found of graph.reachable(start)) functions.set(found.node, found);
    const seen = new Set<SourceNode>();
    const findings = [...functions.values()].flatMap((found) =>
      parserCalls(found, input)
        .filter((call) => !seen.has(call) && seen.add(call))
        .map((call) => ({
          message: `${call.callee.join('.')} parses a time that comes from the request`,
          place: found.file.placeOf(call),
        })),
    );
    return checked(
      findings,
      placeText(starts[0] === undefined ? undefined : starts[0].file.placeOf(starts[0].node)),
    );
  },
};

/** The calls of a function that parse what a param holds. */
function parserCalls({ file, node }: Found<FunctionNode>, { language }: RuleInput): CallNode[] {
  const fromParams = new Set<string>();
  for (const part of walk(node.body))
    if (part.kind === 'assign' && mentionsParams(part.value, file.sourceOf(part.value)))
      for (const target of part.targets)
        if (target.kind === 'name') fromParams.add(target.path.at(-1) as string);
  const calls: CallNode[] = [];
  for (const part of walk(node.body)) {
    if (part.kind !== 'call' || !PARSERS[language].test(part.callee.join('.'))) continue;
    const comesFromRequest = part.args.some((arg) => {
      if (mentionsParams(arg, file.sourceOf(arg))) return true;
      return [...walk([arg])].some((inner) => {
        const name = inner.kind === 'name' && inner.path.length === 1 ? (inner.path[0] as string) : undefined;
        return name !== undefined && (fromParams.has(name) || TIME_NAME.test(name));
      });
    });
    if (comesFromRequest) calls.push(part);
  }
  return calls;
}

/** What is written as an access of the request's params, and is no function of its own. */
function mentionsParams(node: SourceNode, source: string): boolean {
  return (
    node.kind !== 'function' &&
    /\bparams\b/i.test(source) &&
    !/\bUnmarshal|JSON\.parse|json\.loads/.test(source)
  );
}
