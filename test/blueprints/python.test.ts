import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPlan, type GivenAnswers, type Plan } from '../../src/scaffold/index.ts';
import { NASTY_STRINGS, randomStrings } from '../scaffold/nasty-strings.ts';
import { textOf } from '../scaffold/project-text.ts';
import { answersWith } from '../scaffold/workspace.ts';
import { binsOf, sharePackage } from '../support/package.ts';
import { CACHE, findPython } from '../support/tools.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

const python = findPython();
const suite = describe.skipIf(python === undefined);
const run = promisify(execFile);

const planFor = (given: GivenAnswers): Promise<Plan> =>
  createPlan(answersWith({ language: 'python', packageManager: 'pip', ...given }));

let work: Workplace;
beforeAll(() => {
  work = createWorkplace();
});
afterAll(() => work.close());

function write(plan: Plan, folder: string): void {
  for (const { path, content, mode } of plan.files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }
}

/** Every file that a machine reads, in the folders below, by the standard's own parsers. */
const PARSE = `
import ast, json, pathlib, sys, tomllib
readers = {".py": ast.parse, ".pyi": ast.parse, ".json": json.loads, ".toml": tomllib.loads}
count = 0
for file in pathlib.Path(sys.argv[1]).rglob("*"):
    if file.suffix in readers:
        readers[file.suffix](file.read_text(encoding="utf-8"))
        count += 1
print(count)
`;

/** The description in each plugin.py must be what was asked for, and so must that of the own action. */
const LITERALS = `
import ast, json, sys
for line in sys.stdin:
    text, source = json.loads(line)
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    found = [
        keyword.value.value
        for call in calls
        if getattr(call.func, "id", "") in ("PluginInfo", "Action")
        for keyword in call.keywords
        if keyword.arg == "description" and isinstance(keyword.value, ast.Constant)
    ]
    assert found.count(text) >= 2, (text, found)
`;

suite('every Python project (needs Python 3.12)', () => {
  const combinations = ['read', 'modify', 'admin'].flatMap((permission) =>
    ['http', 'grpc', 'none'].flatMap((backend) =>
      ['agpl-3.0', 'apache-2.0', 'mit', 'proprietary'].map((license, index) => ({
        permission,
        backend,
        license,
        backendFamily: ['metrics', 'logs', 'traces-jaeger', 'other'][index],
        packageManager: index % 2 === 0 ? 'pip' : 'uv',
        actions: index % 2 === 0 ? [] : ['find_errors:Finds errors. Use this when something is broken.'],
      })),
    ),
  );

  test('has the layout of the guide and parses, whatever was answered', async () => {
    const folder = work.makeFolder('all');
    let files = 0;
    for (const [index, combination] of combinations.entries()) {
      const plan = await planFor(combination);
      const paths = plan.files.map((file) => file.path);
      expect(paths).toEqual(
        expect.arrayContaining([
          ...['pyproject.toml', 'main.py', 'plugin.py', 'actions.py', 'LICENSE', 'README.md'],
          ...['templates/my_agent_guide.tmpl', 'sdk_mend/__init__.py', 'AGENTS.md', 'Makefile', 'Dockerfile'],
          ...['.env.example', '.gitignore', '.vscode/launch.json', '.github/workflows/ci.yml'],
        ]),
      );
      const hasBackend = combination.backend !== 'none';
      expect(paths.includes('dev/backend.py')).toBe(hasBackend);
      expect(paths.includes('client.py')).toBe(hasBackend);
      expect(paths.includes('figures/calculator.py')).toBe(!hasBackend);
      expect(paths.includes('itemspb/items_pb2.py')).toBe(combination.backend === 'grpc');
      write(plan, join(folder, String(index)));
      files += paths.filter((path) => /\.(pyi?|json|toml)$/.test(path)).length;
    }
    const { stdout } = await run(python as string, ['-c', PARSE, folder]);
    expect(Number(stdout)).toBe(files);
  });

  test('never names our program without its package', async () => {
    for (const packageManager of ['pip', 'uv']) {
      const plan = await planFor({ packageManager, permission: 'admin' });
      for (const { path, content } of plan.files)
        expect([
          path,
          String(content).match(/npx (?!--yes --package)[^`\n]*mirastack-agent\b(?!` could)/),
        ]).toEqual([path, null]);
    }
  });

  test('holds nasty descriptions as the very same text', async () => {
    const lines: string[] = [];
    for (const description of [...NASTY_STRINGS, ...randomStrings(1000, 20_261_123)]) {
      const plan = await planFor({ description, actions: [{ id: 'own_action', description }] });
      lines.push(JSON.stringify([description, textOf(plan, 'plugin.py')]));
    }
    const { status, stderr } = spawnSync(python as string, ['-c', LITERALS], {
      input: `${lines.join('\n')}\n`,
      encoding: 'utf8',
      maxBuffer: 2 ** 24,
    });
    expect([status, stderr]).toEqual([0, '']);
  }, 120_000);
});

const hasMake = process.platform !== 'win32' && spawnSync('make', ['--version']).status === 0;

describe.skipIf(!hasMake)('make install of a Python project (needs make)', () => {
  /** A project, and programs of these names that say which version of Python they are. */
  async function makeProject(name: string, pythons: Readonly<Record<string, string>>): Promise<string> {
    const folder = work.makeFolder(name);
    const plan = await planFor({});
    writeFileSync(join(folder, 'Makefile'), textOf(plan, 'Makefile'));
    mkdirSync(join(folder, 'tools'));
    for (const [python, version] of Object.entries(pythons))
      put(join(folder, 'tools', python), python, version);
    return folder;
  }

  /** A stand-in for Python: knows its version, makes an environment with itself, and notes the rest. */
  function put(file: string, name: string, version: string): void {
    const minor = Number(version.split('.')[1]);
    const script = [
      '#!/bin/sh',
      `case "$1 $2" in`,
      `-c*) exit ${minor < 12 ? 1 : 0} ;;`,
      `'-m venv') mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;`,
      'esac',
      `echo "${name} $*" >> calls`,
    ];
    writeFileSync(file, `${script.join('\n')}\n`, { mode: 0o755 });
  }

  function install(folder: string, ...args: string[]) {
    const env = { ...process.env, PATH: `${join(folder, 'tools')}:/usr/bin:/bin`, PYTHON3: undefined };
    const { status, stderr } = spawnSync('make', ['install', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    const calls = join(folder, 'calls');
    return { status, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [] };
  }

  const pip = (name: string) => `${name} -m pip install --quiet --editable .[dev]`;

  test('takes the first Python that is new enough, and makes an older .venv again', async () => {
    const folder = await makeProject('install-older', {
      python3: '3.11',
      'python3.14': '3.11',
      'python3.13': '3.13',
    });
    mkdirSync(join(folder, '.venv/bin'), { recursive: true });
    put(join(folder, '.venv/bin/python'), 'old', '3.11');
    writeFileSync(join(folder, '.venv/stale'), '');
    expect(install(folder)).toMatchObject({
      status: 0,
      calls: ['python3.13 -m venv .venv', pip('python3.13')],
    });
    expect(existsSync(join(folder, '.venv/stale'))).toBe(false);
    // One that is new enough stays, with what is in it.
    writeFileSync(join(folder, '.venv/kept'), '');
    expect(install(folder).status).toBe(0);
    expect(existsSync(join(folder, '.venv/kept'))).toBe(true);
  });

  test('takes the Python that is named, and says which one it needs', async () => {
    const none = { python3: '3.11', 'python3.14': '3.11', 'python3.13': '3.11', 'python3.12': '3.11' };
    const folder = await makeProject('install-named', { ...none, mine: '3.12' });
    const message = 'Python 3.12 or newer is needed: make install PYTHON3=<its path>';
    for (const args of [[], ['PYTHON3=tools/python3'], ['PYTHON3=/absent']]) {
      const { status, stderr, calls } = install(folder, ...args);
      expect(status).not.toBe(0);
      expect(stderr).toContain(message);
      expect(calls).toEqual([]);
    }
    expect(existsSync(join(folder, '.venv'))).toBe(false);
    expect(install(folder, 'PYTHON3=tools/mine').calls).toEqual(['mine -m venv .venv', pip('mine')]);
  });
});

test('a Python project says where its agent listens and is reached', async () => {
  for (const backend of ['http', 'grpc', 'none']) {
    const plan = await planFor({ backend });
    const readme = textOf(plan, 'README.md');
    expect(readme).toContain('| `MIRASTACK_PLUGIN_ADDR` | no |');
    expect(readme).toContain('| `MIRASTACK_PLUGIN_ADVERTISE_ADDR` | no |');
    expect(readme).toContain('docker run --rm -p 50051:50051');
    expect(textOf(plan, '.env.example')).toContain('\nMIRASTACK_PLUGIN_ADDR=127.0.0.1:0\n');
  }
});

suite('a Python project that may modify (needs Python 3.12)', () => {
  let folder: string;
  let interpreter: string;
  /** What a tool of the project says when it does not end well. */
  const fault = async (...args: string[]) =>
    run(interpreter, args, {
      cwd: folder,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    }).then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}\n${stderr}`,
    );

  beforeAll(async () => {
    folder = work.makeFolder('modify');
    write(
      await planFor({ permission: 'modify', actions: ['find_errors:Finds "errors" — ’tis so.'] }),
      folder,
    );
    interpreter = prepareEnvironment(python as string, folder);
    symlinkSync(dirname(dirname(interpreter)), join(folder, '.venv'));
  }, 300_000);

  test('passes its own lint, format and types', async () => {
    expect(await fault('-m', 'ruff', 'check', '--no-cache', '.')).toBe('');
    expect(await fault('-m', 'ruff', 'format', '--no-cache', '--check', '.')).toBe('');
    expect(await fault('-m', 'mypy', '--cache-dir', join(CACHE, 'python-mypy'))).toBe('');
  }, 120_000);

  test('is formatted like every other, whatever an own action is said to do', async () => {
    const folders = work.makeFolder('formatted');
    const actions = ['find_errors:Finds "errors" — ’tis so.', 'other: It ends in \\', 'third:A"""\n\nB'];
    for (const permission of ['read', 'modify', 'admin'])
      for (const backend of ['http', 'grpc', 'none'])
        write(await planFor({ permission, backend, actions }), join(folders, `${permission}-${backend}`));
    const ruff = (...args: string[]) =>
      run(interpreter, ['-m', 'ruff', ...args, '--no-cache', '.'], { cwd: folders }).then(
        () => '',
        ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}\n${stderr}`,
      );
    expect(await ruff('check')).toBe('');
    expect(await ruff('format', '--diff')).toBe('');
  }, 60_000);

  test('passes its own unit tests', async () => {
    expect(await fault('-m', 'pytest', '-p', 'no:cacheprovider', '--ignore', 'tests/test_engine.py')).toBe(
      '',
    );
  }, 120_000);

  test('works on the dev engine: reads at once, changes only what is approved, caches its list', async () => {
    const { toolkit } = binsOf((await sharePackage()).installed);
    const { stdout } = await run(
      interpreter,
      ['-m', 'pytest', '-p', 'no:cacheprovider', 'tests/test_engine.py'],
      {
        cwd: folder,
        env: {
          ...process.env,
          PYTHONDONTWRITEBYTECODE: '1',
          MIRASTACK_TOOLKIT: `${process.execPath} ${toolkit}`,
        },
      },
    );
    expect(stdout).toContain('2 passed');
  }, 180_000);
});

/** The environment that the project's own install makes; kept until pyproject.toml asks for something else. */
function prepareEnvironment(program: string, project: string): string {
  const environment = join(CACHE, 'python-project');
  const interpreter = join(environment, 'bin', 'python');
  const marker = join(environment, 'complete');
  const manifest = readFileSync(join(project, 'pyproject.toml'), 'utf8');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== manifest) {
    mkdirSync(CACHE, { recursive: true });
    execFileSync(program, ['-m', 'venv', '--clear', environment]);
    execFileSync(interpreter, ['-m', 'pip', 'install', '--quiet', '--editable', '.[dev]'], {
      cwd: project,
      stdio: 'pipe',
    });
    writeFileSync(marker, manifest);
  }
  return interpreter;
}
