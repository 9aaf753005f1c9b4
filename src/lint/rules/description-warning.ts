import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';

export const descriptionWarning: Rule = {
  id: 'description-warning',
  title: 'Actions that change something say so with a WARNING',
  group: 'checklist',
  severity: 'error',
  why: 'A person approves such an action by its description: what it breaks must stand there.',
  mend: 'Add a sentence that starts with “WARNING:” and names the effect.',
  languages: ALL,
  checklist: 5,
  examples: {
    any: {
      bad: 'Stop one worker and start it again. Use this only when it hangs.',
      good: 'Stop one worker and start it again. WARNING: the jobs that it works on are lost. Use this only when it hangs.',
    },
  },
  check: (input) =>
    forActions(input, ({ description, permission, place }, label) => {
      const text = known(description);
      const level = known(permission);
      if (text === undefined || text.trim() === '' || level === undefined) return [];
      if (!['MODIFY', 'ADMIN', 'WRITE'].includes(level) || /\bWARNING\b/.test(text)) return [];
      return [
        {
          message: `${label} needs ${level} and its description has no WARNING`,
          place: placeOf(description, place),
        },
      ];
    }),
};
