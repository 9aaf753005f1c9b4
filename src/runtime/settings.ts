import { hostname } from 'node:os';
import { formatHostPort, parseHostPort } from '../support/address.ts';
import { UserError } from '../support/errors.ts';
import { tenantIdFromSlug } from '../support/tenant-id.ts';

/** What the environment says about one agent process (protocol.md §4.6 and §4.7). */
export interface Settings {
  /** `host:port` of the engine; undefined serves without registering. */
  readonly engineAddress: string | undefined;
  readonly listen: { readonly host: string | undefined; readonly port: number };
  /** `host:port` at which the engine reaches the agent, once the port is bound. */
  readonly advertisedAddress: (boundPort: number) => string;
  readonly tenantId: string;
  readonly heartbeatIntervalMs: number;
  /** True when the environment set it: then the engine's recommendation is ignored. */
  readonly heartbeatIntervalFixed: boolean;
  readonly backoffMaxMs: number;
  readonly shutdownTimeoutMs: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

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
  const address = parseHostPort(text);
  if (address === undefined)
    throw configurationError(
      'bad-listen-address',
      `MIRASTACK_PLUGIN_ADDR is ${JSON.stringify(text)}: expected host:port or :port`,
      'Use 127.0.0.1:0 for a free port on this machine only.',
    );
  return { host: address.host === '' ? undefined : address.host, port: address.port };
}

function readSeconds(env: Environment, name: string, fallback: number): number {
  const seconds = Number(env[name]?.trim() || fallback);
  return (Number.isFinite(seconds) && seconds >= 0 ? seconds : fallback) * 1_000;
}

/**
 * Reads the settings of one agent process.
 * @throws UserError (usage) that names the variable and what it must hold
 */
export function readSettings(env: Environment): Settings {
  const heartbeat = env.MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL ?? '';
  const heartbeatSeconds = /^\d+$/.test(heartbeat.trim()) && Number(heartbeat) > 0 ? Number(heartbeat) : 30;
  return {
    engineAddress: env.MIRASTACK_ENGINE_ADDR || undefined,
    listen: readListen(env),
    advertisedAddress: (port) =>
      env.MIRASTACK_PLUGIN_ADVERTISE_ADDR || formatHostPort({ host: hostname() || 'localhost', port }),
    tenantId: readTenantId(env),
    heartbeatIntervalMs: heartbeatSeconds * 1_000,
    heartbeatIntervalFixed: heartbeat !== '',
    backoffMaxMs: readSeconds(env, 'MIRASTACK_PLUGIN_BACKOFF_MAX', 30),
    shutdownTimeoutMs: readSeconds(env, 'MIRASTACK_PLUGIN_SHUTDOWN_TIMEOUT', 25),
  };
}
