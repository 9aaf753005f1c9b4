import { known, type ParamFacts, placeOf } from '../agent/facts.ts';
import type { Finding, Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';

const LEGAL = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

export const paramName: Rule = {
  id: 'param-name',
  title: 'Params have legal names, each once',
  group: 'schema',
  severity: 'error',
  why: 'A param is found by its name in a map of strings; `action` is where callers put the action itself.',
  mend: 'Use letters, digits and underscores, a letter first, at most 64, and every name once; not `action`.',
  languages: ALL,
  checklist: 6,
  examples: {
    typescript: { bad: "{ name: 'item id', … }", good: "{ name: 'item_id', … }" },
    go: { bad: '{Name: "item id", …}', good: '{Name: "item_id", …}' },
    python: { bad: 'ParamSchema(name="item id", …)', good: 'ParamSchema(name="item_id", …)' },
  },
  check: (input) =>
    forActions(input, (action, label) => [
      ...judge(action.params.items, label, true),
      ...judge(action.outputs.items, label, false),
    ]),
};

function judge(params: readonly ParamFacts[], label: string, isInput: boolean): Finding[] {
  const seen = new Set<string>();
  return params.flatMap((param) => {
    const name = param.name.state === 'missing' ? '' : known(param.name);
    if (name === undefined) return [];
    const place = placeOf(param.name, param.place);
    const isTwice = seen.has(name);
    seen.add(name);
    if (name === '') return [{ message: `a param of ${label} has no name`, place }];
    if (!LEGAL.test(name)) return [{ message: `the param name "${name}" of ${label} is not legal`, place }];
    if (isTwice) return [{ message: `${label} has the param ${name} twice`, place }];
    if (isInput && name === 'action')
      return [
        { message: `${label} has a param called action, which is where callers name the action`, place },
      ];
    return [];
  });
}
