import { gateRule } from './gate.ts';
import { ALL } from './kit.ts';

export const actionId = gateRule('action-id', {
  id: 'action-id',
  title: 'Every action has an id of its own',
  why: 'The engine finds an action by its id; of two with the same one, the second can never be called.',
  mend: 'Give every action an id that no other action of the agent has.',
  languages: ALL,
  checklist: 4,
  examples: {
    typescript: { bad: "[{ id: 'get' }, { id: 'get' }]", good: "[{ id: 'get_item' }, { id: 'get_log' }]" },
    go: { bad: '{ID: "get"}, {ID: "get"}', good: '{ID: "get_item"}, {ID: "get_log"}' },
    python: {
      bad: 'Action(id="get"), Action(id="get")',
      good: 'Action(id="get_item"), Action(id="get_log")',
    },
  },
});
