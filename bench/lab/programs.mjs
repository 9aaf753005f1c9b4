// What the benches run: an agent's project from the packed tarball, Go programs, other lines of Node.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/steps.mjs';

const CACHE = join(ROOT, '.cache');

function npm(args, cwd) {
  execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd, stdio: 'pipe' });
}

/**
 * Makes a project as `create-mirastack-agent` does, from the tarball of what is built now, with what it needs
 * to run installed. The subjects lie in its folder `subjects`, where they find the package and grpc-js.
 */
export function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), 'mirastack-bench-'));
  try {
    const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const tarball = join(folder, JSON.parse(packed)[0].filename);
    const project = join(folder, 'my-agent');
    const create = join(ROOT, 'bin/create-mirastack-agent.js');
    execFileSync(process.execPath, [create, project, '--yes', '--no-install', '--toolkit', tarball], {
      stdio: 'pipe',
    });
    npm(['install', '--omit=dev', '--prefer-offline'], project);
    cpSync(join(ROOT, 'bench/subjects'), join(project, 'subjects'), { recursive: true });
    return { folder: project, remove: () => rmSync(folder, { recursive: true }) };
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

/** Builds one of bench/go's programs and gives its path; undefined where there is no Go. */
export function buildGo(name) {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  const output = join(CACHE, 'bench', name);
  mkdirSync(join(CACHE, 'bench'), { recursive: true });
  execFileSync('go', ['build', '-o', output, `./${name}`], { cwd: join(ROOT, 'bench/go'), stdio: 'pipe' });
  return output;
}

/** Where the module lies that mends the Python SDK. */
export const MEND_FOLDER = join(ROOT, 'blueprints/python/agent/files');

/** The Python that has the real SDK, as the interoperation tests install it; undefined before they have. */
export function findPythonSdk() {
  const program = join(CACHE, 'python-sdk-1.11.0/bin/python');
  return existsSync(program) ? program : undefined;
}

/** A Node of the given line from its npm package, which holds the plain program; installed once. */
export function installNode(line) {
  if (process.versions.node.startsWith(`${line}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(CACHE, `node-${line}`);
  const program = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    npm(['install', '--no-save', '--prefix', folder, `${name}@${line}`], folder);
  }
  return program;
}
