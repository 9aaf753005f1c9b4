/** An absolute stretch of time, parsed by the engine from what a person said. Agents never parse time. */
export interface TimeRange {
  /** UTC milliseconds since the epoch, inclusive. */
  readonly startEpochMs: number;
  /** UTC milliseconds since the epoch. */
  readonly endEpochMs: number;
  /** IANA zone of the person who asked, for display only. */
  readonly timezone?: string;
  /** The words it was parsed from, for display only. */
  readonly originalExpression?: string;
}
