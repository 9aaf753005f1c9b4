import type { Plugin } from '../contract/index.ts';
import { messageOf, UserError } from '../support/errors.ts';
import { GateError, startAgent } from './agent.ts';
import { createLogger } from './logger.ts';
import { redactSecrets } from './secrets.ts';

/** A fault of the program, as sysexits.h numbers it. */
const FAILURE_EXIT = 70;
/** 128 + the signal's number, for a second signal that skips the graceful end. */
const IMMEDIATE_EXIT = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs an agent as this process: checks the gates, listens, prints `MIRASTACK_PLUGIN_PORT=<n>` as the only
 * line on stdout, registers, and on SIGINT or SIGTERM deregisters, drains and exits 0; a second signal
 * exits at once. A broken gate, a bad setting or a busy port exits 1 with the reason on stderr. An error that
 * nobody caught is logged, running calls get an answer, and the process drains and exits 70 (faults.md C9).
 *
 * Settings come from the environment: MIRASTACK_ENGINE_ADDR, MIRASTACK_PLUGIN_ADDR,
 * MIRASTACK_PLUGIN_ADVERTISE_ADDR, MIRASTACK_PLUGIN_TENANT_ID or _SLUG, MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL (s),
 * MIRASTACK_PLUGIN_BACKOFF_MAX (s), MIRASTACK_PLUGIN_SHUTDOWN_TIMEOUT (s). Source: protocol.md §4.
 */
export async function serve(plugin: Plugin): Promise<void> {
  // Whoever reads the log may go; the agent stays until it is told to.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const log = createLogger();
  try {
    const agent = await startAgent(plugin, {
      env: process.env,
      log,
      onListening: (port) => process.stdout.write(`MIRASTACK_PLUGIN_PORT=${port}\n`),
    });
    let failed = false;
    const fail = (error: unknown) => {
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
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (stopping) process.exit(IMMEDIATE_EXIT[signal]);
        stopping = true;
        log.info('stopping', { signal });
        agent.stop().then(() => process.exit(failed ? FAILURE_EXIT : 0));
      });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason = error instanceof GateError ? error.message : `FATAL: ${messageOf(error)}`;
    process.stderr.write(`${redactSecrets(reason)}\n`);
    if (error.hint !== undefined) process.stderr.write(`${error.hint}\n`);
    process.exit(1);
  }
}
