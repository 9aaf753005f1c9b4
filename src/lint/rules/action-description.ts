import { gateRule } from './gate.ts';
import { ALL } from './kit.ts';

export const actionDescription = gateRule('action-description', {
  id: 'action-description',
  title: 'Every action has a description',
  why: 'The description is all that the LLM knows of an action; the engine refuses one without.',
  mend: 'Say what the action does and when to use it.',
  languages: ALL,
  checklist: 4,
  examples: {
    typescript: {
      bad: "description: '',",
      good: "description: 'Retrieve one item by its id. Use this when the id is known.',",
    },
    go: {
      bad: 'Description: "",',
      good: 'Description: "Retrieve one item by its id. Use this when the id is known.",',
    },
    python: {
      bad: 'description="",',
      good: 'description="Retrieve one item by its id. Use this when the id is known.",',
    },
  },
});
