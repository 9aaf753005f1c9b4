import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';
import { isTooShort, MIN_WORDS, wordsOf } from './words.ts';

export const descriptionTooShort: Rule = {
  id: 'description-too-short',
  title: 'An action’s description says enough to choose it by',
  group: 'checklist',
  severity: 'error',
  why: 'The description is all that the LLM reads when it chooses an action. “Get logs” fits every question about logs and explains none.',
  mend: 'Explain it as to a smart colleague who does not know the backend: what it does, with what, and when to use it.',
  languages: ALL,
  checklist: 5,
  examples: {
    any: {
      bad: 'Get logs',
      good: 'Search the log lines of one service for some words. Use this to find out why a request failed.',
    },
  },
  check: (input) =>
    forActions(input, ({ description, place }, label) => {
      const text = known(description);
      if (text === undefined || text.trim() === '' || !isTooShort(text)) return [];
      return [
        {
          message: `the description of ${label} has ${wordsOf(text).length} words: at least ${MIN_WORDS} are needed to say what it does and when to use it`,
          place: placeOf(description, place),
        },
      ];
    }),
};
