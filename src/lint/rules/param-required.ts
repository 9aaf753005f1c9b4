import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';

const SAYS_REQUIRED =
  /\((required|mandatory)\)|^(required|mandatory)\b|\b(is|must be) (required|given|set)\b/i;
const SAYS_OPTIONAL = /\(optional\)|^optional\b|\b(is optional|when left out|leave out|defaults? to)\b/i;

export const paramRequired: Rule = {
  id: 'param-required',
  title: 'Params are marked as required or optional as their descriptions say',
  group: 'schema',
  severity: 'error',
  why: 'The engine refuses a call without a required param; one that is needed and not marked fails inside the agent instead.',
  mend: 'Set `required` to what the description says, or mend the description.',
  languages: ALL,
  checklist: 6,
  examples: {
    typescript: {
      bad: "{ name: 'id', required: false, description: 'Required. The id' }",
      good: "{ name: 'id', required: true, description: 'The id' }",
    },
    go: {
      bad: '{Name: "id", Description: "Required. The id"}',
      good: '{Name: "id", Required: true, Description: "The id"}',
    },
    python: {
      bad: 'ParamSchema(name="id", description="Required. The id")',
      good: 'ParamSchema(name="id", required=True, description="The id")',
    },
  },
  check: (input) =>
    forActions(input, (action, label) =>
      action.params.items.flatMap((param) => {
        const description = known(param.description);
        if (description === undefined || param.required.state === 'computed') return [];
        const required = known(param.required) ?? false;
        const name = known(param.name) ?? '?';
        const place = placeOf(param.required, param.place);
        if (!required && SAYS_REQUIRED.test(description))
          return [
            { message: `the param ${name} of ${label} says that it is required and is not marked so`, place },
          ];
        if (required && SAYS_OPTIONAL.test(description))
          return [
            {
              message: `the param ${name} of ${label} says that it is optional and is marked as required`,
              place,
            },
          ];
        return [];
      }),
    ),
};
