import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngineProgram } from '../support/dev-engine.ts';
import { type GeneratedProject, generateProject } from '../support/generated-project.ts';
import { ROOT } from '../support/tools.ts';
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
});

test('it has the documented layout', () => {
  const layout = ['main.ts', 'plugin.ts', 'client.ts', 'actions.ts', 'templates/my_agent_guide.tmpl'];
  const others = [
    'LICENSE',
    'README.md',
    'package.json',
    'tsconfig.json',
    '.gitignore',
    '.npmrc',
    'dev',
    'test',
  ];
  expect([...layout, ...others].filter((name) => !existsSync(join(project.folder, name)))).toEqual([]);
});

test('its own checks and tests pass', async () => {
  expect(await project.npm(['run', 'check'])).toMatchObject({ code: 0 });
  const tests = await project.npm(['test']);
  expect(tests).toMatchObject({ code: 0 });
  expect(tests.stdout).toMatch(/^\S+ fail 0$/m);
  expect(Number(/^\S+ pass (\d+)$/m.exec(tests.stdout)?.[1])).toBeGreaterThan(5);
}, 60_000);

test('its TypeScript has nothing that a linter complains about', async () => {
  const config = work.makeFolder('lint');
  const rules = { linter: { rules: { preset: 'recommended' } } };
  writeFileSync(join(config, 'biome.json'), JSON.stringify({ root: true, ...rules }));
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const sources = ['main.ts', 'plugin.ts', 'client.ts', 'actions.ts', 'test'];
  const args = ['lint', `--config-path=${config}`, '--error-on-warnings', ...sources];
  const outcome = await work.run(biome, args, { cwd: project.folder });
  expect(outcome).toMatchObject({ code: 0, stdout: '' });
  expect(outcome.stderr).toMatch(/^Checked 5 files/);
});

describe('started by hand', () => {
  beforeAll(async () => {
    expect(await project.npm(['run', 'build'])).toMatchObject({ code: 0 });
  });

  test('it exits with 1 and names the variable that is unset', async () => {
    const env = { MY_AGENT_BACKEND_URL: '' };
    expect(await work.run(join(project.folder, 'dist/main.js'), [], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'MY_AGENT_BACKEND_URL environment variable is required\n',
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
