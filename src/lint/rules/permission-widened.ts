import { known } from '../agent/facts.ts';
import { listWidened } from '../compare.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notApplicable, notChecked } from './kit.ts';

export const permissionWidened: Rule = {
  id: 'permission-widened',
  title: 'No permission grows without consent',
  group: 'release',
  severity: 'error',
  why: 'Who let the agent in did so for what it could do then.',
  mend: 'Take the permission back, or run lint with --allow-wider-permission once someone has agreed.',
  languages: ALL,
  isLive: true,
  examples: {
    any: {
      bad: 'get_item was READ and is MODIFY',
      good: 'get_item stays READ, update_item is new and MODIFY',
    },
  },
  check({ before, live, notLive, agent }) {
    if (before === undefined) return notApplicable('no revision was named with --against');
    if (live?.info === undefined) return notChecked(notLive);
    if (before.info === undefined)
      return notChecked(`the agent at ${before.ref} could not be asked: ${before.reason ?? 'no answer'}`);
    if (before.allowsWider) return checked([], 'someone has agreed with --allow-wider-permission');
    return checked(
      listWidened(before.info, live.info).map(({ action, from, to }) => {
        const facts = agent?.actions.items.find(({ id }) => known(id) === action);
        const permission = action === undefined ? agent?.permission : facts?.permission;
        const place =
          permission === undefined || permission.state === 'missing' ? undefined : permission.place;
        return {
          message: `the permission of ${action ?? 'the agent'} grew from ${from} to ${to} since ${before.ref}`,
          place,
        };
      }),
    );
  },
};
