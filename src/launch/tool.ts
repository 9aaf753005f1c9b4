import { UserError } from '../support/errors.ts';
import { shellCodeOf } from './launch-error.ts';
import { type LaunchScope, type SpawnOptions, spawnGroup } from './process-group.ts';

/** How to run a tool that ends by itself. */
export interface ToolOptions extends Omit<SpawnOptions, 'onLine'> {
  /** Ends the tool and everything it started; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** What a tool said. Of each stream at most the first MiB is kept. */
export interface ToolResult {
  /** 128 + the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_OUTPUT_CHARS = 1024 * 1024;
const CANCEL_GRACE_MS = 1_000;

/**
 * Runs a build, an install or the like, and waits until it and everything it started has ended. A failing
 * tool is a result, not an error.
 * @throws UserError `tool-missing`, `tool-timeout` (failed), or the reason of `signal`
 */
export async function runTool(scope: LaunchScope, options: ToolOptions): Promise<ToolResult> {
  options.signal?.throwIfAborted();
  const output = { stdout: '', stderr: '' };
  const group = await spawnGroup(scope, {
    ...options,
    onLine(stream, line) {
      if (output[stream].length < MAX_OUTPUT_CHARS) output[stream] += `${line}\n`;
    },
  });
  let timedOut = false;
  const end = () => void group.stop({ graceMs: CANCEL_GRACE_MS }).catch(() => {});
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, options.timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted) end();
  try {
    const exit = await group.exited;
    options.signal?.throwIfAborted();
    if (timedOut)
      throw new UserError({
        kind: 'failed',
        code: 'tool-timeout',
        message: `${options.argv[0]} did not end within ${(options.timeoutMs ?? 0) / 1000} s.`,
      });
    return { exitCode: shellCodeOf(exit), ...output };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
  }
}
