import type { ExecutionMode, License, TimeRange } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { History } from './history.ts';
import type { Registry } from './registry.ts';
import { findTarget } from './target.ts';
import { makeTimeRange } from './time/index.ts';
import type { InvokeRequest, InvokeResult } from './types.ts';

function readTime({ timeRange, time }: InvokeRequest): TimeRange | undefined {
  return time === undefined ? timeRange : makeTimeRange(time, Date.now());
}

/** The day of a moment, in UTC. */
const dayOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

/** Executes what a developer asks for; see `Engine.invoke`. */
export function createInvoker(parts: {
  readonly registry: Registry;
  readonly dispatcher: Dispatcher;
  readonly history: History;
  readonly mode: ExecutionMode;
  readonly license: () => License | undefined;
}): (request: InvokeRequest, signal: AbortSignal | undefined) => Promise<InvokeResult> {
  let sessions = { day: '', count: 0 };

  function checkLicense(): void {
    const license = parts.license();
    if (license?.active === false)
      throw new UserError({
        kind: 'failed',
        code: 'license-inactive',
        message: 'The licence of this engine is inactive, so nothing is executed.',
        hint: 'Set "active" to true in the file of --license, or start the engine without one.',
      });
    const limit = license?.quotas?.maxAgenticSessionsPerDay ?? -1;
    const today = dayOf(Date.now());
    if (sessions.day !== today) sessions = { day: today, count: 0 };
    if (limit >= 0 && sessions.count >= limit)
      throw new UserError({
        kind: 'failed',
        code: 'quota-exhausted',
        message: `The licence allows ${limit} sessions a day, and today's are used up.`,
        hint: 'Raise quotas.maxAgenticSessionsPerDay in the file of --license; the day is that of UTC.',
      });
  }

  function checkExecutionId(executionId: string | undefined): void {
    if (executionId === undefined || parts.history.get(executionId) === undefined) return;
    throw new UserError({
      kind: 'usage',
      code: 'execution-exists',
      message: `There is an execution ${executionId} already.`,
      hint: 'Leave the id out, or choose a new UUID.',
    });
  }

  return async (request, signal) => {
    checkExecutionId(request.executionId);
    const target = findTarget(parts.registry, request);
    const timeRange = readTime(request);
    checkLicense();
    return parts.dispatcher.perform(
      {
        target,
        params: request.params,
        timeRange,
        mode: request.mode ?? parts.mode,
        caller: undefined,
        timeoutMs: request.timeoutMs,
        // A request that is refused was no session.
        onAccepted: () => {
          sessions.count++;
        },
        ...(request.executionId === undefined ? {} : { executionId: request.executionId }),
      },
      signal,
    );
  };
}
