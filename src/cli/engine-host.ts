import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { ExecutionMode } from '../contract/index.ts';
import { assertNoSession, removeSession, startControl, writeSession } from '../control/index.ts';
import { createValkeyCache, type Engine, startEngine } from '../engine/index.ts';
import { createLauncher } from '../launch/index.ts';
import { findProject, PROJECT_FOLDER, projectTenant, readDocument } from '../project/index.ts';
import { parseHostPort } from '../support/address.ts';
import { messageOf } from '../support/errors.ts';
import { tenantIdFromSlug } from '../support/tenant-id.ts';
import { type Channel, cleanLine, cleanText } from '../terminal/index.ts';
import { type EngineConfig, parseEngineConfig } from './engine-config.ts';
import { type EngineFileFlags, readEngineFiles } from './engine-files.ts';
import { keepPlugins } from './plugin-folder.ts';
import { packageVersion } from './version.ts';

/** The flags of everything that brings up an engine. */
export interface EngineHostFlags extends EngineFileFlags {
  readonly tenant?: readonly string[];
  readonly listen?: string;
  readonly allowHost?: readonly string[];
  /** Seconds. */
  readonly healthInterval?: number;
  readonly mode?: ExecutionMode;
  /** `redis://…`: where the agents' cache is, instead of memory. */
  readonly valkey?: string;
  /** An engine's `config.yaml`; flags go before what it says. */
  readonly config?: string;
  /** Folder of folders of executables to launch. */
  readonly pluginsDir?: string;
}

/** An engine that commands can find: its control API is up and its session file written. */
export interface EngineHost {
  readonly engine: Engine;
  readonly controlUrl: string;
  readonly sessionFile: string;
  readonly tenantId: string;
  /** Takes the session file away and closes every port. Idempotent. */
  close(): Promise<void>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Agents of a dev engine beat fast, so that they notice its restart soon (faults.md A4). */
const DEV_HEARTBEAT_S = 2;

/** Whether an address can be reached from other machines; one that is no address at all is refused later. */
function isOpenToOthers(listen: string): boolean {
  const address = parseHostPort(listen);
  return address !== undefined && !/^(127\.\d+\.\d+\.\d+|localhost|::1)$/.test(address.host);
}

function isProject(directory: string): boolean {
  try {
    return findProject(directory).directory === directory;
  } catch {
    return false;
  }
}

function chooseTenants(flags: EngineHostFlags, folder: string, ephemeral: boolean): string[] {
  if (flags.tenant !== undefined)
    return flags.tenant.map((text) => (UUID.test(text) ? text.toLowerCase() : tenantIdFromSlug(text)));
  return [ephemeral || !isProject(folder) ? randomUUID() : projectTenant(folder)];
}

async function readConfig(path: string | undefined): Promise<EngineConfig> {
  if (path === undefined) return { externalAgents: [] };
  const config = parseEngineConfig(await readDocument(path), path);
  // As the platform reads it: what the file names lies beside the file.
  return config.pluginsDir === undefined
    ? config
    : { ...config, pluginsDir: resolve(dirname(path), config.pluginsDir) };
}

/** Launches the agents of a plugins folder; the returned function ends them. */
async function launchPlugins(directory: string, engine: Engine, talk: Channel): Promise<() => Promise<void>> {
  const launcher = await createLauncher();
  try {
    const stop = keepPlugins({
      directory,
      launcher,
      engineAddress: engine.address,
      tenantIds: engine.tenantIds,
      baseEnv: process.env,
      onLog: (label, line) => talk.line(`${talk.theme.faint(`${cleanLine(label)} |`)} ${cleanText(line)}`),
      onNotice: (message) => talk.line(talk.theme.warn(cleanLine(message))),
    });
    return async () => {
      await stop();
      await launcher.close();
    };
  } catch (error) {
    await launcher.close();
    throw error;
  }
}

/**
 * Brings up an engine for a folder, with its control API and session file.
 * @throws UserError when an engine of the folder already runs, or an address cannot be used
 */
export async function hostEngine(
  folder: string,
  flags: EngineHostFlags,
  options: { readonly ephemeral: boolean; readonly talk: Channel },
): Promise<EngineHost> {
  if (!options.ephemeral) assertNoSession(folder);
  if (flags.listen !== undefined && isOpenToOthers(flags.listen))
    options.talk.line(
      options.talk.theme.warn(
        `Listening on ${flags.listen}: every machine that reaches this one can register agents. The dev engine is for development only.`,
      ),
    );
  const tenantIds = chooseTenants(flags, folder, options.ephemeral);
  const tenantId = tenantIds[0] as string;
  const keepsState = !options.ephemeral && isProject(folder);
  const files = await readEngineFiles(flags, tenantId);
  const config = await readConfig(flags.config);
  const listen = flags.listen ?? (config.port === undefined ? undefined : `127.0.0.1:${config.port}`);
  const healthInterval = flags.healthInterval ?? config.healthInterval;
  const pluginsDir = flags.pluginsDir ?? config.pluginsDir;
  const engine = await startEngine({
    tenantIds,
    heartbeatIntervalS: DEV_HEARTBEAT_S,
    ...files.options,
    ...(flags.mode === undefined ? {} : { mode: flags.mode }),
    ...(flags.valkey === undefined ? {} : { cache: await createValkeyCache(flags.valkey) }),
    ...(keepsState ? { stateDirectory: join(folder, PROJECT_FOLDER, 'dev', 'state') } : {}),
    externalAgents: config.externalAgents,
    ...(listen === undefined ? {} : { listen }),
    ...(flags.allowHost === undefined ? {} : { allowHosts: flags.allowHost }),
    ...(healthInterval === undefined ? {} : { healthIntervalMs: healthInterval * 1_000 }),
  });
  const unfollow = files.follow(engine, options.talk);
  let sessionFile: string | undefined;
  let control: Awaited<ReturnType<typeof startControl>> | undefined;
  let stopPlugins = async () => {};
  const close = async () => {
    unfollow();
    if (sessionFile !== undefined) removeSession(sessionFile);
    // First the agents: they deregister with an engine that still listens.
    await stopPlugins();
    await Promise.all([control?.close(), engine.stop()]);
  };
  try {
    control = await startControl({
      engine,
      version: packageVersion(),
      onInternalError: (error: unknown) =>
        options.talk.line(options.talk.theme.bad(`The control API failed: ${messageOf(error)}`)),
    });
    sessionFile = writeSession({
      controlUrl: control.url,
      token: control.token,
      grpcAddr: engine.address,
      tenantId,
      project: folder,
      ephemeral: options.ephemeral,
    });
    if (pluginsDir !== undefined) stopPlugins = await launchPlugins(pluginsDir, engine, options.talk);
  } catch (error) {
    await close();
    throw error;
  }
  return { engine, controlUrl: control.url, sessionFile, tenantId, close };
}
