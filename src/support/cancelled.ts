/**
 * The person at the keyboard, or whoever sent the signal, ended the work. Not a fault: nothing is
 * reported but the exit code, 128 + signal (design.md, "Exit codes").
 */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' = 'SIGINT') {
    super('cancelled');
    this.signal = signal;
  }
}

/** Throws once the signal has fired: its own reason when that is a CancelledError, else a fresh one. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason instanceof CancelledError ? signal.reason : new CancelledError();
}
