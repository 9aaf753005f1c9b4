/** A real Redis or Valkey server to test against: Debian's package, or whichever is on PATH. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import { CACHE } from './tools.ts';

export interface RedisProgram {
  readonly command: string;
  readonly env: Record<string, string>;
}

export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:<port>`, with the password when it has one. */
  readonly url: string;
  readonly child: Child;
  /** Kills it and removes its folder; resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
}

const works = (command: string, args: readonly string[], env: Record<string, string> = {}): boolean =>
  spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, ...env } }).status === 0;

/** The server on PATH, or the one that scripts/fetch-redis.mjs has unpacked; undefined when there is none that runs. */
export function findRedisServer(): RedisProgram | undefined {
  const onPath = ['redis-server', 'valkey-server'].find((command) => works(command, ['--version']));
  if (onPath !== undefined) return { command: onPath, env: {} };
  const folder = join(CACHE, 'redis-server');
  const command = join(folder, 'usr/bin/redis-server');
  const env = { LD_LIBRARY_PATH: join(folder, 'lib-flat') };
  return existsSync(command) && works(command, ['--version'], env) ? { command, env } : undefined;
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Linux ends the server when this process dies, however it does. */
const DIE_WITH_PARENT = ['setpriv', '--pdeathsig', 'SIGKILL'];
const ATTEMPTS = 5;

async function tryStart(program: RedisProgram, port: number, password: string | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'mirastack-redis-'));
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const secret = password === undefined ? [] : ['--requirepass', password];
  const argv = [program.command, ...settings, ...secret];
  const [command = '', ...args] = works('setpriv', ['--pdeathsig', 'SIGKILL', 'true'])
    ? [...DIE_WITH_PARENT, ...argv]
    : argv;
  const child = startChild(command, args, { cwd: folder, env: program.env });
  const stop = async (): Promise<void> => {
    await child.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await child.line((line) => (line.includes('Ready to accept connections') ? true : undefined));
    return { child, stop };
  } catch (error) {
    await stop();
    // Somebody else took the port meanwhile; the caller tries another.
    if (child.stdout.some((line) => line.includes('Address already in use'))) return undefined;
    throw new Error(`${String(error)}\n${child.stdout.join('\n')}`);
  }
}

/** Starts a server that keeps nothing on disk, on a free port of the loopback or on the one named. */
export async function startRedisServer(
  program: RedisProgram,
  options: { readonly port?: number; readonly password?: string } = {},
): Promise<RedisServer> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = options.port ?? (await freePort());
    const started = await tryStart(program, port, options.password);
    if (started === undefined) continue;
    const credentials = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
    return { ...started, port, url: `redis://${credentials}127.0.0.1:${port}` };
  }
  throw new Error(`no free port for ${program.command} after ${ATTEMPTS} attempts`);
}
