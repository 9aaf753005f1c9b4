import { PARAM_TYPES } from '../../contract/index.ts';
import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';

/** Names of the same things elsewhere. */
const MEANT: Readonly<Record<string, string>> = {
  int: 'number',
  integer: 'number',
  float: 'number',
  bool: 'boolean',
  str: 'string',
  text: 'string',
  object: 'json',
  array: 'json',
  list: 'json',
  dict: 'json',
};

export const paramType: Rule = {
  id: 'param-type',
  title: 'Params have one of the known types',
  group: 'schema',
  severity: 'error',
  why: 'The LLM is told the type; one that nobody knows tells it nothing, and no SDK checks it.',
  mend: `Use ${PARAM_TYPES.join(', ')}; values travel as strings whatever the type is.`,
  languages: ALL,
  checklist: 6,
  examples: {
    typescript: { bad: "{ name: 'limit', type: 'int' }", good: "{ name: 'limit', type: 'number' }" },
    go: { bad: '{Name: "limit", Type: "int"}', good: '{Name: "limit", Type: "number"}' },
    python: {
      bad: 'ParamSchema(name="limit", type="int")',
      good: 'ParamSchema(name="limit", type="number")',
    },
  },
  check: (input) =>
    forActions(input, (action, label) =>
      [...action.params.items, ...action.outputs.items].flatMap((param) => {
        const type = known(param.type);
        const isBad =
          param.type.state === 'missing' ||
          (type !== undefined && !PARAM_TYPES.some((name) => name === type));
        if (!isBad) return [];
        const name = known(param.name) ?? '?';
        const said = type === undefined ? 'has no type' : `has the unknown type "${type}"`;
        const place = placeOf(param.type, param.place);
        const meant = MEANT[type ?? ''];
        return [
          {
            message: `the param ${name} of ${label} ${said}: expected ${PARAM_TYPES.join(', ')}`,
            place,
            ...(type === undefined || meant === undefined || place === undefined
              ? {}
              : { fix: { place, from: type, to: meant } }),
          },
        ];
      }),
    ),
};
