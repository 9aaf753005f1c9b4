// Fetches Debian's Redis server for the tests of `--valkey`, without root: .cache/redis-server/. Does nothing where a
// server is on PATH or was fetched before; where it cannot be had, says so and leaves it to the tests to be skipped.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './steps.mjs';

const TIMEOUT_MS = 120_000;
const CACHE = join(ROOT, '.cache');
/** test/support/redis-server.ts looks here too. */
const FOLDER = join(CACHE, 'redis-server');
const PROGRAM = 'usr/bin/redis-server';

class NotHere extends Error {}

/** Runs a tool to its end and returns what it printed. */
function tool(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: TIMEOUT_MS, ...options });
  if (result.error) throw new NotHere(`${command}: ${result.error.message}`);
  if (result.status !== 0)
    throw new NotHere(`${command} ${args.at(-1)}: ${result.stderr.trim().split('\n').at(-1)}`);
  return result.stdout;
}

/** Package lists of our own: a slim image has none, and those of the system are root's. */
function ownLists(folder) {
  const state = join(folder, 'state');
  const cache = join(folder, 'cache');
  mkdirSync(join(state, 'lists/partial'), { recursive: true });
  mkdirSync(join(cache, 'archives/partial'), { recursive: true });
  const options = ['-o', `Dir::State::Lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${cache}`];
  tool('apt-get', [...options, '--quiet', 'update']);
  return options;
}

/** The server, its twin package that holds the program, and their libraries but for libc, whose names vary by release. */
function packages(options) {
  const lines = tool('apt-cache', [...options, 'depends', 'redis-tools']).split('\n');
  const libraries = lines.flatMap((line) => /^ +Depends: (lib[\w.+-]+)$/.exec(line)?.[1] ?? []);
  if (libraries.length === 0) throw new NotHere('apt-cache knows no package redis-tools');
  return ['redis-server', 'redis-tools', ...libraries.filter((name) => name !== 'libc6')];
}

function download(folder) {
  const fetchWith = (options) =>
    tool('apt-get', [...options, '--quiet', 'download', ...packages(options)], { cwd: folder });
  try {
    fetchWith([]);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    fetchWith(ownLists(folder));
  }
}

function unpack(folder) {
  const root = join(folder, 'root');
  for (const file of readdirSync(folder))
    if (file.endsWith('.deb')) tool('dpkg', ['-x', join(folder, file), root]);
  const folders = readdirSync(join(root, 'usr/lib'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.includes('.so.'))
    .map((entry) => entry.parentPath ?? entry.path);
  // Beside one another, so that whoever starts the server need not know the processor's folder names.
  mkdirSync(join(root, 'lib-flat'));
  for (const from of new Set(folders))
    for (const name of readdirSync(from)) {
      const to = join(root, 'lib-flat', name);
      if (name.includes('.so.') && !existsSync(to)) cpSync(join(from, name), to, { dereference: true });
    }
  // Proves that every library was found before anybody relies on it.
  const env = { ...process.env, LD_LIBRARY_PATH: join(root, 'lib-flat') };
  tool(join(root, PROGRAM), ['--version'], { env });
  return root;
}

function fetchServer() {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'redis-fetch-'));
  try {
    download(folder);
    const root = unpack(folder);
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(root, FOLDER);
    process.stdout.write('Redis server: fetched to .cache/redis-server\n');
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    process.stdout.write(`Redis server: not available here (${error.message}); its tests are skipped\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const onPath = ['redis-server', 'valkey-server'].find(
  (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0,
);
if (onPath !== undefined) process.stdout.write(`Redis server: ${onPath} on PATH\n`);
else if (existsSync(join(FOLDER, PROGRAM))) process.stdout.write('Redis server: fetched before\n');
else fetchServer();
