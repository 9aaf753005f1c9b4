import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findProject, LANGUAGES, readBuildFailure } from '../../src/project/index.ts';
import { findGo } from '../support/tools.ts';

const go = LANGUAGES.find((language) => language.id === 'go');
if (go === undefined) throw new Error('Go is no language any more');

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-test-')));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function put(name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** Puts a program called go first on the PATH that says these words and ends so. */
function standInFor(words: string, exitCode = 0): void {
  put('tools/go', `#!/bin/sh\necho '${words}'\nexit ${exitCode}\n`);
  chmodSync(join(folder, 'tools/go'), 0o755);
  vi.stubEnv('PATH', `${join(folder, 'tools')}:${process.env.PATH}`);
}

describe('Go', () => {
  it('is found by go.mod and the files of the guide, in a project with a package.json too', () => {
    put('go.mod', 'module example.com/mirastack-plugin-a\n\ngo 1.25.0\n');
    put('main.go', 'package main\n');
    put('package.json', '{"name":"tools"}');
    expect(go.hasLayout(folder)).toBe(false);
    put('plugin.go', 'package main\n');
    put('templates/a.tmpl', '');
    expect(findProject(join(folder, 'templates'))).toMatchObject({
      directory: folder,
      name: 'mirastack-plugin-a',
      language: { id: 'go' },
    });
  });

  it.each([
    ['module github.com/acme/mirastack-plugin-a', 'mirastack-plugin-a'],
    ['// a comment\nmodule "github.com/acme/b" // why', 'b'],
    ['module (\n\tgithub.com/acme/c/v2\n)', 'c'],
    ['module d', 'd'],
    ['module gopkg.in/e.v3', 'e'],
    ['\uFEFFmodule example.com/f\r\n', 'f'],
    ['go 1.25.0', undefined],
  ])('reads the name out of %j', (manifest, name) => {
    put('go.mod', manifest);
    expect(go.readName(folder)).toBe(name);
  });

  it('builds into the folder that git and the watcher ignore, and runs that', () => {
    const program = process.platform === 'win32' ? 'agent.exe' : 'agent';
    const output = join('.mirastack', 'dev', 'bin', program);
    expect(go.buildArgv(folder)).toEqual([
      'go',
      'build',
      '-ldflags=-s -w',
      '-buildvcs=false',
      '-o',
      output,
      '.',
    ]);
    put('src/main.go', 'package main\n');
    expect(go.buildArgv(folder)?.at(-1)).toBe('./src');
    expect(go.runArgv(folder)).toEqual([join(folder, output)]);
  });

  it('says that Go is missing, too old or unusable', () => {
    put('go.mod', 'module a\n\ngo 1.25.0\n');
    vi.stubEnv('PATH', join(folder, 'nothing'));
    expect(() => go.checkTools(folder)).toThrow(
      expect.objectContaining({
        kind: 'tool-missing',
        message: 'The program go is not on the PATH.',
        hint: 'Install Go 1.25.0 or newer from https://go.dev/dl.',
      }),
    );
    vi.unstubAllEnvs();
    standInFor('go1.24.9');
    expect(() => go.checkTools(folder)).toThrow(`go1.24.9 is installed, ${folder} needs Go 1.25.0.`);
    for (const version of ['go1.25.0', 'go1.25rc1', 'go1.30.1', 'go2.0', 'devel go1.27-abc']) {
      standInFor(version);
      expect(() => go.checkTools(folder)).not.toThrow();
    }
    standInFor('nothing', 3);
    expect(() => go.checkTools(folder)).toThrow(`Go cannot be used in ${folder}: exit 3.`);
  });

  it('says that dependencies are not resolved', () => {
    standInFor('go1.25.1');
    put('go.mod', 'module a\n\ngo 1.25.0\n\nrequire (\n\texample.com/b v1.0.0\n)\n');
    expect(() => go.checkTools(folder)).toThrow(
      expect.objectContaining({ code: 'dependencies-missing', hint: 'Run `go mod tidy` there.' }),
    );
    put('go.sum', '');
    expect(() => go.checkTools(folder)).not.toThrow();
    put('go.mod', 'module a\n');
    rmSync(join(folder, 'go.sum'));
    expect(() => go.checkTools(folder)).not.toThrow();
  });

  it.skipIf(findGo() === undefined)('shows what the compiler says (needs Go)', () => {
    put('go.mod', 'module example.com/a\n\ngo 1.25.0\n');
    put('main.go', 'package main\n\nfunc main() {\n\tundefinedName()\n}\n');
    expect(() => go.checkTools(folder)).not.toThrow();
    const [program, ...args] = go.buildArgv(folder) ?? [''];
    const env = { ...process.env, ...go.buildEnv };
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', env });
    expect(status).not.toBe(0);
    expect(readBuildFailure(`${stderr}\n${stdout}`, folder)).toEqual({
      message: './main.go:4:2: undefined: undefinedName',
      file: 'main.go',
      line: 4,
    });
    put('main.go', 'package main\n\nfunc main() {}\n');
    expect(spawnSync(program, args, { cwd: folder, env }).status).toBe(0);
    expect(spawnSync(go.runArgv(folder)[0]).status).toBe(0);
  });
});
