// What lint costs: a generated project against a Node that does nothing, many files against other linters, many actions,
// and the running agent against its own start.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../scripts/steps.mjs';
import { measure } from './measure.mjs';

const TOOLKIT = join(ROOT, 'bin/mirastack-agent.js');
const CREATE = join(ROOT, 'bin/create-mirastack-agent.js');
const PEERS = join(ROOT, '.cache/lint-peers');
const ROUNDS = 15;

/** Runs a program to its end, whatever it finds; a crash is told. */
function timeOf(argv, options = {}, good = [0]) {
  return () => {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8', ...options });
    if (!good.includes(status)) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
    return performance.now() - startedAt;
  };
}

const lint = (folder, ...args) => timeOf([process.execPath, TOOLKIT, 'lint', folder, ...args], {}, [0, 1]);

function generate(folder, language) {
  const args = ['my-agent', '--language', language, '--yes', '--no-install', '--no-git'];
  const { status, stderr } = spawnSync(process.execPath, [CREATE, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return join(folder, 'my-agent');
}

/** The packages of the repository, and the repository itself as the package of the runtime. */
function linkPackages(project) {
  const modules = join(project, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  symlinkSync(ROOT, join(modules, 'create-mirastack-agent'));
}

/** 100 lines that other linters have something to read in, too. */
function sourceFile(index) {
  const lines = [`/** Part ${index}. */`];
  for (let part = 0; part < 11; part++)
    lines.push(
      `export interface Row${part} {`,
      '  readonly id: string;',
      '  readonly amount: number;',
      '}',
      '',
      `export function add${part}(rows: readonly Row${part}[], limit = ${part}): number {`,
      '  return rows.filter(({ amount }) => amount > limit).reduce((sum, { amount }) => sum + amount, 0);',
      '}',
      '',
    );
  return `${lines.join('\n')}\n`;
}

function writeLargeProject(folder) {
  const project = generate(folder, 'typescript');
  mkdirSync(join(project, 'parts'));
  for (let index = 0; index < 1_000; index++)
    writeFileSync(join(project, `parts/part-${index}.ts`), sourceFile(index));
  return project;
}

/** eslint with typescript-eslint, and oxlint; fetched once. */
function installPeers() {
  if (!existsSync(join(PEERS, 'node_modules/eslint'))) {
    mkdirSync(PEERS, { recursive: true });
    writeFileSync(join(PEERS, 'package.json'), '{ "private": true, "type": "module" }\n');
    const packages = ['eslint@10.15.0', 'typescript-eslint', 'typescript@6.0.3', 'oxlint@1.94.0'];
    const { status, stderr } = spawnSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages],
      {
        cwd: PEERS,
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(stderr);
  }
}

function peerSubjects(project) {
  installPeers();
  const parts = join(project, 'parts');
  symlinkSync(join(PEERS, 'node_modules'), join(parts, 'node_modules'));
  writeFileSync(join(parts, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(
    join(parts, 'eslint.config.js'),
    "import typescript from 'typescript-eslint';\nexport default typescript.config(typescript.configs.recommended);\n",
  );
  const bin = (name) => join(PEERS, 'node_modules/.bin', name);
  const biome = join(ROOT, 'node_modules/.bin/biome');
  return {
    'eslint with typescript-eslint': timeOf([bin('eslint'), '.'], { cwd: parts }, [0, 1]),
    'biome lint': timeOf([biome, 'lint', '--vcs-enabled=false', '.'], { cwd: parts }, [0, 1]),
    oxlint: timeOf([bin('oxlint'), '.'], { cwd: parts }, [0, 1]),
  };
}

/** A project whose plugin has that many actions, each in words of its own. */
function writeActions(folder, count) {
  const project = generate(folder, 'go');
  const words = (index) => [...String(index)].map((digit) => 'ABCDEFGHIJ'[Number(digit)]).join('');
  const actions = Array.from(
    { length: count },
    (_, index) => `	{
		ID: "read_${index}", Description: "Read the ${words(index)} gauge of machine ${index}. Use this when somebody asks for ${words(index)}.",
		Permission: mirastack.PermissionRead, Stages: stages(),
		InputParams: []mirastack.ParamSchema{{Name: "at", Type: "string", Description: "Which one"}},
	},
`,
  ).join('');
  writeFileSync(
    join(project, 'more.go'),
    `package main\n\nimport mirastack "github.com/mirastacklabs-ai/mirastack-agents-sdk-go"\n\nvar more = []mirastack.Action{\n${actions}}\n`,
  );
  return project;
}

/** Build and start until the port line: what the live part cannot do without. */
async function startAgent(project) {
  const startedAt = performance.now();
  const built = spawnSync(join(project, 'node_modules/.bin/rolldown'), ['-c', 'config/rolldown.config.js'], {
    cwd: project,
  });
  if (built.status !== 0) throw new Error(String(built.stderr));
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/main.js'], {
    cwd: project,
    env: {
      ...process.env,
      MY_AGENT_BACKEND_URL: 'http://127.0.0.1:9',
      MIRASTACK_PLUGIN_TENANT_SLUG: 'acme',
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
    },
  });
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => /MIRASTACK_PLUGIN_PORT/.test(text) && resolve());
    child.on('exit', () => reject(new Error('the agent ended')));
  });
  const ms = performance.now() - startedAt;
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  return ms;
}

const median = (rows, subject) => rows.find((row) => row.subject === subject).median;

export async function run() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-lint-')));
  const within = (name) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  try {
    const projects = Object.fromEntries(
      ['typescript', 'go', 'python'].map((language) => [language, generate(within(language), language)]),
    );
    const single = await measure('lint', ROUNDS, {
      'node -e 0': timeOf([process.execPath, '-e', '0']),
      ...Object.fromEntries(
        Object.entries(projects).map(([language, project]) => [
          `lint a generated ${language} project`,
          lint(project, '--no-live'),
        ]),
      ),
    });
    const large = writeLargeProject(within('large'));
    const ours = { 'lint 1,000 files': lint(large, '--no-live') };
    const many = await measure('lint', 5, { ...peerSubjects(large), ...ours });
    const counts = Object.fromEntries(
      [100, 1_000, 10_000].map((count) => [
        `lint ${count} actions`,
        lint(writeActions(within(`a${count}`), count), '--no-live'),
      ]),
    );
    const growth = await measure('lint', 5, counts);
    const start = median(single.rows, 'lint a generated go project');
    const cost = (count) => Math.max(1, median(growth.rows, `lint ${count} actions`) - start);
    const exponent = Math.log10(cost(10_000) / cost(1_000));
    linkPackages(projects.typescript);
    const live = await measure('lint', 5, {
      'build and start of the agent': () => startAgent(projects.typescript),
      'lint with the running agent': lint(projects.typescript),
      'lint without it': lint(projects.typescript, '--no-live'),
    });
    const extra =
      median(live.rows, 'lint with the running agent') -
      median(live.rows, 'lint without it') -
      median(live.rows, 'build and start of the agent');
    const fact = (subject, value, unit) => ({
      subject,
      median: Number(value.toFixed(2)),
      p95: Number(value.toFixed(2)),
      unit,
      ratio: null,
    });
    const rows = [
      ...single.rows,
      ...many.rows,
      ...growth.rows,
      fact('exponent from 1,000 to 10,000 actions', exponent, ''),
      ...live.rows,
      fact('live part beyond build and start', extra, 'ms'),
    ];
    return { ...single, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
