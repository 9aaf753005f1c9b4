import { throwIfCancelled } from '../../support/cancelled.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { showEngineEvent } from '../engine-events.ts';
import { engineFolder } from '../engine-folder.ts';
import { type EngineHostFlags, hostEngine } from '../engine-host.ts';

export interface EngineFlags extends EngineHostFlags {
  readonly project: string;
  readonly ephemeral: boolean;
}

/** `mirastack-agent engine`: the embedded engine alone, until a signal ends it. */
export async function runEngine(
  _args: readonly (string | undefined)[],
  flags: EngineFlags & CommonFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const { talk, answers } = terminal;
  const host = await hostEngine(engineFolder(flags.project), flags, { ephemeral: flags.ephemeral, talk });
  try {
    const { engine, controlUrl, tenantId, sessionFile } = host;
    // Who reads the answers with a program still sees what this is not made for.
    talk.line(`The dev engine listens on ${engine.address}. It is for development only.`);
    if (flags.json) {
      const grpcAddr = engine.address;
      answers.line(
        JSON.stringify({
          type: 'engine-listening',
          grpcAddr,
          controlUrl,
          tenantId,
          pid: process.pid,
          sessionFile,
        }),
      );
    } else {
      talk.line('For a real engine, start the agent with MIRASTACK_ENGINE_ADDR=host:port of that one.');
      talk.line('Start an agent by hand with:');
      answers.line(`export MIRASTACK_ENGINE_ADDR=${engine.address}`);
      answers.line(`export MIRASTACK_PLUGIN_TENANT_ID=${tenantId}`);
      answers.line('export MIRASTACK_PLUGIN_ADDR=127.0.0.1:0');
      engine.subscribe((event) => showEngineEvent(event, talk));
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    await host.close();
  }
  throwIfCancelled(signal);
}
