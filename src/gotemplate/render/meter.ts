import { RenderFailure } from './failure.ts';
import type { Value } from './value.ts';

/** How long the output, and any string on the way to it, may get: in UTF-16 units. */
export const MAX_OUTPUT = 1_048_576;
/** How much work a template may ask for: about one step for each node, iteration, and 64 characters of text. */
export const MAX_STEPS = 1_000_000;

const UNITS_PER_STEP = 64;

/** Counts the work, so that no template runs on and on. */
export class Meter {
  #steps = 0;

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS)
      throw new RenderFailure('limit', `the preview stops after ${MAX_STEPS} steps`);
  }

  /** For work that reads a value without making a text of it. */
  spendReading(value: Value): void {
    if (value.kind === 'string') this.spend(Math.ceil(value.value.length / UNITS_PER_STEP));
    else if (value.kind === 'list') this.spend(Math.ceil(value.items.length / UNITS_PER_STEP));
    else if (value.kind === 'map') this.spend(Object.keys(value.entries).length);
  }

  checkLength(length: number): void {
    if (length > MAX_OUTPUT)
      throw new RenderFailure('limit', `the preview stops at texts longer than ${MAX_OUTPUT} characters`);
  }

  /** For work that goes through a text, or makes one. */
  spendOn(length: number): void {
    this.checkLength(length);
    this.spend(Math.ceil(length / UNITS_PER_STEP));
  }
}
