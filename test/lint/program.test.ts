import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshot } from '../scaffold/workspace.ts';
import { portLine } from '../support/child.ts';
import { type GeneratedProject, generateProject } from '../support/generated-project.ts';
import { binsOf, sharePackage } from '../support/package.ts';
import { createWorkplace, type Outcome, type Workplace } from '../support/workplace.ts';
import { type Files, GOOD_AGENTS, readFixture } from './agents.ts';

const HAS_STRACE = spawnSync('strace', ['-V']).status === 0;
const HAS_GIT = spawnSync('git', ['--version']).status === 0;

let work: Workplace;
let project: GeneratedProject;
let program: string;

beforeAll(async () => {
  work = createWorkplace();
  program = binsOf((await sharePackage()).installed).toolkit;
  project = await generateProject(work);
});
afterAll(async () => {
  await work?.close();
});

function writeProject(files: Files): string {
  const folder = work.makeFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** The hand-written TypeScript agent, with the packages of the generated one. */
function writeDesk(edit: (files: Record<string, string>) => void = () => {}): string {
  const files = { ...(GOOD_AGENTS.typescript as Record<string, string>) };
  edit(files);
  const folder = writeProject(files);
  symlinkSync(join(project.folder, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

const lint = (folder: string, ...args: string[]): Promise<Outcome> =>
  work.run(program, ['lint', folder, ...args]);

interface Document {
  readonly violations: { readonly rule: string; readonly message: string; readonly file?: string }[];
  readonly rules: { readonly id: string; readonly status: string; readonly reason: string }[];
  readonly summary: { readonly errors: number; readonly warnings: number; readonly notChecked: number };
}
const read = ({ stdout }: Outcome) => JSON.parse(stdout) as Document;
const rulesOf = (outcome: Outcome) => read(outcome).violations.map(({ rule }) => rule);

describe('a project that is ready', () => {
  it('is told so, point by point, and nothing of it keeps running', async () => {
    const outcome = await lint(project.folder, '--profile', 'publish');
    expect([outcome.code, outcome.stderr]).toEqual([
      0,
      expect.stringContaining("this runs the project's code"),
    ]);
    expect(outcome.stdout.match(/^ ?\d+ ✓ /gm)).toHaveLength(14);
    expect(outcome.stdout).toContain('No violations:');
    expect(work.processes()).toEqual([]);
  });

  it('by hand, too', async () => {
    const outcome = await lint(writeDesk(), '--profile', 'publish', '--json');
    expect([outcome.code, read(outcome).summary]).toEqual([0, { errors: 0, warnings: 0, notChecked: 0 }]);
  });

  it('is not ready as long as anything is not checked', async () => {
    const outcome = await lint(project.folder, '--profile', 'publish', '--no-live');
    expect([outcome.code, outcome.stderr]).toEqual([1, expect.stringContaining('Not ready to publish')]);
    expect(outcome.stdout).toMatch(/^ 8 \? .*not checked: health-check-live: --no-live was given$/m);
  });
});

describe('an agent that is not well', () => {
  it('does not start, and its own gate says why', async () => {
    const folder = writeDesk((files) => {
      files['plugin.ts'] = String(files['plugin.ts']).replace("    permission: 'MODIFY',\n", '');
    });
    const outcome = await lint(folder, '--json');
    expect(outcome.code).toBe(1);
    expect(read(outcome).violations.map(({ rule, message }) => `${rule}: ${message}`)).toEqual(
      expect.arrayContaining([
        'permission-explicit: permission must be explicitly set (READ, MODIFY or ADMIN)',
        expect.stringMatching(/^agent-starts: the agent’s own gate: permission must be explicitly set/),
      ]),
    );
  });

  it('is healthy without its backend', async () => {
    const folder = writeDesk((files) => {
      files['client.ts'] = String(files['client.ts']).replace(
        "    await this.ask('status');",
        "    await this.ask('status').catch(() => undefined);",
      );
    });
    const outcome = await lint(folder, '--json');
    expect([outcome.code, rulesOf(outcome)]).toEqual([1, ['health-check-live']]);
    expect(read(outcome).violations[0]?.message).toContain(
      'TICKET_DESK_API pointed at a port where nothing listens',
    );
  });

  it('does not build', async () => {
    const folder = writeDesk((files) => {
      files['main.ts'] = `import './missing.ts';\n${files['main.ts']}`;
    });
    const outcome = await lint(folder, '--json');
    expect([outcome.code, rulesOf(outcome)]).toEqual([1, ['agent-starts']]);
    expect(read(outcome).violations[0]?.message).toContain('it does not build');
  });
});

describe('an agent that runs already', () => {
  it('is asked where it is', async () => {
    const child = work.start(join(project.folder, 'dist/main.js'), [], {
      cwd: project.folder,
      env: {
        MY_AGENT_BACKEND_URL: 'http://127.0.0.1:9',
        MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
        MIRASTACK_PLUGIN_TENANT_SLUG: 'acme',
        MIRASTACK_ENGINE_ADDR: '',
      },
    });
    const port = await child.line(portLine);
    const outcome = await lint(project.folder, '--json', '--address', `127.0.0.1:${port}`);
    await child.stop();
    const { rules } = read(outcome);
    expect(rules.find(({ id }) => id === 'schema-matches-info')?.status).toBe('passed');
    expect(rules.find(({ id }) => id === 'health-check-live')).toMatchObject({
      status: 'failed',
    });
  });

  it('is not there', async () => {
    const outcome = await lint(project.folder, '--json', '--address', '127.0.0.1:9');
    expect(outcome.code).toBe(3);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: 'agent-unreachable' } });
  });
});

describe('without the tools to run the agent', () => {
  it('the static rules are told, and the code is 4', async () => {
    const folder = writeProject({ ...GOOD_AGENTS.typescript, LICENSE: 'See the web site.\n' });
    const outcome = await lint(folder, '--json');
    expect([outcome.code, rulesOf(outcome)]).toEqual([4, ['license-present']]);
    expect(read(outcome).rules.find(({ id }) => id === 'agent-starts')).toMatchObject({
      status: 'not-checked',
    });
  });
});

describe('the profile review', () => {
  it.skipIf(!HAS_STRACE)('starts no process and writes nothing (needs strace)', async () => {
    const trap = "import { writeFileSync } from 'node:fs';\nwriteFileSync('touched', '');\n";
    const folder = writeProject({
      ...Object.fromEntries(
        Object.entries(GOOD_AGENTS.typescript).map(([name, text]) => [
          name,
          /\.[jt]s$/.test(name) ? `${trap}${text}` : text,
        ]),
      ),
      'package.json': String(GOOD_AGENTS.typescript['package.json']).replace('rolldown -c', 'touch touched'),
    });
    const before = await snapshot(folder);
    const log = join(work.folder, 'strace.log');
    const calls =
      'trace=execve,openat,open,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,socket,connect';
    const outcome = spawnSync(
      'strace',
      ['-f', '-o', log, '-e', calls, process.execPath, program, 'lint', folder, '--profile', 'review'],
      {
        encoding: 'utf8',
      },
    );
    expect(outcome.status).toBe(1);
    const lines = readFileSync(log, 'utf8').split('\n');
    rmSync(log);
    expect(lines.filter((line) => line.includes('execve('))).toHaveLength(1);
    expect(
      lines.filter(
        (line) =>
          /O_WRONLY|O_RDWR|O_CREAT|creat\(|mkdir|unlink|rename|socket\(|connect\(/.test(line) &&
          !/\/dev\/(null|tty)/.test(line),
      ),
    ).toEqual([]);
    expect(await snapshot(folder)).toEqual(before);
  });
});

describe('what was there before', () => {
  it('is accepted by a baseline', async () => {
    const folder = writeProject(readFixture('guide-go'));
    expect((await lint(folder, '--no-live')).code).toBe(1);
    expect((await lint(folder, '--no-live', '--write-baseline')).code).toBe(0);
    expect((await lint(folder, '--no-live')).code).toBe(0);
    writeFileSync(join(folder, 'more.go'), 'package main\n\nimport _ "github.com/redis/go-redis/v9"\n');
    const outcome = await lint(folder, '--no-live', '--json');
    expect([outcome.code, rulesOf(outcome)]).toEqual([1, ['no-engine-store']]);
  });
});

describe('--fix', () => {
  it('shows what it would do, does it, and does it once', async () => {
    const folder = writeDesk((files) => {
      files['actions.ts'] = String(files['actions.ts']).replace("type: 'number'", "type: 'int'");
    });
    const file = join(folder, 'actions.ts');
    const before = readFileSync(file, 'utf8');
    const shown = await lint(folder, '--no-live', '--fix', '--dry-run');
    expect([shown.code, shown.stderr]).toEqual([1, expect.stringMatching(/^\+.*type: 'number'/m)]);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await lint(folder, '--no-live', '--fix')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(GOOD_AGENTS.typescript['actions.ts']);
  });
});

describe.skipIf(!HAS_GIT)('--against (needs git)', () => {
  it('builds the revision beside, compares, and leaves nothing', async () => {
    const folder = writeDesk();
    writeFileSync(join(folder, '.gitignore'), 'node_modules\ndist\n');
    const git = (...args: string[]) => {
      const done = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      if (done.status !== 0) throw new Error(done.stderr);
      return done.stdout;
    };
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    const actions = join(folder, 'actions.ts');
    writeFileSync(
      actions,
      readFileSync(actions, 'utf8')
        .replace("number: { type: 'number', required: true", "number: { type: 'string', required: true")
        .replace('close(number,', 'close(Number(number),')
        .replace("id: 'search_tickets',", "id: 'search_tickets',")
        .replace("permission: 'MODIFY'", "permission: 'ADMIN'"),
    );
    const outcome = await lint(folder, '--json', '--against', 'HEAD');
    expect([outcome.code, rulesOf(outcome).sort()]).toEqual([1, ['permission-widened', 'version-bump']]);
    expect(
      read(outcome)
        .violations.map(({ message }) => message)
        .join('\n'),
    ).toContain('number of close_ticket has another type');
    const agreed = await lint(folder, '--json', '--against', 'HEAD', '--allow-wider-permission');
    expect(rulesOf(agreed)).toEqual(['version-bump']);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect((await lint(folder, '--against', 'nothing')).code).toBe(2);
    expect(work.processes()).toEqual([]);
  });
});

describe('formats', () => {
  it.each([
    ['json', /^\{"violations":\[\{.*\}\n$/],
    ['sarif', /^\{"\$schema":"[^"]+","version":"2\.1\.0".*\}\n$/],
    ['github', /^::(error|warning) file=/],
    ['junit', /^<\?xml /],
    ['text', /^\S+:\d+:\d+ error /],
  ])('%s', async (format, form) => {
    const folder = writeProject(readFixture('guide-python'));
    const outcome = await lint(folder, '--profile', 'review', '--format', format);
    expect([outcome.code, outcome.stdout]).toEqual([1, expect.stringMatching(form)]);
  });
});

describe('usage', () => {
  it.each([
    [['--format', 'xml'], 2],
    [['--profile', 'fast'], 2],
    [['--json', '--format', 'text'], 2],
    [['--profile', 'review', '--address', '127.0.0.1:1'], 2],
    [['--no-live', '--address', '127.0.0.1:1'], 2],
    [['--dry-run'], 2],
    [['--rule', 'nothing', '--no-live'], 2],
    [['--explain', 'nothing'], 2],
    [['--explain', 'health-check'], 0],
    [['--list-rules'], 0],
    [['--rule', 'license-present'], 0],
  ] as const)('%s ends with %i', async (args, code) => {
    const outcome = await lint(project.folder, ...args);
    const said = outcome.stdout + outcome.stderr;
    expect([outcome.code, said]).toEqual([code, expect.stringMatching(/\w/)]);
    if (code === 0) expect(outcome.stderr).toBe('');
    expect(existsSync(join(project.folder, '.mirastack/lint-baseline.json'))).toBe(false);
  });

  it('has no project to look at', async () => {
    expect((await lint(work.makeFolder())).code).toBe(2);
  });
});
