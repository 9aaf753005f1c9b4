import { listOverlaps } from '../../intents/index.ts';
import type { Rule } from '../types.ts';
import { readIntents } from './agent-intents.ts';
import { ALL, checked, notApplicable, withAgent } from './kit.ts';

export const intentOverlap: Rule = {
  id: 'intent-overlap',
  title: 'No two intents cover the same words',
  group: 'layout',
  severity: 'error',
  why: 'Where two actions claim the same words with the same priority, their names decide which is asked: nobody meant that.',
  mend: 'Take one of them away, or tell them apart by their words or their priority.',
  languages: ALL,
  examples: {
    any: {
      bad: 'get_item and list_items both with the intent “show items”',
      good: 'get_item with “show item”, list_items with “list items”',
    },
  },
  check: (input) =>
    withAgent(input, (agent) => {
      const { index, count, placeOf, priorityOf } = readIntents(agent);
      if (count === 0) return notApplicable('the agent declares no intent');
      const full = listOverlaps(index).overlaps.filter(
        ({ extent, kind, left, right }) =>
          extent === 'full' &&
          (kind === 'same'
            ? left.action === right.action ||
              priorityOf(left.action, left.pattern) === priorityOf(right.action, right.pattern)
            : left.action !== right.action &&
              priorityOf(left.action, left.pattern) === priorityOf(right.action, right.pattern)),
      );
      return checked(
        full.map(({ left, right }) => ({
          message: `the intents "${left.pattern}" of ${left.action ?? 'the agent'} and "${right.pattern}" of ${right.action ?? 'the agent'} cover the same words`,
          place: placeOf(right.action, right.pattern),
        })),
      );
    }),
};
