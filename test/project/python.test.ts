import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findProject, LANGUAGES, readBuildFailure } from '../../src/project/index.ts';
import { findPython } from '../support/tools.ts';

const python = LANGUAGES.find((language) => language.id === 'python');
if (python === undefined) throw new Error('Python is no language any more');

const program = findPython();
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-test-')));
  vi.stubEnv('VIRTUAL_ENV', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function put(name: string, content = ''): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}
const manifest = (name: string) => put('pyproject.toml', `[project]\nname = "${name}"\n`);

describe('Python', () => {
  it('is found by the layout of the guide, at the root or in src', () => {
    manifest('mirastack-plugin-lab');
    expect(python.hasLayout(folder)).toBe(false);
    put('src/main.py');
    put('src/plugin.py');
    expect(python.hasLayout(folder)).toBe(true);
    expect(findProject(folder)).toMatchObject({ name: 'mirastack-plugin-lab', language: { id: 'python' } });
  });

  it('wins over a manifest that only tools need', () => {
    manifest('lab');
    put('package.json', '{"name":"tools"}');
    put('main.py');
    put('plugin.py');
    expect(findProject(folder).language.id).toBe('python');
  });

  it('reads the name where the standard or Poetry has it', () => {
    put('pyproject.toml', '[tool.poetry]\nname = "poet"\n');
    expect(python.readName(folder)).toBe('poet');
    manifest('standard');
    expect(python.readName(folder)).toBe('standard');
    put('pyproject.toml', '[tool.ruff]\nline-length = 110\n');
    expect(python.readName(folder)).toBeUndefined();
  });

  it('says that a manifest cannot be read, without its text', () => {
    put('pyproject.toml', 'name = "secret\n');
    expect(() => python.readName(folder)).toThrow(
      expect.objectContaining({ code: 'bad-manifest', message: expect.not.stringContaining('secret') }),
    );
  });

  it('runs main.py unbuffered with the interpreter of .venv', () => {
    const interpreter = put('.venv/bin/python');
    put('venv/bin/python');
    put('main.py');
    expect(python.checkTools(folder)).toBeUndefined();
    expect(python.runArgv(folder)).toEqual([interpreter, '-u', 'main.py']);
    rmSync(join(folder, 'main.py'));
    expect(python.runArgv(folder)).toEqual([interpreter, '-u', join('src', 'main.py')]);
  });

  it('takes an activated environment where the project has none', () => {
    const interpreter = put('elsewhere/bin/python');
    vi.stubEnv('VIRTUAL_ENV', join(folder, 'elsewhere'));
    expect(python.runArgv(folder)[0]).toBe(interpreter);
  });

  describe.skipIf(program === undefined)('before it runs (needs Python 3.12)', () => {
    /** What `dev` shows of the sources in the folder; nothing when they compile. */
    function build() {
      const [command, ...args] = python?.buildArgv(folder) ?? [''];
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
      return status === 0 ? undefined : readBuildFailure(`${stderr}\n${stdout}`, folder);
    }

    beforeEach(() => {
      const { stdout } = spawnSync(program ?? '', ['-c', 'import sys; print(sys.executable)'], {
        encoding: 'utf8',
      });
      mkdirSync(join(folder, 'venv/bin'), { recursive: true });
      symlinkSync(stdout.trim(), join(folder, 'venv/bin/python'));
      put('main.py', 'import plugin\n');
      put('dev/backend.py', 'import items\n');
    });

    it.each([
      ['plugin.py', 'x = 1\ndef f(:\n', { message: 'SyntaxError: invalid syntax', line: 2 }],
      [
        'dev/items.py',
        'def f():\npass\n',
        { message: expect.stringMatching(/^IndentationError: /), line: 2 },
      ],
      ['a.py', 'x = 1\nraise ValueError("x"\n', { message: "SyntaxError: '(' was never closed", line: 2 }],
      ["it's.py", 'return 1\nreturn 2\n', { message: "SyntaxError: 'return' outside function", line: 1 }],
      ['zero.py', 'x = "\0"\n', { message: expect.stringContaining('null bytes') }],
    ])('compiles its sources and says what is wrong in %s', (file, source, failure) => {
      expect(build()).toBeUndefined();
      put(file, source);
      expect(build()).toEqual({ file, ...failure });
    });

    it.each(['.venv/lib/x.py', 'venv/lib/x.py', '.cache/x.py', 'tests/test_x.py', 'tests/conftest.py'])(
      'does not mind what is wrong in %s',
      (file) => {
        put(file, 'def f(:\n');
        expect(build()).toBeUndefined();
      },
    );

    it('makes nothing that its watcher would take for a save', () => {
      put('dev/__init__.py');
      build();
      expect(python?.ignoredNames).toContain('__pycache__');
      const { stdout } = spawnSync('find', ['.', '-newer', 'dev/__init__.py', '-type', 'f'], {
        cwd: folder,
        encoding: 'utf8',
      });
      const made = stdout.split('\n').filter((path) => path !== '' && !path.includes('/__pycache__/'));
      expect(made).toEqual([]);
    });
  });

  it.each([
    ['uv.lock', '', 'uv sync'],
    ['Makefile', 'install: ## Make it.\n\tuv sync\n', 'make install'],
    ['Makefile', 'all:\n', 'python3 -m venv .venv'],
  ])('says how to make the environment in a project with %s', (file, content, command) => {
    put(file, content);
    expect(() => python.checkTools(folder)).toThrow(
      expect.objectContaining({
        kind: 'tool-missing',
        code: 'dependencies-missing',
        hint: expect.stringContaining(`Run \`${command}`),
      }),
    );
  });
});
