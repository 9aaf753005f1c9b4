import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { parseVersion } from '../version.ts';
import { ALL, checked, notChecked, placeText, withAgent } from './kit.ts';

export const agentVersion: Rule = {
  id: 'agent-version',
  title: 'The version is a semantic version',
  group: 'schema',
  severity: 'error',
  why: 'Operators and the engine compare versions; what is no semantic version cannot be compared.',
  mend: 'Use three numbers, such as 1.0.0.',
  languages: ALL,
  examples: {
    typescript: { bad: "version: 'v1',", good: "version: '1.0.0'," },
    go: { bad: 'Version: "v1",', good: 'Version: "1.0.0",' },
    python: { bad: 'version="1.0",', good: 'version="1.0.0",' },
  },
  check: (input) =>
    withAgent(input, (agent) => {
      const version = known(agent.version);
      const place = placeOf(agent.version, agent.place);
      if (agent.version.state === 'computed') return notChecked('the version is only known at run time');
      if (version === undefined || version === '' || parseVersion(version) !== undefined)
        return checked([], placeText(place));
      return checked([{ message: `"${version}" is no semantic version`, place }]);
    }),
};
