import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describeExit, type LaunchedAgent, type Launcher } from '../launch/index.ts';
import { backoffMs } from '../support/backoff.ts';
import { messageOf, systemCode, UserError } from '../support/errors.ts';

const MAX_WAIT_MS = 30_000;
/** One that ran so long was no failure: its next start need not wait as if it had been. */
const STEADY_MS = 30_000;
const STOP_GRACE_MS = 5_000;

/** An agent's executable, as the guide lays them out: `<dir>/<folder>/<executable>`. */
interface Executable {
  readonly folder: string;
  readonly path: string;
  /** `<folder>/<executable>`, as it is called in messages. */
  readonly label: string;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The executables of one folder; none in what is no folder. */
function listFolder(root: string, name: string): Executable[] {
  const folder = join(root, name);
  if (!statSync(folder).isDirectory()) return [];
  return readdirSync(folder)
    .filter((file) => !file.startsWith('.') && isExecutable(join(folder, file)))
    .map((file) => ({ folder, path: join(folder, file), label: `${name}/${file}` }));
}

/** A folder that cannot be read costs its own agent only. @throws UserError unreadable-plugins-dir */
function findExecutables(directory: string, onNotice: (message: string) => void): Executable[] {
  const root = resolve(directory);
  let names: string[];
  try {
    names = readdirSync(root).filter((name) => !name.startsWith('.'));
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'unreadable-plugins-dir',
      message: `The plugins folder ${directory} cannot be read: ${systemCode(error) ?? messageOf(error)}.`,
      hint: 'It holds one folder for each agent, with the executable in it.',
      cause: error,
    });
  }
  return names.flatMap((name) => {
    try {
      return listFolder(root, name);
    } catch (error) {
      onNotice(
        `${join(directory, name)} cannot be read (${systemCode(error) ?? messageOf(error)}), and is left out`,
      );
      return [];
    }
  });
}

/** What the engine launches its co-located agents with. */
export interface PluginFolderOptions {
  readonly directory: string;
  readonly launcher: Launcher;
  readonly engineAddress: string;
  /** Each executable runs once for each tenant. */
  readonly tenantIds: readonly string[];
  /** What the agents inherit, usually `process.env`. */
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  /** A line that an agent printed. */
  readonly onLog: (label: string, line: string) => void;
  /** Something a person should know. */
  readonly onNotice: (message: string) => void;
}

/** Keeps one executable running: launched again after a wait whenever it ends. */
class KeptAgent {
  readonly #executable: Executable;
  readonly #tenantId: string;
  readonly #options: PluginFolderOptions;
  #agent: LaunchedAgent | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(executable: Executable, tenantId: string, options: PluginFolderOptions) {
    this.#executable = executable;
    this.#tenantId = tenantId;
    this.#options = options;
  }

  async launch(attempt = 1): Promise<void> {
    const { label, path, folder } = this.#executable;
    const { launcher, baseEnv, engineAddress, onLog, onNotice } = this.#options;
    const startedMs = performance.now();
    let end: string;
    try {
      this.#agent = await launcher.launchAgent({
        argv: [path],
        cwd: folder,
        env: {
          ...baseEnv,
          MIRASTACK_ENGINE_ADDR: engineAddress,
          MIRASTACK_PLUGIN_TENANT_ID: this.#tenantId,
          MIRASTACK_PLUGIN_TENANT_SLUG: undefined,
          MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
          MIRASTACK_PLUGIN_ADVERTISE_ADDR: undefined,
        },
        onLine: (_stream, line) => onLog(label, line),
      });
      // One that serves nothing is of no use; one that prints no line may come right the next time.
      this.#agent.port.catch((error: unknown) => {
        if (this.#stopped || (error instanceof UserError && error.code === 'agent-exited')) return;
        onNotice(`${label}: ${messageOf(error)}`);
        void this.#agent?.stop({ graceMs: STOP_GRACE_MS });
      });
      if (this.#stopped) await this.#agent.stop({ graceMs: 0 });
      end = describeExit(await this.#agent.exited);
    } catch (error) {
      end = `did not start: ${messageOf(error).replace(/\.$/, '')}`;
    }
    if (this.#stopped) return;
    const next = performance.now() - startedMs > STEADY_MS ? 1 : attempt;
    const waitMs = backoffMs(next, MAX_WAIT_MS);
    onNotice(`${label} ${end}; it is launched again in ${(waitMs / 1_000).toFixed(1)} s`);
    this.#timer = setTimeout(() => void this.launch(next + 1), waitMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#agent?.stop({ graceMs: STOP_GRACE_MS });
  }
}

/**
 * Launches every executable of a plugins folder and keeps them running; the returned function ends them all
 * (guide, "Model 1 — Co-located").
 * @throws UserError unreadable-plugins-dir
 */
export function keepPlugins(options: PluginFolderOptions): () => Promise<void> {
  const executables = findExecutables(options.directory, options.onNotice);
  if (executables.length === 0)
    options.onNotice(
      `${options.directory} holds no agent: an executable is expected in a folder of its own there`,
    );
  const kept = executables.flatMap((executable) =>
    options.tenantIds.map((tenantId) => new KeptAgent(executable, tenantId, options)),
  );
  for (const agent of kept) void agent.launch();
  return async () => {
    await Promise.all(kept.map((agent) => agent.stop()));
  };
}
