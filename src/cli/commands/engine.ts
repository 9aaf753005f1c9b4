import type { EngineEvent } from '../../engine/index.ts';
import { throwIfCancelled } from '../../support/cancelled.ts';
import { type Channel, cleanText } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type EngineHostFlags, hostEngine } from '../engine-host.ts';
import { sessionFolder } from '../session-folder.ts';

export interface EngineFlags extends EngineHostFlags {
  readonly project: string;
  readonly ephemeral: boolean;
}

function showEvent(event: EngineEvent, talk: Channel): void {
  const { theme } = talk;
  switch (event.type) {
    case 'registered':
      talk.line(theme.good(`${event.agent} ${event.version} registered from ${event.instance.address}`));
      return;
    case 'deregistered':
      talk.line(`${event.agent} deregistered`);
      return;
    case 'lost':
      talk.line(theme.warn(`${event.agent} is lost: ${event.reason}`));
      return;
    case 'health':
      if (event.changed) talk.line(`${event.agent} is ${event.health}: ${cleanText(event.message)}`);
      return;
    case 'executed':
      talk.line(`${event.agent} executed ${event.action} in ${event.result.durationMs} ms`);
      return;
    case 'warning':
      talk.line(theme.warn(cleanText(event.message)));
      return;
    default: {
      const never: never = event;
      throw new TypeError(`unknown event ${JSON.stringify(never)}`);
    }
  }
}

/** `mirastack-agent engine`: the embedded engine alone, until a signal ends it. */
export async function runEngine(
  _args: readonly (string | undefined)[],
  flags: EngineFlags & CommonFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const { talk, answers } = terminal;
  const host = await hostEngine(sessionFolder(flags.project), flags, { ephemeral: flags.ephemeral, talk });
  try {
    const { engine, controlUrl, tenantId, sessionFile } = host;
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
      talk.line(`The dev engine listens on ${engine.address}. It is for development only.`);
      talk.line('Start an agent by hand with:');
      answers.line(`export MIRASTACK_ENGINE_ADDR=${engine.address}`);
      answers.line(`export MIRASTACK_PLUGIN_TENANT_ID=${tenantId}`);
      answers.line('export MIRASTACK_PLUGIN_ADDR=127.0.0.1:0');
      engine.subscribe((event) => showEvent(event, talk));
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
