import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binsOf, type SharedPackage, sharePackage } from '../support/package.ts';
import { CACHE } from '../support/tools.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

/** As the generated ci.yml installs them. */
const MANAGERS = [
  { manager: 'pnpm', version: '10', local: ['pnpm', 'exec', 'mirastack-agent'] },
  { manager: 'yarn', version: '1', local: ['yarn', 'run', '--silent', 'mirastack-agent'] },
  { manager: 'bun', version: '1', local: ['bunx', '--no-install', 'mirastack-agent'] },
] as const;

/**
 * Yarn 1 looks up the packages of every platform that a dependency may have; registries that mirror one platform only
 * do not have them.
 */
const hasAllPlatforms = () =>
  spawnSync('npm', ['view', '@biomejs/cli-android-x64', 'version'], { stdio: 'ignore' }).status === 0;

let work: Workplace;
let shared: SharedPackage;
beforeAll(async () => {
  work = createWorkplace();
  shared = await sharePackage();
});
afterAll(() => work?.close());

/** The folder with the manager's programs; installed once. Bun's package fetches its program in a script. */
function installManager(manager: string, version: string): string {
  const folder = join(CACHE, `${manager}-${version}`);
  const programs = join(folder, 'node_modules/.bin');
  if (existsSync(join(folder, 'complete'))) return programs;
  mkdirSync(folder, { recursive: true });
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts=false'];
  execFileSync('npm', ['install', ...flags, '--prefix', folder, `${manager}@${version}`], { stdio: 'pipe' });
  execFileSync(join(programs, manager), ['--version'], { stdio: 'pipe' });
  writeFileSync(join(folder, 'complete'), version);
  return programs;
}

describe.each(MANAGERS)('a TypeScript project of $manager', ({ manager, version, local }) => {
  test.skipIf(manager === 'yarn' && !hasAllPlatforms())(
    'is installed, checked and tested, and runs our program (yarn needs a registry of all platforms)',
    async () => {
      const programs = installManager(manager, version);
      const env = { PATH: [programs, process.env.PATH].join(delimiter) };
      const run = async (cwd: string, command: string, ...args: string[]) => {
        const child = work.spawn(command, args, { cwd, env });
        child.process.stdin?.end();
        const code = await child.exited;
        const said = [...child.stdout, ...child.stderr].join('\n');
        expect([command, ...args, code], said).toEqual([command, ...args, 0]);
        return said;
      };
      const flags = ['--yes', '--no-git', '--package-manager', manager, '--toolkit', shared.tarball];
      const name = `${manager}-agent`;
      const create = [binsOf(shared.installed).create, name, '--name', 'my_agent', ...flags];
      await run(work.folder, process.execPath, ...create);
      const folder = join(work.folder, name);
      await run(folder, manager, 'run', 'check');
      expect(await run(folder, manager, 'run', 'test')).toMatch(/^\S+ fail 0$/m);
      const [command, ...args] = local;
      expect(await run(folder, command, ...args, '--version')).toMatch(/^\d+\.\d+\.\d+/m);
    },
  );
});
