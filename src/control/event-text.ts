import type { ShownEvent, TimedEvent } from './api.ts';

/** Results and parameters may be megabytes; whoever watches wants to know that they came. */
const MAX_EVENT_CHARS = 64 * 1024;
const MAX_TEXT_CHARS = 4 * 1024;

function cutTexts(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > MAX_TEXT_CHARS ? value.slice(0, MAX_TEXT_CHARS) : value;
  if (Array.isArray(value)) return value.map(cutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cutTexts(item)]));
}

/** The length of its texts, found without writing them. */
function textChars(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + textChars(item), 0);
}

/** An event as clients see it: whole, or with its long texts cut and marked. */
export function showEvent(event: TimedEvent): ShownEvent {
  if (textChars(event) <= MAX_EVENT_CHARS) return event;
  return { ...(cutTexts(event) as TimedEvent), truncated: true };
}
