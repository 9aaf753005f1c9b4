import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What tests may keep between runs: virtual environments and the like. Ignored by git. */
export const CACHE = join(ROOT, '.cache');

const PYTHON_SDK = 'mirastack-agents-sdk==1.11.0';
const MIN_GO = [1, 25] as const;
const MIN_PYTHON = [3, 12] as const;

function runs(command: string, args: readonly string[]): string | undefined {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The `go` program when it is new enough for the Go modules here, else undefined. */
export function findGo(): string | undefined {
  const [, major = 0, minor = 0] =
    /go(\d+)\.(\d+)/.exec(runs('go', ['env', 'GOVERSION']) ?? '')?.map(Number) ?? [];
  return major > MIN_GO[0] || (major === MIN_GO[0] && minor >= MIN_GO[1]) ? 'go' : undefined;
}

/** Interpreters that a version manager keeps beside the shims it puts on PATH. */
function managedPythons(): string[] {
  const shims = (process.env.PATH ?? '').split(delimiter).filter((folder) => basename(folder) === 'shims');
  return shims.flatMap((folder) => {
    const versions = join(dirname(folder), 'versions');
    if (!existsSync(versions)) return [];
    return readdirSync(versions).map((version) => join(versions, version, 'bin', 'python3'));
  });
}

/**
 * A Python that is new enough for the SDK. Candidates are run, because a name on PATH proves nothing: a
 * version manager's `python3.12` may exist and fail.
 */
export function findPython(): string | undefined {
  const script = 'import sys; print(*sys.version_info[:2])';
  return ['python3.13', 'python3.12', 'python3', ...managedPythons()].find((candidate) => {
    const [major = 0, minor = 0] = (runs(candidate, ['-c', script]) ?? '').split(' ').map(Number);
    return major === MIN_PYTHON[0] && minor >= MIN_PYTHON[1];
  });
}

/** A Python interpreter with the real Python SDK installed from PyPI; made once. */
export function preparePythonSdk(python: string): string {
  const folder = join(CACHE, 'python-sdk-1.11.0');
  const interpreter = join(folder, 'bin', 'python');
  const marker = join(folder, 'complete');
  if (!existsSync(marker)) {
    mkdirSync(CACHE, { recursive: true });
    execFileSync(python, ['-m', 'venv', '--clear', folder]);
    execFileSync(interpreter, ['-m', 'pip', 'install', '--quiet', PYTHON_SDK], { stdio: 'pipe' });
    writeFileSync(marker, PYTHON_SDK);
  }
  return interpreter;
}
