import type { Rule } from '../types.ts';
import { ALL, checked, notChecked } from './kit.ts';

export const agentStarts: Rule = {
  id: 'agent-starts',
  title: 'The agent starts, passes its SDK’s gate and registers',
  group: 'sdk',
  severity: 'error',
  why: 'Whatever else is right, an agent that does not register is of no use. Some traps, such as a missing tenant variable, show only then.',
  mend: 'Read what the agent printed; `mirastack-agent dev` shows all of it.',
  languages: ALL,
  isLive: true,
  examples: {
    any: {
      bad: 'an agent that ends with “quality gate failed”',
      good: 'an agent that registers with the engine',
    },
  },
  check({ live, notLive, graph }) {
    if (live?.startFailure !== undefined) {
      const { message, lines } = live.startFailure;
      const method = graph.method('info');
      const place = method?.file.placeAt(method.node.nameAt);
      const gates = lines.map((line) => line.trim()).filter((line) => line.startsWith('- '));
      const texts =
        gates.length > 0
          ? gates.map((line) => `the agent’s own gate: ${line.slice(2)}`)
          : [`the agent did not start: ${message}`];
      return checked(texts.map((text) => ({ message: text, place })));
    }
    return live?.info === undefined
      ? notChecked(notLive)
      : checked([], 'it registered with a throwaway engine');
  },
};
