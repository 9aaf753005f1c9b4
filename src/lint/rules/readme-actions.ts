import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notChecked, withAgent } from './kit.ts';
import { mentions, withReadme } from './readme.ts';

export const readmeActions: Rule = {
  id: 'readme-actions',
  title: 'The README names every action',
  group: 'checklist',
  severity: 'error',
  why: 'What an agent can do must be known without starting it.',
  mend: 'Add the action to README.md, with its params and what it changes.',
  languages: ALL,
  needsWholeSource: true,
  checklist: 14,
  examples: {
    any: {
      bad: 'an action restart_service that README.md does not name',
      good: '### restart_service\n\nADMIN, needs approval. Restarts a service.',
    },
  },
  check: (input) =>
    withReadme(input, ({ text, path }) =>
      withAgent(input, ({ actions }) => {
        const words = new Set(text.replaceAll('\\', '').match(/\w+/g) ?? []);
        const findings = actions.items.flatMap((action) => {
          const id = known(action.id);
          if (id === undefined || id === '' || words.has(id) || mentions(text, id)) return [];
          return [
            { message: `${path} does not name the action ${id}`, place: placeOf(action.id, action.place) },
          ];
        });
        if (findings.length === 0 && !actions.isComplete)
          return notChecked('some actions are only known at run time');
        return checked(findings, path);
      }),
    ),
};
