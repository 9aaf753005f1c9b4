import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snapshot } from '../scaffold/workspace.ts';
import { startEngineProgram } from '../support/dev-engine.ts';
import { type GeneratedProject, generateProject, generateSibling } from '../support/generated-project.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

let work: Workplace;
let project: GeneratedProject;

beforeAll(async () => {
  work = createWorkplace();
  project = await generateProject(work);
}, 180_000);
afterAll(() => work?.close());

test('create says what it made and the two commands that come next, on stderr', () => {
  const { stdout, stderr } = project.created;
  expect(stdout).toBe('');
  expect(stderr).toContain(`Made mirastack-plugin-my-agent in ${project.folder} (`);
  expect(stderr).toMatch(/\nNext:\n {2}cd my-agent\n {2}npm run dev\n$/);
  expect(stderr).toContain('\n  .git (an empty repository)\n');
  expect(existsSync(join(project.folder, '.git/HEAD'))).toBe(true);
});

test('what it printed is what is there', () => {
  const printed = project.created.stderr.split('\n').filter((line) => /^ {2}\S/.test(line));
  const files = printed.map((line) => line.trim()).filter((line) => existsSync(join(project.folder, line)));
  const made = readdirSync(project.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(project.folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    // What npm and git have put there since.
    .filter((file) => !/^(node_modules|\.git)\/|^package-lock\.json$/.test(file));
  expect(files.sort()).toEqual(made.sort());
});

/** Its own static checks, format and tests; gives how many tests passed. */
async function checkProject(made: GeneratedProject): Promise<number> {
  expect(await made.npm(['run', 'check'])).toMatchObject({ code: 0 });
  const biome = join(made.folder, 'node_modules/@biomejs/biome/bin/biome');
  expect(await work.run(biome, ['ci', '--error-on-warnings', '.'], { cwd: made.folder })).toMatchObject({
    code: 0,
  });
  const tests = await made.npm(['test']);
  expect(tests).toMatchObject({ code: 0 });
  expect(tests.stdout).toMatch(/^\S+ fail 0$/m);
  expect(tests.stdout).toMatch(/^\S+ skipped 0$/m);
  return Number(/^\S+ pass (\d+)$/m.exec(tests.stdout)?.[1]);
}

test('its own checks and tests pass', async () => {
  expect(await checkProject(project)).toBeGreaterThan(15);
}, 60_000);

test.each([
  ['modify', 'http', ['--backend-family', 'logs']],
  [
    'admin',
    'http',
    ['--action', 'find_errors:Finds "errors" in items', '--stage', 'operate', '--stage', 'observe'],
  ],
  ['admin', 'grpc', ['--backend-family', 'metrics']],
  ['admin', 'none', ['--backend-family', 'traces-jaeger']],
])(
  'so do those of a project that may %s, with backend %s',
  async (permission, backend, flags) => {
    const all = ['--permission', permission, '--backend', backend, '--no-git', ...flags];
    const sibling = await generateSibling(work, project, `${permission}-${backend}`, all);
    expect(await checkProject(sibling)).toBeGreaterThan(10);
  },
  120_000,
);

test('the types of the gRPC stubs are what the documented command makes', async () => {
  const flags = ['--backend', 'grpc', '--no-git'];
  const sibling = await generateSibling(work, project, 'stubs', flags);
  const read = () => snapshot(join(sibling.folder, 'proto'));
  const before = await read();
  expect(Object.keys(before).length).toBeGreaterThan(5);
  expect(await sibling.npm(['run', 'stubs'])).toMatchObject({ code: 0 });
  expect(await read()).toEqual(before);
});

describe('started by hand', () => {
  beforeAll(async () => {
    expect(await project.npm(['run', 'build'])).toMatchObject({ code: 0 });
  });

  test('it exits with 1 and names every variable that is unset', async () => {
    const env = {
      MY_AGENT_BACKEND_URL: '',
      MIRASTACK_PLUGIN_TENANT_ID: '',
      MIRASTACK_PLUGIN_TENANT_SLUG: '',
    };
    expect(await work.run(join(project.folder, 'dist/main.js'), [], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'MY_AGENT_BACKEND_URL environment variable is required\n' +
        'MIRASTACK_PLUGIN_TENANT_ID or MIRASTACK_PLUGIN_TENANT_SLUG environment variable is required\n',
    });
  });

  test('it registers, answers through the command line, and deregisters on SIGTERM', async () => {
    const backend = work.start(join(project.folder, 'dev/backend.mjs'), ['--port', '0']);
    const url = await backend.line((line) => /^listening on (\S+)$/.exec(line)?.[1]);
    const engine = await startEngineProgram(work, project.toolkit, { project: project.folder });
    const agent = work.start('--enable-source-maps', ['dist/main.js'], {
      cwd: project.folder,
      env: { ...engine.agentEnv, MY_AGENT_BACKEND_URL: url },
    });
    await expect
      .poll(async () => (await project.run('list')).stdout, { timeout: 15_000 })
      .toBe('my_agent 1.0.0 READ healthy\n');

    const one = await project.run('invoke', 'get_item', '--param', 'id=item-002', '--json');
    expect(JSON.parse(one.stdout)).toMatchObject({
      success: true,
      result: { item: { id: 'item-002', type: 'database' } },
    });
    const gone = await project.run('invoke', 'get_item', '--param', 'id=item-999');
    expect(gone).toMatchObject({ code: 1, stdout: '' });
    expect(gone.stderr).toContain('no item has the id "item-999"');
    const many = await project.run(
      'invoke',
      'list_items',
      '--param',
      'type=queue',
      '--param',
      'limit=2',
      '--json',
    );
    expect(JSON.parse(many.stdout)).toMatchObject({ result: { count: 2, total: 12 } });

    expect(await agent.stop('SIGTERM')).toBe(0);
    expect(await project.run('list')).toEqual({ code: 0, stdout: '', stderr: 'No agent is registered.\n' });
    await Promise.all([engine.child.stop(), backend.stop()]);
  });

  test('npm start starts the same agent', async () => {
    const env = {
      MIRASTACK_ENGINE_ADDR: '',
      MIRASTACK_PLUGIN_TENANT_SLUG: 'acme',
      MY_AGENT_BACKEND_URL: 'nonsense',
    };
    const outcome = await project.npm(['start', '--silent'], { env });
    expect(outcome).toEqual({
      code: 1,
      stdout: '',
      stderr: 'MY_AGENT_BACKEND_URL: the address of the backend must be an http or https URL',
    });
  });
});
