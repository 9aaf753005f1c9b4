import { actionLabel, known, placeOf } from '../agent/facts.ts';
import type { Finding, Rule } from '../types.ts';
import { ALL, checked, notChecked, withAgent } from './kit.ts';
import { wordsOf } from './words.ts';

/** The share of words that two descriptions have in common from which on they are alike. */
const ALIKE = 0.85;
/** Most descriptions that one is compared with: thousands of actions must not take minutes. */
const MAX_CANDIDATES = 50;

function similarity(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let common = 0;
  for (const word of left) if (right.has(word)) common += 1;
  return common / (left.size + right.size - common);
}

export const descriptionDuplicate: Rule = {
  id: 'description-duplicate',
  title: 'No two actions are described alike',
  group: 'checklist',
  severity: 'error',
  why: 'Between two actions with the same description the LLM can only toss a coin.',
  mend: 'Say in each what tells it from the other, and when to use which.',
  languages: ALL,
  checklist: 5,
  examples: {
    any: {
      bad: 'get_pod and get_node: “Retrieve a resource of the cluster. Use this when you need its details.”',
      good: 'get_pod: “Retrieve one pod with its containers. Use this when a workload misbehaves.” get_node: “Retrieve one node with its capacity. Use this when a machine misbehaves.”',
    },
  },
  check: (input) =>
    withAgent(input, ({ actions }) => {
      const described = actions.items.flatMap((action, index) => {
        const text = known(action.description)?.trim() ?? '';
        return text === ''
          ? []
          : [{ action, label: actionLabel(action, index), words: new Set(wordsOf(text)) }];
      });
      const frequency = new Map<string, number>();
      for (const { words } of described)
        for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
      // Two sets that are so alike share one of the rarest few words of each.
      const byWord = new Map<string, typeof described>();
      const findings: Finding[] = [];
      for (const item of described) {
        const rarest = [...item.words]
          .sort((a, b) => (frequency.get(a) as number) - (frequency.get(b) as number) || (a < b ? -1 : 1))
          .slice(0, item.words.size - Math.ceil(item.words.size * ALIKE) + 1);
        const candidates = new Set(
          rarest.flatMap((word) => (byWord.get(word) ?? []).slice(0, MAX_CANDIDATES)),
        );
        const twin = [...candidates].find(({ words }) => similarity(words, item.words) >= ALIKE);
        if (twin !== undefined)
          findings.push({
            message: `${item.label} is described like ${twin.label}`,
            place: placeOf(item.action.description, item.action.place),
          });
        for (const word of rarest) {
          const list = byWord.get(word);
          if (list === undefined) byWord.set(word, [item]);
          else if (list.length < MAX_CANDIDATES) list.push(item);
        }
      }
      if (findings.length === 0 && !actions.isComplete)
        return notChecked('some actions are only known at run time');
      return checked(findings);
    }),
};
