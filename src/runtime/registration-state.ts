import { messageOf } from '../support/errors.ts';
import type { LogFields, Logger } from './logger.ts';

/** Where the agent stands with its engine; without one it goes from `unregistered` to `draining` to `stopped`. */
export type RegistrationState =
  | 'unregistered'
  | 'registering'
  | 'registered'
  | 'lost'
  | 'draining'
  | 'stopped';

/** The one place that knows the state, and through which it changes. */
export interface StateKeeper {
  readonly current: () => RegistrationState;
  /** Enters a state: one log line where there is an engine, and one call of the listener. */
  enter(next: RegistrationState, fields?: LogFields): void;
}

/**
 * Starts as `unregistered`.
 * @param engine the engine's address, for the log; undefined where there is none
 * @param onChange hears of every change; what it throws is logged
 */
export function keepState(
  engine: string | undefined,
  log: Logger,
  onChange: (state: RegistrationState) => void = () => undefined,
): StateKeeper {
  let state: RegistrationState = 'unregistered';
  return {
    current: () => state,
    enter: (next, fields = {}) => {
      // What was still under way when the agent began to stop must not bring it back.
      const isEnding = state === 'draining' || state === 'stopped';
      if (state === next || (isEnding && next !== 'stopped')) return;
      state = next;
      if (engine !== undefined) log.info(`registration ${next}`, { engine, ...fields });
      try {
        onChange(next);
      } catch (error) {
        log.error('the listener for registration states failed', { state: next, error: messageOf(error) });
      }
    },
  };
}
