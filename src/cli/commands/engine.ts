import type { EngineEvent } from '../../engine/index.ts';
import { throwIfCancelled } from '../../support/cancelled.ts';
import { type Channel, cleanLine } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { engineFolder } from '../engine-folder.ts';
import { type EngineHostFlags, hostEngine } from '../engine-host.ts';

export interface EngineFlags extends EngineHostFlags {
  readonly project: string;
  readonly ephemeral: boolean;
}

/** What an event says, and how it is meant; undefined for what is not worth a line. */
function describeEvent(event: EngineEvent): { text: string; tone: 'good' | 'plain' | 'warn' } | undefined {
  switch (event.type) {
    case 'registered':
      return {
        tone: 'good',
        text: `${event.agent} ${event.version} registered from ${event.instance.address}`,
      };
    case 'deregistered':
      return { tone: 'plain', text: `${event.agent} deregistered` };
    case 'lost':
      return { tone: 'warn', text: `${event.agent} is lost: ${event.reason}` };
    case 'health':
      if (!event.changed) return undefined;
      return { tone: 'plain', text: `${event.agent} is ${event.health}: ${event.message}` };
    case 'executed': {
      const { durationMs } = event.result;
      return { tone: 'plain', text: `${event.agent} executed ${event.action} in ${durationMs} ms` };
    }
    case 'warning':
      return { tone: 'warn', text: event.message };
    default: {
      const never: never = event;
      throw new TypeError(`unknown event ${JSON.stringify(never)}`);
    }
  }
}

/** Names and messages come from agents: the whole line is cleaned, whatever it says. */
function showEvent(event: EngineEvent, talk: Channel): void {
  const line = describeEvent(event);
  if (line === undefined) return;
  const text = cleanLine(line.text);
  talk.line(line.tone === 'plain' ? text : talk.theme[line.tone](text));
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
