import { CONFIG_TYPES } from '../../contract/index.ts';
import { known, placeOf } from '../agent/facts.ts';
import type { Finding, Rule } from '../types.ts';
import { ALL, checked, notApplicable, withAgent } from './kit.ts';

const LEGAL = /^[a-z][a-z0-9_.-]{0,63}$/;

export const configKey: Rule = {
  id: 'config-key',
  title: 'Configuration keys are legal, each once, with a known type',
  group: 'schema',
  severity: 'error',
  why: 'The engine keeps each value under the key and turns it into text by the type.',
  mend: `Use lower-case letters, digits, underscores, every key once, and one of ${CONFIG_TYPES.join(', ')}.`,
  languages: ALL,
  examples: {
    typescript: { bad: "{ key: 'Backend URL', … }", good: "{ key: 'backend_url', … }" },
    go: { bad: '{Key: "Backend URL", …}', good: '{Key: "backend_url", …}' },
    python: { bad: 'ConfigParam(key="Backend URL", …)', good: 'ConfigParam(key="backend_url", …)' },
  },
  check: (input) =>
    withAgent(input, (agent) => {
      const { items } = agent.configParams;
      if (items.length === 0) return notApplicable('the agent declares no configuration parameter');
      const seen = new Set<string>();
      const findings = items.flatMap((param): Finding[] => {
        const key = known(param.key);
        const type = known(param.type);
        const place = placeOf(param.key, param.place);
        const found: Finding[] = [];
        if (key !== undefined && key !== '' && !LEGAL.test(key))
          found.push({ message: `the configuration key "${key}" is not legal`, place });
        if (key !== undefined && seen.has(key))
          found.push({ message: `the configuration key ${key} is there twice`, place });
        if (key !== undefined) seen.add(key);
        if (type !== undefined && type !== '' && !CONFIG_TYPES.some((name) => name === type))
          found.push({
            message: `the configuration key ${key ?? '?'} has the unknown type "${type}": expected ${CONFIG_TYPES.join(', ')}`,
            place: placeOf(param.type, param.place),
          });
        return found;
      });
      return checked(findings);
    }),
};
