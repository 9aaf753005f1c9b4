import type { ExternalAgent } from '../engine/index.ts';
import { parseHostPort } from '../support/address.ts';
import { UserError } from '../support/errors.ts';

/** What an engine's `config.yaml` says that the dev engine honours. */
export interface EngineConfig {
  /** Folder of folders of executables. */
  readonly pluginsDir?: string;
  readonly externalAgents: readonly ExternalAgent[];
  /** Seconds. */
  readonly healthInterval?: number;
  /** Port of `grpc_addr`. The host does not count: a file must not open the dev engine to other machines. */
  readonly port?: number;
}

type Fields = Readonly<Record<string, unknown>>;

function refuse(path: string, place: string, expected: string): never {
  throw new UserError({
    kind: 'usage',
    code: 'bad-engine-config',
    message: `${path}: ${place} must be ${expected}.`,
    hint: 'Write plugins: { dir: ./plugins, external: [{ name: my_agent, addr: 127.0.0.1:50051 }] }.',
  });
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** Seconds of a text such as `30s` or `1m30s`, or of a plain number. */
function readSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 0 ? value : undefined;
  if (typeof value !== 'string' || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) return undefined;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
  return seconds > 0 ? seconds : undefined;
}

function readExternal(value: unknown, path: string, index: number): ExternalAgent {
  const place = `plugins.external[${index}]`;
  if (!isFields(value)) refuse(path, place, 'an object with name and addr');
  const { name, addr } = value;
  if (typeof name !== 'string' || name === '') refuse(path, `${place}.name`, "an agent's name");
  if (typeof addr !== 'string' || (parseHostPort(addr)?.port ?? 0) === 0)
    refuse(path, `${place}.addr`, 'host:port');
  return { name, address: addr };
}

/**
 * Reads what the dev engine honours of an engine's configuration; other keys of it are the platform's.
 * @param path names the file in errors
 * @throws UserError bad-engine-config
 */
export function parseEngineConfig(document: unknown, path: string): EngineConfig {
  if (!isFields(document)) refuse(path, 'the document', 'an object');
  const { plugins = {}, grpc_addr } = document;
  if (!isFields(plugins)) refuse(path, 'plugins', 'an object');
  const { dir, external = [], health_check_interval } = plugins;
  if (dir !== undefined && typeof dir !== 'string') refuse(path, 'plugins.dir', 'a folder');
  if (!Array.isArray(external)) refuse(path, 'plugins.external', 'a list');
  const healthInterval = health_check_interval === undefined ? undefined : readSeconds(health_check_interval);
  if (health_check_interval !== undefined && healthInterval === undefined)
    refuse(path, 'plugins.health_check_interval', 'a duration such as 30s');
  const port = grpc_addr === undefined ? undefined : parseHostPort(String(grpc_addr))?.port;
  if (grpc_addr !== undefined && port === undefined) refuse(path, 'grpc_addr', 'host:port');
  return {
    ...(dir === undefined ? {} : { pluginsDir: dir }),
    externalAgents: external.map((item, index) => readExternal(item, path, index)),
    ...(healthInterval === undefined ? {} : { healthInterval }),
    ...(port === undefined ? {} : { port }),
  };
}
