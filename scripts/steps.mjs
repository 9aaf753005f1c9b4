// What the scripts share: running a tool and saying how long it took.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Runs a program in the repository and ends this process with its code when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (result.error) {
    process.stderr.write(`${command} could not be started: ${result.error.message}\n`);
    process.exit(4);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Runs an installed npm program with this Node, without a shell and without npx. */
export function runBin(script, args, options) {
  run(process.execPath, [join(ROOT, 'node_modules', script), ...args], options);
}

/**
 * Installs what package-lock.json says, unless it is there. Not `npm ci`: a registry that mirrors the packages of some
 * platforms only leaves the optional ones of the others out of the lock file, and `npm ci` then refuses it.
 */
export function installDependencies() {
  if (!existsSync(join(ROOT, 'node_modules/.package-lock.json')))
    run('npm', ['install', '--no-save', '--no-fund', '--no-audit']);
}

/** Runs one step and prints its seconds. */
export async function timed(name, step) {
  const startedAt = performance.now();
  await step();
  process.stderr.write(`[${name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s]\n`);
}
