import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';
import { isTooShort } from './words.ts';

const SAYS_WHEN =
  /\b(use(d|ful)?\s+(this|it|them|only|when|to|for|if|whenever)|when\s+(you|the user|someone|somebody|a user|a question|asked)|whenever|call this|choose this|in order to|helps? to|lets you|for questions)\b/i;

export const descriptionWhenToUse: Rule = {
  id: 'description-when-to-use',
  title: 'An action’s description says when to use it',
  group: 'checklist',
  severity: 'error',
  why: 'The LLM matches a question to an intent: a description that only says what is done leaves it to guess for which questions.',
  mend: 'Add a sentence such as “Use this when you need …”.',
  languages: ALL,
  checklist: 5,
  examples: {
    any: {
      bad: 'Change how many copies of a service run in the cluster.',
      good: 'Change how many copies of a service run in the cluster. Use this when a service gets more requests than it can serve.',
    },
  },
  check: (input) =>
    forActions(input, ({ description, place }, label) => {
      const text = known(description);
      if (text === undefined || isTooShort(text) || SAYS_WHEN.test(text)) return [];
      return [
        {
          message: `the description of ${label} does not say when to use it`,
          place: placeOf(description, place),
        },
      ];
    }),
};
