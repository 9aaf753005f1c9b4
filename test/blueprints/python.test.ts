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
          ...['pyproject.toml', 'main.py', 'plugin.py', 'client.py', 'actions.py', 'LICENSE', 'README.md'],
          ...['templates/my_agent_guide.tmpl', 'sdk_mend/__init__.py', 'AGENTS.md', 'Makefile', 'Dockerfile'],
          ...['.env.example', '.gitignore', '.vscode/launch.json', '.github/workflows/ci.yml'],
        ]),
      );
      expect(paths.includes('dev/backend.py')).toBe(combination.backend !== 'none');
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
