import { compareRanked, decidingCriterion, type Ranked } from './rank.ts';

const characters = (count: number): string => `${count} ${count === 1 ? 'character' : 'characters'}`;

/** An intent by name: `"agent"/"action"`; quoted, because names are foreign text. */
function nameOf({ intent }: Ranked): string {
  const { agent, action } = intent.destination;
  return action === undefined ? JSON.stringify(agent) : `${JSON.stringify(agent)}/${JSON.stringify(action)}`;
}

function sameDestination(a: Ranked, b: Ranked): boolean {
  return a.intent.destination === b.intent.destination;
}

const insideWord = (item: Ranked): string => (item.wholeWords ? '' : '; it matches only inside a word');

/** Why the first of the routed matches won: what put it before the first one that leads elsewhere. */
export function explainWin(winner: Ranked, routed: readonly Ranked[]): string {
  const rival = routed.find((item) => !sameDestination(item, winner));
  if (rival === undefined) return `nothing else matches${insideWord(winner)}`;
  const name = nameOf(rival);
  const criterion = decidingCriterion(winner, rival);
  switch (criterion) {
    case 'length':
      return `the longest match: ${characters(winner.length)}, ${name} has ${rival.length}${insideWord(winner)}`;
    case 'priority':
      return `priority ${winner.intent.priority}, ${name} has ${rival.intent.priority} and matches as much${insideWord(winner)}`;
    case 'whole-words':
      return `whole words, ${name} matches as much but inside a word`;
    case 'name':
      return `first by name; ${name} matches as much with the same priority${insideWord(winner)}`;
    default:
      return criterion satisfies never;
  }
}

/** Why a routed match lost against the winner. */
export function explainLoss(item: Ranked, winner: Ranked): string {
  const name = nameOf(winner);
  if (sameDestination(item, winner)) return `${name} won with ${JSON.stringify(winner.intent.pattern)}`;
  const criterion = decidingCriterion(item, winner);
  switch (criterion) {
    case 'length':
      return `a shorter match: ${characters(item.length)}, ${name} has ${winner.length}`;
    case 'priority':
      return `priority ${item.intent.priority}, ${name} has ${winner.intent.priority} and matches as much`;
    case 'whole-words':
      return `it matches only inside a word, ${name} matches as much in whole words`;
    case 'name':
      return `later by name than ${name}, which matches as much with the same priority`;
    default:
      return criterion satisfies never;
  }
}

/** Why a match is not routed, and whether that decided the outcome. */
export function explainRefusal(item: Ranked, winner: Ranked | undefined): string {
  const decided = winner === undefined || compareRanked(item, winner) < 0;
  return `not routed: ${item.intent.destination.notRouted}${decided && winner !== undefined ? `; else it would come before ${nameOf(winner)}` : ''}`;
}
