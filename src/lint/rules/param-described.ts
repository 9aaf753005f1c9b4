import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';

export const paramDescribed: Rule = {
  id: 'param-described',
  title: 'Every param says what it means',
  group: 'schema',
  severity: 'error',
  why: 'The LLM fills in the params; it knows of each only what its description says.',
  mend: 'Say what the value means, in which form it is, and what happens when it is left out.',
  languages: ALL,
  checklist: 6,
  examples: {
    typescript: {
      bad: "{ name: 'id', type: 'string', required: true, description: '' }",
      good: "{ name: 'id', type: 'string', required: true, description: 'The id of the item, for example item-001' }",
    },
    go: {
      bad: '{Name: "id", Type: "string"}',
      good: '{Name: "id", Type: "string", Description: "The id of the item"}',
    },
    python: {
      bad: 'ParamSchema(name="id", type="string")',
      good: 'ParamSchema(name="id", type="string", description="The id of the item")',
    },
  },
  check: (input) =>
    forActions(input, (action, label) =>
      [...action.params.items, ...action.outputs.items]
        .filter(({ description }) => description.state === 'missing' || known(description)?.trim() === '')
        .map((param) => ({
          message: `the param ${known(param.name) ?? '?'} of ${label} has no description`,
          place: placeOf(param.description, param.place),
        })),
    ),
};
