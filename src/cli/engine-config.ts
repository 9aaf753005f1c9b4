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

const withoutNulls = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** Seconds between probes: oftener is no use, and Node's timers end at 2^31 ms. */
const MIN_INTERVAL_S = 0.1;
const MAX_INTERVAL_S = 86_400;

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** Seconds of a text such as `30s` or `1m30s`, or of a plain number. */
function readSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) return undefined;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}

function readInterval(value: unknown, path: string): number {
  const seconds = readSeconds(value);
  if (seconds === undefined || !(seconds >= MIN_INTERVAL_S && seconds <= MAX_INTERVAL_S))
    refuse(
      path,
      'plugins.health_check_interval',
      `a duration such as 30s, from ${MIN_INTERVAL_S * 1_000}ms to ${MAX_INTERVAL_S / 3_600}h`,
    );
  return seconds;
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
  // A key without a value is null in YAML, and means what its absence means.
  const { plugins, grpc_addr } = withoutNulls(document);
  if (plugins !== undefined && !isFields(plugins)) refuse(path, 'plugins', 'an object');
  const { dir, external = [], health_check_interval } = withoutNulls(plugins ?? {});
  if (dir !== undefined && typeof dir !== 'string') refuse(path, 'plugins.dir', 'a folder');
  if (!Array.isArray(external)) refuse(path, 'plugins.external', 'a list');
  const externalAgents = external.map((item, index) => readExternal(item, path, index));
  const twice = externalAgents.findIndex(({ name }, index) =>
    externalAgents.slice(0, index).some((other) => other.name === name),
  );
  if (twice !== -1)
    refuse(path, `plugins.external[${twice}].name`, 'a name that no other has: an agent is listed once');
  const healthInterval =
    health_check_interval === undefined ? undefined : readInterval(health_check_interval, path);
  const port = grpc_addr === undefined ? undefined : parseHostPort(String(grpc_addr))?.port;
  if (grpc_addr !== undefined && port === undefined) refuse(path, 'grpc_addr', 'host:port');
  return {
    ...(dir === undefined ? {} : { pluginsDir: dir }),
    externalAgents,
    ...(healthInterval === undefined ? {} : { healthInterval }),
    ...(port === undefined ? {} : { port }),
  };
}
