import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/project/index.ts';

const typescript = LANGUAGES.find((language) => language.id === 'typescript');
if (typescript === undefined) throw new Error('TypeScript is no language any more');

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-test-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
const script = (build: string) => put('package.json', JSON.stringify({ scripts: { build } }));

describe('TypeScript', () => {
  it('starts a plain build script without npm', () => {
    put('node_modules/.bin/rolldown', '');
    put('node_modules/.bin/tsup', '');
    script('tsup main.ts --format esm');
    expect(typescript.buildArgv(folder)).toEqual([
      join(folder, 'node_modules/.bin/tsup'),
      'main.ts',
      '--format',
      'esm',
    ]);
    script('node scripts/build.mjs');
    expect(typescript.buildArgv(folder)).toEqual([process.execPath, 'scripts/build.mjs']);
    put('package.json', '{}');
    expect(typescript.buildArgv(folder)).toEqual([join(folder, 'node_modules/.bin/rolldown'), '-c']);
  });

  it.each(['tsc && rolldown -c', 'NODE_ENV=x rolldown -c', 'rolldown -c "$X"', 'npm run compile'])(
    'leaves %s to npm',
    (build) => {
      put('node_modules/.bin/rolldown', '');
      script(build);
      expect(typescript.buildArgv(folder)).toEqual(['npm', 'run', '--silent', 'build']);
    },
  );

  it('finds tools of a workspace around it', () => {
    put('node_modules/.bin/rolldown', '');
    put('agents/a/package.json', '{}');
    expect(typescript.buildArgv(join(folder, 'agents/a'))?.[0]).toBe(
      join(folder, 'node_modules/.bin/rolldown'),
    );
  });

  it('says that dependencies are not installed', () => {
    put('package.json', '{"devDependencies":{"rolldown":"1"},"scripts":{"build":"rolldown -c"}}');
    expect(() => typescript.checkTools(folder)).toThrow(
      expect.objectContaining({
        kind: 'tool-missing',
        message: `The dependencies are not installed in ${folder}.`,
        hint: 'Run `npm install` there.',
      }),
    );
    put('package.json', '{}');
    expect(() => typescript.checkTools(folder)).toThrow(`rolldown is not installed in ${folder}`);
  });

  it('runs what the build wrote', () => {
    expect(typescript.runArgv(folder)).toEqual([process.execPath, '--enable-source-maps', 'dist/main.js']);
  });
});
