/** The package as users get it: packed from this repository and installed by npm. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { ROOT } from './tools.ts';

const NAME = 'create-mirastack-agent';

/** The packed tarball, as `npm pack --json` describes it. */
export interface PackedPackage {
  /** Absolute path of the tarball. */
  readonly tarball: string;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** What every test file of a run shares. */
export interface SharedPackage extends PackedPackage {
  /** The folder of the package, installed alone: nothing else is in the node_modules around it. */
  readonly installed: string;
}

function npm(args: readonly string[], cwd: string): string {
  const result = spawnSync('npm', [...args, '--ignore-scripts'], { cwd, encoding: 'utf8' });
  if (result.status === 0) return result.stdout;
  throw new Error(`npm ${args.join(' ')} ended with ${result.status}:\n${result.stderr}`);
}

/** Packs the repository as it was built; runs no script of it. */
function pack(folder: string): PackedPackage {
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], ROOT)) as {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  if (packed === undefined) throw new Error('npm packed nothing');
  const files = packed.files.map(({ path }) => path);
  // npm packs what is there: without this, every test would fail with a reason of its own.
  if (!files.includes('dist/cli/toolkit.js')) throw new Error('nothing is built; run node scripts/build.mjs');
  return { tarball: join(folder, packed.filename), files };
}

/**
 * Installs the tarball into a folder, with scripts off, and gives the package's own folder there.
 * @param others further packages, such as `@grpc/grpc-js@1.14.7`
 */
export function installPackage(folder: string, tarball: string, others: readonly string[] = []): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(['install', '--no-audit', '--no-fund', '--prefer-offline', tarball, ...others], folder);
  return join(folder, 'node_modules', NAME);
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The tarball of this run and one installation of it, made by the first test file that asks. */
export async function sharePackage(): Promise<SharedPackage> {
  const cache = inject('packageCache');
  const record = join(cache, 'package.json');
  const failure = join(cache, 'failure.txt');
  try {
    // Test files run in processes of their own; making a folder is what only one of them can do.
    mkdirSync(join(cache, 'claimed'));
  } catch {
    for (;;) {
      const text = tryRead(record);
      if (text !== undefined) return JSON.parse(text) as SharedPackage;
      const reason = tryRead(failure);
      if (reason !== undefined) throw new Error(`packing failed in another test file: ${reason}`);
      await sleep(50);
    }
  }
  try {
    const packed = pack(cache);
    const shared = { ...packed, installed: installPackage(join(cache, 'alone'), packed.tarball) };
    writeFileSync(`${record}.draft`, JSON.stringify(shared));
    renameSync(`${record}.draft`, record);
    return shared;
  } catch (error) {
    writeFileSync(failure, String(error));
    throw error;
  }
}

/** The scripts behind the two bins of an installed package. */
export function binsOf(packageFolder: string): { readonly create: string; readonly toolkit: string } {
  return {
    create: join(packageFolder, 'bin/create-mirastack-agent.js'),
    toolkit: join(packageFolder, 'bin/mirastack-agent.js'),
  };
}
