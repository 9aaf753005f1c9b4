import { hostname } from 'node:os';
import { formatHostPort, type ListenAddress, parseListenAddress } from '../support/address.ts';
import { UserError } from '../support/errors.ts';
import { tenantIdFromSlug } from '../support/tenant-id.ts';

/** What the environment says about one agent process (protocol.md §4.6 and §4.7). */
export interface Settings {
  /** `host:port` of the engine; undefined serves without registering. */
  readonly engineAddress: string | undefined;
  readonly listen: ListenAddress;
  /** `host:port` at which the engine reaches the agent, once the port is bound. */
  readonly advertisedAddress: (boundPort: number) => string;
  readonly tenantId: string;
  readonly heartbeatIntervalMs: number;
  /** True when the environment set it: then the engine's recommendation is ignored. */
  readonly heartbeatIntervalFixed: boolean;
  readonly backoffMaxMs: number;
  readonly shutdownTimeoutMs: number;
  /** How long to go on serving after the goodbye, for balancers that are slow to notice (faults.md C7). */
  readonly drainDelayMs: number;
  /** How long a configuration read from the engine is believed. */
  readonly configTtlMs: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Beyond it a timer of Node overflows and fires at once; nobody means longer (faults.md 0.11). */
const MAX_SECONDS = 86_400;
/** Heartbeats rarer than this are as good as none (faults.md A10). */
export const MAX_HEARTBEAT_SECONDS = 300;

/** However low the bound is set, for tests say, registration must not become a busy loop (faults.md B10). */
const MIN_BACKOFF_MS = 50;

const TENANT_REQUIRED =
  'MIRASTACK_PLUGIN_TENANT_ID is required: set it to the UUID5 of the tenant this agent serves, or set MIRASTACK_PLUGIN_TENANT_SLUG to derive it';

function configurationError(code: string, message: string, hint?: string): UserError {
  return new UserError({ kind: 'usage', code, message, ...(hint === undefined ? {} : { hint }) });
}

function readTenantId(env: Environment): string {
  if (env.MIRASTACK_PLUGIN_TENANT_ID) return env.MIRASTACK_PLUGIN_TENANT_ID;
  const slug = env.MIRASTACK_PLUGIN_TENANT_SLUG ?? '';
  // Go hashes a blank slug, Python refuses it; a tenant nobody meant helps nobody.
  if (slug.trim() === '') throw configurationError('tenant-required', TENANT_REQUIRED);
  return tenantIdFromSlug(slug);
}

function readListen(env: Environment): Settings['listen'] {
  const text = env.MIRASTACK_PLUGIN_ADDR || ':0';
  const address = parseListenAddress(text);
  if (address === undefined)
    throw configurationError(
      'bad-listen-address',
      `MIRASTACK_PLUGIN_ADDR is ${JSON.stringify(text)}: expected host:port or :port`,
      'Use 127.0.0.1:0 for a free port on this machine only.',
    );
  return address;
}

function readSeconds(env: Environment, name: string, fallback: number): number {
  const seconds = Number(env[name]?.trim() || fallback);
  return Math.min(Number.isFinite(seconds) && seconds >= 0 ? seconds : fallback, MAX_SECONDS) * 1_000;
}

/**
 * Reads the settings of one agent process.
 * @throws UserError (usage) that names the variable and what it must hold
 */
export function readSettings(env: Environment): Settings {
  const heartbeat = env.MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL ?? '';
  const heartbeatSeconds =
    /^\d+$/.test(heartbeat.trim()) && Number(heartbeat) > 0
      ? Math.min(Number(heartbeat), MAX_HEARTBEAT_SECONDS)
      : 30;
  return {
    engineAddress: env.MIRASTACK_ENGINE_ADDR || undefined,
    listen: readListen(env),
    advertisedAddress: (port) =>
      env.MIRASTACK_PLUGIN_ADVERTISE_ADDR || formatHostPort({ host: hostname() || 'localhost', port }),
    tenantId: readTenantId(env),
    heartbeatIntervalMs: heartbeatSeconds * 1_000,
    heartbeatIntervalFixed: heartbeat !== '',
    backoffMaxMs: Math.max(MIN_BACKOFF_MS, readSeconds(env, 'MIRASTACK_PLUGIN_BACKOFF_MAX', 30)),
    shutdownTimeoutMs: readSeconds(env, 'MIRASTACK_PLUGIN_SHUTDOWN_TIMEOUT', 25),
    drainDelayMs: readSeconds(env, 'MIRASTACK_PLUGIN_DRAIN_DELAY', 0),
    configTtlMs: readSeconds(env, 'MIRASTACK_SDK_CONFIG_CACHE_TTL', 15),
  };
}
