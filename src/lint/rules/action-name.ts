import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';

const STYLE = /^[a-z][a-z0-9_]{1,62}$/;

export const actionName: Rule = {
  id: 'action-name',
  title: 'Action ids are in the style of get_item',
  group: 'schema',
  severity: 'error',
  why: 'An id is a tool’s name for the LLM and stands in params and logs; other characters are not safe there.',
  mend: 'Use lower-case letters, digits and underscores, a letter first, 2 to 63 in all.',
  languages: ALL,
  checklist: 4,
  examples: {
    typescript: { bad: "id: 'getItem',", good: "id: 'get_item'," },
    go: { bad: 'ID: "Get-Item",', good: 'ID: "get_item",' },
    python: { bad: 'id="Get Item",', good: 'id="get_item",' },
  },
  check: (input) =>
    forActions(input, ({ id, place }) => {
      const value = known(id);
      if (value === undefined || value === '' || STYLE.test(value)) return [];
      return [{ message: `"${value}" is no action id in the style of get_item`, place: placeOf(id, place) }];
    }),
};
