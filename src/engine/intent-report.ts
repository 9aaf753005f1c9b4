import type { IntentFault, OverlapReport, RoutingConflict, UnroutedAction } from '../intents/index.ts';

/** What keeps intents and routing semantics of the registered agents from telling them apart. */
export interface IntentReport {
  readonly overlaps: OverlapReport;
  readonly conflicts: readonly RoutingConflict[];
  readonly unrouted: readonly UnroutedAction[];
  readonly faults: readonly IntentFault[];
}
