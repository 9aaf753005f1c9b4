import type { Rule } from '../types.ts';
import { readIntents } from './agent-intents.ts';
import { ALL, checked, notApplicable, withAgent } from './kit.ts';

export const intentPattern: Rule = {
  id: 'intent-pattern',
  title: 'Intents compile, in linear time',
  group: 'layout',
  severity: 'error',
  why: 'The engine matches every question against every intent; a pattern that it cannot compile, or that may run for minutes, is left out.',
  mend: 'Write phrases, or patterns in RE2 syntax: no lookaround, no back references, small repeat counts.',
  languages: ALL,
  examples: {
    typescript: { bad: "{ pattern: '(?=errors).*' }", good: "{ pattern: 'find errors' }" },
    go: { bad: '{Pattern: "(?=errors).*"}', good: '{Pattern: "find errors"}' },
    python: { bad: 'IntentPattern(pattern="(?=errors).*")', good: 'IntentPattern(pattern="find errors")' },
  },
  check: (input) =>
    withAgent(input, (agent) => {
      const { faults, count, placeOf } = readIntents(agent);
      if (count === 0) return notApplicable('the agent declares no intent');
      return checked(
        faults.map(({ action, pattern, message }) => ({ message, place: placeOf(action, pattern) })),
        `${count} intents compiled`,
      );
    }),
};
