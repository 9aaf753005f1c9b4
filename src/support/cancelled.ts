/** What may end a command from outside: a signal, or the reader of its output going away. */
export type CancelSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/**
 * The person at the keyboard, or whoever sent the signal, ended the work. Not a fault: nothing is
 * reported but the exit code, 128 + signal (design.md, "Exit codes").
 */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly signal: CancelSignal;

  constructor(signal: CancelSignal = 'SIGINT') {
    super('cancelled');
    this.signal = signal;
  }
}

/** Throws once the signal has fired: its own reason when that is a CancelledError, else a fresh one. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason instanceof CancelledError ? signal.reason : new CancelledError();
}
