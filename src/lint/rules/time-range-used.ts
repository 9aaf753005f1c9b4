import { actionLabel, known, type ParamFacts } from '../agent/facts.ts';
import { plainName } from '../sdk/types.ts';
import type { Rule, RuleInput } from '../types.ts';
import { ALL, checked, notApplicable, placeText, withAgent } from './kit.ts';

const TIME_PARAM =
  /^(start|end|from|to|since|until|time_?range|start_?time|end_?time|lookback|duration|window)$/i;

const isTimeParam = ({ name }: ParamFacts) => TIME_PARAM.test(known(name) ?? '');

function findUse({ workspace }: RuleInput): string | undefined {
  for (const file of workspace.agentFiles)
    for (const node of file.nodes) {
      const names =
        node.kind === 'name'
          ? node.path
          : node.kind === 'function'
            ? node.parameters.map(({ name }) => name)
            : [];
      if (names.some((name) => ['timerange', 'startepochms'].includes(plainName(name))))
        return placeText(file.placeOf(node));
    }
  return undefined;
}

export const timeRangeUsed: Rule = {
  id: 'time-range-used',
  title: 'Actions that take a stretch of time use the TimeRange of the request',
  group: 'checklist',
  severity: 'error',
  why: 'The engine has parsed what a person said about time; an agent that only looks at its own params never sees it.',
  mend: 'Use the request’s TimeRange where it is set, and the params only for calls without one.',
  languages: ALL,
  needsWholeSource: true,
  checklist: 7,
  examples: {
    typescript: {
      bad: 'const start = request.params.start;',
      good: 'const start = request.timeRange ? formatEpochSeconds(request.timeRange.startEpochMs) : request.params.start;',
    },
    go: {
      bad: 'start := req.Params["start"]',
      good: 'start := datetimeutils.FormatEpochSeconds(req.TimeRange.StartEpochMs)',
    },
    python: {
      bad: 'start = req.params.get("start")',
      good: 'start = format_epoch_seconds(req.time_range.start_epoch_ms)',
    },
  },
  check: (input) =>
    withAgent(input, ({ actions }) => {
      const index = actions.items.findIndex(({ params }) => params.items.some(isTimeParam));
      const action = actions.items[index];
      if (action === undefined) return notApplicable('no action takes a start or an end');
      const use = findUse(input);
      if (use !== undefined) return checked([], use);
      const param = action.params.items.find(isTimeParam);
      const message = `${actionLabel(action, index)} takes ${known(param?.name ?? action.id) ?? 'a time'}, and nothing reads the request’s TimeRange`;
      return checked([{ message, place: param?.place ?? action.place }]);
    }),
};
