/** The two things a hand-over puts in order. */
export interface HandOverSteps {
  /** Ends the old generation, if there is one; resolves when nothing of it lives any more. */
  readonly retireOld: () => Promise<void>;
  /** Launches the new one; resolves when its process has been spawned. */
  readonly launchNew: () => Promise<void>;
}

/** Replaces one generation by the next. */
export type HandOver = (steps: HandOverSteps) => Promise<void>;

/** The old one first, so that two generations never live at once; calls in between find nobody. */
export const stopThenLaunch: HandOver = async ({ retireOld, launchNew }) => {
  await retireOld();
  await launchNew();
};
