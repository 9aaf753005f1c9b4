import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ExecutionMode } from '../contract/index.ts';
import { assertNoSession, removeSession, startControl, writeSession } from '../control/index.ts';
import { createValkeyCache, type Engine, startEngine } from '../engine/index.ts';
import { findProject, PROJECT_FOLDER, projectTenant } from '../project/index.ts';
import { parseHostPort } from '../support/address.ts';
import { messageOf } from '../support/errors.ts';
import { tenantIdFromSlug } from '../support/tenant-id.ts';
import type { Channel } from '../terminal/index.ts';
import { type EngineFileFlags, readEngineFiles } from './engine-files.ts';
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
  const engine = await startEngine({
    tenantIds,
    heartbeatIntervalS: DEV_HEARTBEAT_S,
    ...files.options,
    ...(flags.mode === undefined ? {} : { mode: flags.mode }),
    ...(flags.valkey === undefined ? {} : { cache: await createValkeyCache(flags.valkey) }),
    ...(keepsState ? { stateDirectory: join(folder, PROJECT_FOLDER, 'dev', 'state') } : {}),
    ...(flags.listen === undefined ? {} : { listen: flags.listen }),
    ...(flags.allowHost === undefined ? {} : { allowHosts: flags.allowHost }),
    ...(flags.healthInterval === undefined ? {} : { healthIntervalMs: flags.healthInterval * 1_000 }),
  });
  const unfollow = files.follow(engine, options.talk);
  let sessionFile: string | undefined;
  let control: Awaited<ReturnType<typeof startControl>> | undefined;
  const close = async () => {
    unfollow();
    if (sessionFile !== undefined) removeSession(sessionFile);
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
  } catch (error) {
    await close();
    throw error;
  }
  return { engine, controlUrl: control.url, sessionFile, tenantId, close };
}
