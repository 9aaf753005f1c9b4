// What `npm create …` runs: ours from the packed tarball, and those of others from the registry, each installed alone.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/steps.mjs';

const CACHE = join(ROOT, '.cache/bench');
const OURS = 'create-mirastack-agent';

function install(folder, spec) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
  execFileSync('npm', ['install', ...flags, spec], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What `npx` would have put on the disk for it: how many packages, and how many bytes are in their files. */
function weigh(folder) {
  const modules = join(folder, 'node_modules');
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
  const files = readdirSync(modules, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== '.package-lock.json',
  );
  const bytes = files.map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).size);
  return { packages: Object.keys(lock.packages).length, bytes: bytes.reduce((sum, size) => sum + size, 0) };
}

/** Packs what is built now and installs the tarball alone. */
export function installOurs(folder) {
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const place = join(folder, OURS);
  mkdirSync(place);
  install(place, join(folder, JSON.parse(packed)[0].filename));
  return {
    program: join(place, 'node_modules', OURS, 'bin/create-mirastack-agent.js'),
    ...weigh(place),
  };
}

/** Installs another one at an exact version, once. */
export function installPeer(name, version, bin) {
  const folder = join(CACHE, `${name.replace(/\W+/g, '-').replace(/^-/, '')}-${version}`);
  const program = join(folder, 'node_modules', name, bin);
  if (!existsSync(program)) {
    rmSync(folder, { recursive: true, force: true });
    install(folder, `${name}@${version}`);
  }
  return { program, ...weigh(folder) };
}
