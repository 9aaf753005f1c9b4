import { compareAgents, neededBump, satisfiesBump } from '../compare.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notApplicable, notChecked } from './kit.ts';

export const versionBump: Rule = {
  id: 'version-bump',
  title: 'The version says how much has changed',
  group: 'release',
  severity: 'error',
  why: 'Workflows name actions and params: whoever updates must see from the version whether theirs still run.',
  mend: 'Raise the version: the first number for what breaks callers, the second for what is new, the third for the rest.',
  languages: ALL,
  isLive: true,
  examples: {
    any: {
      bad: '1.2.0 after 1.1.0, with an action removed',
      good: '2.0.0 after 1.1.0, with an action removed',
    },
  },
  check({ before, live, notLive, agent, declared }) {
    if (before === undefined) return notApplicable('no revision was named with --against');
    if (live?.info === undefined) return notChecked(notLive);
    if (before.info === undefined)
      return notChecked(`the agent at ${before.ref} could not be asked: ${before.reason ?? 'no answer'}`);
    const changes = compareAgents(before.info, live.info);
    const bump = neededBump(changes);
    const now = live.info.version;
    if (satisfiesBump(before.info.version, now, bump))
      return checked([], `${before.info.version} at ${before.ref}, ${now} now`);
    const fact = declared?.version ?? agent?.version;
    const place = fact === undefined || fact.state === 'missing' ? declared?.place : fact.place;
    return checked(
      changes
        .filter((change) => change.bump === bump)
        .map((change) => ({
          message: `${change.message}: that needs a new ${bump} version, and ${before.info?.version} became ${now}`,
          place,
        })),
    );
  },
};
