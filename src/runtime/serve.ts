import type { Plugin } from '../contract/index.ts';
import { messageOf, UserError } from '../support/errors.ts';
import { GateError, type RunningAgent, startAgent } from './agent.ts';
import { createLogger } from './logger.ts';
import { redactSecrets } from './secrets.ts';

/** A fault of the program, as sysexits.h numbers it. */
const FAILURE_EXIT = 70;
/** 128 + the signal's number, where there is nothing to end gracefully: before it serves, and for a second signal. */
const IMMEDIATE_EXIT = { SIGINT: 130, SIGTERM: 143 } as const;

/** One line, whatever the error holds: no stack, no secret. */
function writeReason(text: string): void {
  process.stderr.write(`${redactSecrets(text).replace(/\s*[\r\n]+\s*/g, ' ')}\n`);
}

/** Ends a process that could not begin: 1 where its user can mend it, 70 where its author must. */
function refuseToStart(error: unknown): never {
  if (error instanceof GateError) process.stderr.write(`${redactSecrets(error.message)}\n`);
  else if (error instanceof UserError) writeReason(`FATAL: ${error.message}`);
  else writeReason(`FATAL: the agent cannot start: ${messageOf(error)}`);
  if (!(error instanceof UserError)) process.exit(FAILURE_EXIT);
  if (error.hint !== undefined) writeReason(error.hint);
  process.exit(1);
}

/**
 * Runs an agent as this process: checks the gates, listens, prints `MIRASTACK_PLUGIN_PORT=<n>` as the only
 * line on stdout, registers, and on SIGINT or SIGTERM deregisters, drains and exits 0; a second signal
 * exits at once. A broken gate, a bad setting or a busy port exits 1 with the reason on stderr; a plugin that
 * throws before it serves exits 70 with one line. An error that nobody caught is logged, running calls get an
 * answer, and the process drains and exits 70 (faults.md C9).
 *
 * Settings come from the environment: MIRASTACK_ENGINE_ADDR, MIRASTACK_PLUGIN_ADDR,
 * MIRASTACK_PLUGIN_ADVERTISE_ADDR, MIRASTACK_PLUGIN_TENANT_ID or _SLUG, MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL (s),
 * MIRASTACK_PLUGIN_BACKOFF_MAX (s), MIRASTACK_PLUGIN_SHUTDOWN_TIMEOUT (s). Source: protocol.md §4.
 */
export async function serve(plugin: Plugin): Promise<void> {
  // Whoever reads the log may go; the agent stays until it is told to.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const log = createLogger();
  let agent: RunningAgent | undefined;
  let failed = false;
  const fail = (error: unknown) => {
    if (agent === undefined) refuseToStart(error);
    log.error('an error was not caught', {
      error: error instanceof Error ? error.stack : messageOf(error),
    });
    if (failed) return;
    failed = true;
    agent.fail(error).finally(() => process.exit(FAILURE_EXIT));
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  let stopping = false;
  // Before the port line: whoever reads it may send a signal at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping || agent === undefined) process.exit(IMMEDIATE_EXIT[signal]);
      stopping = true;
      log.info('stopping', { signal });
      agent.stop().then(() => process.exit(failed ? FAILURE_EXIT : 0));
    });
  try {
    agent = await startAgent(plugin, {
      env: process.env,
      log,
      onListening: (port) => process.stdout.write(`MIRASTACK_PLUGIN_PORT=${port}\n`),
    });
  } catch (error) {
    refuseToStart(error);
  }
}
