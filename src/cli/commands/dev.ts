import { createDevSession, type DevEvent } from '../../dev/index.ts';
import { createLauncher } from '../../launch/index.ts';
import { findProject } from '../../project/index.ts';
import { throwIfCancelled } from '../../support/cancelled.ts';
import { type Channel, cleanLine, cleanText } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type EngineHostFlags, hostEngine } from '../engine-host.ts';
import { readableLogLine } from '../log-line.ts';

export type DevFlags = EngineHostFlags;

function showEvent(event: DevEvent, talk: Channel): void {
  const { theme } = talk;
  switch (event.type) {
    case 'engine-listening':
      talk.line(`The dev engine listens on ${event.grpcAddr}. It is for development only.`);
      for (const [name, value] of Object.entries(event.backendEnv))
        talk.line(`The dev backend runs: ${name}=${value}`);
      return;
    case 'building':
      talk.line(theme.faint('building …'));
      return;
    case 'build-failed': {
      const place =
        event.file === undefined ? '' : `${event.file}${event.line === undefined ? '' : `:${event.line}`}: `;
      talk.line(theme.bad(cleanText(`${place}${event.message}`)));
      return;
    }
    case 'launching':
      talk.line(theme.faint(`launching generation ${event.generation} …`));
      return;
    case 'ready': {
      const how = `generation ${event.generation}, ${event.ms} ms`;
      talk.line(theme.good(cleanLine(`${event.agent} ${event.version} is ready (${how})`)));
      return;
    }
    case 'swapped':
      talk.line(theme.faint(`generation ${event.to} took over from ${event.from}`));
      return;
    case 'agent-log':
      talk.line(`${theme.faint('|')} ${cleanText(readableLogLine(event.line))}`);
      return;
    case 'agent-exited':
      talk.line(theme.bad(`the agent ended by itself (${event.signal ?? `exit code ${event.code}`})`));
      return;
    case 'warning':
      talk.line(theme.warn(cleanText(event.message)));
      return;
    case 'stopped':
      talk.line('stopped');
      return;
    default: {
      const never: never = event;
      throw new TypeError(`unknown event ${JSON.stringify(never)}`);
    }
  }
}

/** Seconds; while one edits, a backend that came back should be noticed soon. */
const DEV_HEALTH_INTERVAL_S = 5;

/** `mirastack-agent dev [dir]`: engine, backend and agent, until a signal ends them. */
export async function runDev(
  [directory = '.']: readonly (string | undefined)[],
  flags: DevFlags & CommonFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const project = findProject(directory);
  // Before an engine is up that nobody would use, and whose end would be told first.
  project.language.checkTools(project.directory);
  const { answers, talk } = terminal;
  const host = await hostEngine(
    project.directory,
    { healthInterval: DEV_HEALTH_INTERVAL_S, ...flags },
    { ephemeral: false, talk },
  );
  try {
    const launcher = await createLauncher();
    try {
      const { engine, tenantId, controlUrl, sessionFile } = host;
      const control = { controlUrl, sessionFile };
      const session = createDevSession({
        project,
        launcher,
        engine,
        baseEnv: process.env,
        tenantId,
        control,
      });
      session.subscribe((event) =>
        flags.json ? answers.line(JSON.stringify(event)) : showEvent(event, talk),
      );
      // Stopping is what ends a start that still waits for its backend, too.
      const stop = () => void session.stop();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      await session.start();
      await session.done;
    } finally {
      await launcher.close();
    }
  } finally {
    await host.close();
  }
  throwIfCancelled(signal);
}
