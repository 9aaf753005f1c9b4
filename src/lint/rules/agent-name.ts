import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notChecked, placeText, withAgent } from './kit.ts';

const STYLE = /^[a-z][a-z0-9_]{1,62}$/;

export const agentName: Rule = {
  id: 'agent-name',
  title: 'The agent’s name is in the style of my_agent',
  group: 'schema',
  severity: 'error',
  why: 'The name is a key in the engine, part of cache keys and what other agents would call; published agents are called query_metrics, not mirastack-plugin-query-metrics. A colon in it makes it uncallable.',
  mend: 'Use lower-case letters, digits and underscores, a letter first, 2 to 63 in all.',
  languages: ALL,
  examples: {
    typescript: { bad: "name: 'mirastack-plugin-my-agent',", good: "name: 'my_agent'," },
    go: { bad: 'Name: "mirastack-plugin-my-agent",', good: 'Name: "my_agent",' },
    python: { bad: 'name="mirastack-plugin-my-agent",', good: 'name="my_agent",' },
  },
  check: (input) =>
    withAgent(input, (agent) => {
      const name = known(agent.name);
      if (name === undefined && agent.name.state === 'computed')
        return notChecked('the name is only known at run time');
      const place = placeOf(agent.name, agent.place);
      // That it is there at all is a gate.
      if (name === undefined || name === '' || STYLE.test(name)) return checked([], placeText(place));
      return checked([{ message: `"${name}" is no name in the style of my_agent`, place }]);
    }),
};
