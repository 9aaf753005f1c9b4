export { readsAsPattern } from './intent.ts';
export { createIntentIndex, type IntentIndex, MAX_INTENTS_PER_AGENT } from './intent-index.ts';
export { type IntentCandidate, type MatchOptions, matchIntents } from './match.ts';
export { type IntentOverlap, listOverlaps, type OverlapReport } from './overlaps.ts';
export {
  listRoutingConflicts,
  listUnroutedActions,
  type RoutedAction,
  type RoutingConflict,
  type UnroutedAction,
} from './routing-conflicts.ts';
export type {
  IntentAction,
  IntentAgent,
  IntentFault,
  IntentFaultKind,
  IntentKind,
  IntentOwner,
  IntentRef,
} from './types.ts';
