import { ActionError } from '../lib/action-error.ts';

/** A stretch of time in UTC milliseconds. */
export interface Stretch {
  readonly startEpochMs: number;
  readonly endEpochMs: number;
}

/** Cuts a stretch of time into equal parts, in order and without gaps. */
export function cutStretch({ startEpochMs, endEpochMs }: Stretch, parts: number): readonly Stretch[] {
  if (endEpochMs <= startEpochMs) throw new ActionError('the end of the time range must be after its start');
  const edge = (index: number) => Math.round(startEpochMs + ((endEpochMs - startEpochMs) * index) / parts);
  return Array.from({ length: parts }, (_, index) => ({
    startEpochMs: edge(index),
    endEpochMs: edge(index + 1),
  }));
}
