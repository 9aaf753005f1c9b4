import { Secret } from 'create-mirastack-agent';

const DEFAULT_PRECISION = 6;
const MAX_PRECISION = 12;

/** What operators can change while the agent runs. */
export interface Settings {
  /** Decimals that results are rounded to. */
  readonly precision: number;
  /** Signs results; undefined for none. */
  readonly resultKey: Secret | undefined;
}

/** Reads the settings as the configuration and the environment give them: texts, empty where nothing is said. */
export function parseSettings(precision: string, resultKey: string): Settings {
  const decimals = precision === '' ? DEFAULT_PRECISION : Number(precision);
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > MAX_PRECISION) {
    throw new Error(`precision must be a whole number from 0 to ${MAX_PRECISION}, got ${JSON.stringify(precision)}`);
  }
  return { precision: decimals, resultKey: resultKey === '' ? undefined : new Secret(resultKey) };
}
