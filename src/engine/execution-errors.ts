import { UserError } from '../support/errors.ts';
import type { WireError } from '../wire/index.ts';
import type { Instance } from './registry.ts';

/** Nothing can be executed any more. */
export function engineStopping(what: string): UserError {
  return new UserError({
    kind: 'unreachable',
    code: 'engine-stopping',
    message: `${what} ended with the engine.`,
    hint: 'Start the engine again, and invoke it again.',
  });
}

/** Nothing listens at an instance's address any more. */
export function unreachable(
  { name, address }: Pick<Instance, 'name' | 'address'>,
  error: WireError,
): UserError {
  return new UserError({
    kind: 'unreachable',
    code: 'agent-unreachable',
    message: `The agent ${name} at ${address} cannot be reached: ${error.message}`,
    hint: 'Look whether its process still runs and what it printed last; it comes back when it registers again.',
    cause: error,
  });
}
