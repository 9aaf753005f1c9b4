/** A real npm registry on loopback: Verdaccio, which knows what a test publishes and nothing else. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { startChild } from './child.ts';
import { CACHE } from './tools.ts';

const VERSION = '6.10.4';
/** What Verdaccio needs; where this process is older, the npm package of that Node is used. */
const MIN_NODE = 22;
/** Verdaccio asks for a tag of node-fetch that not every registry has; this is its release. */
const NODE_FETCH = '2.7.0';

/** An installed Verdaccio. */
export interface RegistryProgram {
  /** The Node that runs it. */
  readonly node: string;
  /** The folder whose node_modules has it. */
  readonly folder: string;
}

/** One line of the registry's own log. */
export interface RegistryRequest {
  readonly method: string;
  /** As asked for, without the query. */
  readonly path: string;
  readonly status: number;
}

/** A file of a package to publish: its text, or its text and that it can be executed. */
export type PackageFile = string | { readonly text: string; readonly executable: true };

export interface Registry {
  /** `http://127.0.0.1:<port>/`. */
  readonly url: string;
  /** Publishes a package that is made of these files; its manifest must name it and its version. */
  publish(manifest: PackageManifest, files?: Readonly<Record<string, PackageFile>>): Promise<void>;
  /** Publishes a packed tarball. */
  publishTarball(tarball: string): Promise<void>;
  /** What was asked for since the start, but for what was published, from the registry's own log. */
  requests(): Promise<readonly RegistryRequest[]>;
  /** Names of the tarballs that were asked for, such as `left-pad-1.3.0.tgz`, each once, sorted. */
  requestedTarballs(): Promise<readonly string[]>;
  /** Ends it and removes what it kept. */
  stop(): Promise<void>;
}

export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly [key: string]: unknown;
}

/**
 * Verdaccio, installed once into `.cache/`; undefined when it cannot be had, and then the reason is on stderr.
 * Files of one run may do this at the same time: the folder appears complete.
 */
export function prepareRegistry(): RegistryProgram | undefined {
  const folder = join(CACHE, `verdaccio-${VERSION}`);
  const isOld = Number(process.versions.node.split('.')[0]) < MIN_NODE;
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const node = isOld ? join(folder, 'node_modules', nodePackage, 'bin/node') : process.execPath;
  const isThere = () => existsSync(join(folder, 'complete')) && existsSync(node);
  if (isThere()) return { node, folder };
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'verdaccio-draft-'));
  const dependencies = { verdaccio: VERSION, ...(isOld ? { [nodePackage]: String(MIN_NODE) } : {}) };
  const manifest = { private: true, dependencies, overrides: { 'node-fetch': NODE_FETCH } };
  writeFileSync(join(draft, 'package.json'), JSON.stringify(manifest));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
  const { status, stderr } = spawnSync('npm', ['install', ...flags], { cwd: draft, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    process.stderr.write(`Verdaccio ${VERSION} cannot be installed here: ${stderr.trim().split('\n')[0]}\n`);
    return undefined;
  }
  writeFileSync(join(draft, 'complete'), VERSION);
  if (!isThere()) {
    rmSync(folder, { recursive: true, force: true });
    try {
      renameSync(draft, folder);
    } catch (error) {
      if (!isThere()) throw error;
    }
  }
  rmSync(draft, { recursive: true, force: true });
  return { node, folder };
}

/** Serves until whoever started it closes its stdin, be it by dying. */
const SERVE = `
const [folder, config] = process.argv.slice(1);
const { runServer } = require(require.resolve('verdaccio', { paths: [folder] }));
runServer(config).then((server) => {
  server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
});
process.stdin.on('close', () => process.exit(0)).resume();
`;

/** Anybody may publish, nothing is taken from anywhere else, and every request is logged. */
const configFor = (storage: string) => ({
  storage,
  uplinks: {},
  packages: { '**': { access: '$all', publish: '$all', unpublish: '$all' } },
  auth: { htpasswd: { file: join(storage, 'htpasswd'), max_users: -1 } },
  web: { enable: false },
  log: { type: 'stdout', format: 'json', level: 'http' },
  max_body_size: '100mb',
});

interface LogLine {
  readonly request?: { readonly method: string; readonly url: string };
  readonly status?: number;
}

function readLog(lines: readonly string[]): RegistryRequest[] {
  return lines.flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const { request, status } = JSON.parse(line) as LogLine;
    if (request === undefined || status === undefined) return [];
    return [{ method: request.method, path: request.url.split('?', 1)[0] ?? '', status }];
  });
}

function tar(folder: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('tar', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`tar ${args.join(' ')} ended with ${status}: ${stderr}`);
}

/** The document that a publish sends, as the registry's API has it. */
function publication(manifest: PackageManifest, tarball: Buffer, url: string): object {
  const { name, version } = manifest;
  const file = `${basename(name)}-${version}.tgz`;
  const hash = (algorithm: string, encoding: 'hex' | 'base64') =>
    createHash(algorithm).update(tarball).digest(encoding);
  const dist = {
    integrity: `sha512-${hash('sha512', 'base64')}`,
    shasum: hash('sha1', 'hex'),
    tarball: `${url}${name}/-/${file}`,
  };
  return {
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
    _attachments: {
      [file]: {
        content_type: 'application/octet-stream',
        data: tarball.toString('base64'),
        length: tarball.length,
      },
    },
  };
}

/** Starts a registry that is empty; resolves when it serves. */
export async function startRegistry({ node, folder }: RegistryProgram): Promise<Registry> {
  const work = mkdtempSync(join(tmpdir(), 'mirastack-registry-'));
  const config = join(work, 'config.json');
  writeFileSync(config, JSON.stringify(configFor(join(work, 'storage'))));
  const child = startChild(node, ['-e', SERVE, folder, config], { cwd: work });
  const stop = async () => {
    await child.stop('SIGKILL');
    rmSync(work, { recursive: true, force: true });
  };
  const port = await child
    .line((line) => /^port (\d+)$/.exec(line)?.[1])
    .catch(async (error: unknown) => {
      await stop();
      throw error;
    });
  const url = `http://127.0.0.1:${port}/`;
  let marks = 0;

  async function put(manifest: PackageManifest, tarball: string): Promise<void> {
    const { name } = manifest;
    const response = await fetch(`${url}${name.replace('/', '%2f')}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(publication(manifest, readFileSync(tarball), url)),
    });
    if (!response.ok) throw new Error(`publishing ${name} gave ${response.status}: ${await response.text()}`);
  }

  async function requests(): Promise<readonly RegistryRequest[]> {
    // The log is in order: once a request of our own stands in it, all before it do.
    marks += 1;
    const mark = `/-/ping/${marks}`;
    await fetch(`${url}${mark.slice(1)}`).then((response) => response.text());
    await child.line((line) => (readLog([line])[0]?.path === mark ? true : undefined));
    return readLog(child.stdout).filter(
      ({ method, path }) => method !== 'PUT' && !path.startsWith('/-/ping/'),
    );
  }

  return {
    url,
    stop,
    requests,
    async publish(manifest, files = {}) {
      const draft = mkdtempSync(join(work, 'draft-'));
      const all: Record<string, PackageFile> = { ...files, 'package.json': JSON.stringify(manifest) };
      for (const [path, file] of Object.entries(all)) {
        const place = join(draft, 'package', path);
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, typeof file === 'string' ? file : file.text);
        if (typeof file !== 'string') chmodSync(place, 0o755);
      }
      tar(draft, '-czf', 'package.tgz', 'package');
      await put(manifest, join(draft, 'package.tgz'));
    },
    async publishTarball(tarball) {
      const draft = mkdtempSync(join(work, 'draft-'));
      tar(draft, '-xzf', tarball, 'package/package.json');
      const text = readFileSync(join(draft, 'package/package.json'), 'utf8');
      await put(JSON.parse(text) as PackageManifest, tarball);
    },
    async requestedTarballs() {
      const names = (await requests()).map(({ path }) => basename(decodeURIComponent(path)));
      return [...new Set(names.filter((name) => name.endsWith('.tgz')))].sort();
    },
  };
}
