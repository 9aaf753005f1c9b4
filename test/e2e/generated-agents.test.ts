import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AGENT_PERMISSIONS, PROJECT_LANGUAGES, type ProjectLanguage } from '../../src/scaffold/choices.ts';
import type { Child } from '../support/child.ts';
import { type DevProgram, startDevProgram } from '../support/dev-program.ts';
import {
  canBuild,
  createProjectMaker,
  type MadeProject,
  type ProjectMaker,
} from '../support/made-project.ts';
import { CAN_SEE_PROCESSES, describeProcess } from '../support/processes.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

/** The guide's layout: what lies at the root of every project of a language. */
const LAYOUT: Readonly<Record<ProjectLanguage, readonly string[]>> = {
  typescript: ['package.json', 'main.ts', 'plugin.ts', 'client.ts', 'actions.ts'],
  go: ['go.mod', 'main.go', 'plugin.go', 'embed.go', 'client.go', 'actions.go'],
  python: ['pyproject.toml', 'main.py', 'plugin.py', 'client.py', 'actions.py'],
};
const COMMON = ['LICENSE', 'README.md', 'templates/my_agent_guide.tmpl', 'mirastack.config.json'];

/** The toolchain of a cold cache takes its time. */
const SLOW_MS = 240_000;
const PATIENT = { timeout: 20_000 };

/** What each kind of agent changes, and how one sees that it did. */
const CHANGES = {
  MODIFY: { action: 'update_item', params: ['id=item-001', 'status=down'] },
  ADMIN: { action: 'delete_item', params: ['id=item-001'] },
} as const;

let work: Workplace;
let maker: ProjectMaker;
beforeAll(() => {
  work = createWorkplace();
  maker = createProjectMaker(work);
});
afterAll(() => work?.close());

/** Builds a project in its language's way. */
async function build({ language, tool }: MadeProject): Promise<void> {
  switch (language) {
    case 'typescript':
      await tool('npm', 'run', 'build');
      return;
    case 'go':
      // With the flags of `dev`, which finds the packages compiled.
      await tool('go', 'build', '-ldflags=-s -w', '-buildvcs=false', './...');
      return;
    case 'python':
      await tool('.venv/bin/python', '-m', 'compileall', '-q', '-x', '[.]venv', '.');
      return;
    default:
      language satisfies never;
  }
}

/** Runs the unit tests that a project brings, unless another file runs those of the very same project. */
async function runOwnTests({ language, tool }: MadeProject, permission: string): Promise<void> {
  if (language === 'go' && permission !== 'MODIFY') await tool('go', 'test', '-count=1', '.');
  if (language === 'python' && permission !== 'MODIFY') {
    const flags = ['-p', 'no:cacheprovider', '--ignore', 'tests/test_engine.py'];
    await tool('.venv/bin/python', '-m', 'pytest', '--quiet', ...flags);
  }
}

/** One more backend of the project, beside the one that `dev` starts. */
async function startBackend({ folder, language, tool }: MadeProject): Promise<{ child: Child; url: string }> {
  const config = JSON.parse(readFileSync(join(folder, 'mirastack.config.json'), 'utf8')) as {
    dev: { backend: { command: string[] } };
  };
  let argv = config.dev.backend.command.map((word) => word.replace('{port}', '0'));
  if (language === 'go') {
    // `go run` leaves the program behind when it is ended.
    const program = '.mirastack/dev/bin/backend';
    await tool('go', 'build', '-ldflags=-s -w', '-buildvcs=false', '-o', program, './dev/backend');
    argv = [program, '--port', '0'];
  }
  const [command = '', ...args] = argv;
  const child = work.spawn(command, args, { cwd: folder });
  return { child, url: await child.line((line) => /^listening on (\S+)$/.exec(line)?.[1]) };
}

const backendCalls = async (url: string) =>
  ((await (await fetch(`${url}/admin/calls`)).json()) as { calls: number }).calls;

/** False once nobody listens there any more. */
const isListening = (address: string) =>
  new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(address.includes('://') ? address : `tcp://${address}`);
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

describe.each(PROJECT_LANGUAGES)('a generated agent in %s', (language) => {
  describe.skipIf(!canBuild(language)).each(AGENT_PERMISSIONS)(
    `that is %s (needs the tools of ${language})`,
    (permission) => {
      let project: MadeProject;
      let dev: DevProgram;
      let backendUrl = '';
      const addresses: string[] = [];

      const json = async (...args: string[]) => {
        const { code, stdout, stderr } = await project.run(...args, '--json');
        expect(code, stderr).toBe(0);
        return JSON.parse(stdout) as Record<string, unknown>;
      };
      const invoke = (action: string, ...params: string[]) =>
        json('invoke', action, ...params.flatMap((param) => ['--param', param]));
      const reach = (health: string) =>
        expect
          .poll(async () => (await json('list')).agents, PATIENT)
          .toMatchObject([{ name: 'my_agent', version: '1.0.0', permission, health }]);

      test(
        'is made in the layout of the guide, installed, built, and passes its tests',
        async () => {
          const flags = ['--permission', permission.toLowerCase(), '--backend', 'http'];
          project = await maker.make(language, `${language}-${permission}`, flags);
          expect(project.files).toEqual(expect.arrayContaining([...LAYOUT[language], ...COMMON]));
          expect(project.files.filter((file) => !existsSync(join(project.folder, file)))).toEqual([]);
          await build(project);
          await runOwnTests(project, permission);
        },
        SLOW_MS,
      );

      test(
        'starts under the dev engine and reads at once',
        async () => {
          dev = startDevProgram(work, project);
          const { backendEnv, grpcAddr, controlUrl = '' } = await dev.waitFor('engine-listening');
          backendUrl = backendEnv.MY_AGENT_BACKEND_URL ?? '';
          addresses.push(backendUrl, grpcAddr, controlUrl);
          await dev.waitFor('ready');
          await reach('healthy');
          expect(await invoke('get_item', 'id=item-002')).toMatchObject({
            result: { item: { id: 'item-002', type: 'database' } },
          });
          const calls = await backendCalls(backendUrl);
          const first = await invoke('list_items', 'type=queue', 'limit=2');
          expect(first).toMatchObject({ result: { count: 2, total: 12 } });
          expect(await invoke('list_items', 'type=queue', 'limit=2')).toMatchObject({ result: first.result });
          expect((await backendCalls(backendUrl)) - calls).toBe(1);
        },
        SLOW_MS,
      );

      if (permission !== 'READ')
        test('changes something only once a person has approved', async () => {
          const { action, params } = CHANGES[permission];
          const calls = await backendCalls(backendUrl);
          const pending = invoke(action, ...params);
          const waiting = async () => (await json('approval', 'list')).approvals as { readonly id: string }[];
          await expect.poll(waiting, PATIENT).toMatchObject([{ agent: 'my_agent', action, permission }]);
          expect(await backendCalls(backendUrl)).toBe(calls);
          const [approval] = await waiting();
          await json('approval', 'approve', approval?.id ?? '');
          expect(await pending).toMatchObject({ success: true });
          expect(await backendCalls(backendUrl)).toBe(calls + 1);
        }, 60_000);

      test('says that its backend is down, and moves to another one while it runs', async () => {
        await fetch(`${backendUrl}/admin/down`, { method: 'POST', body: '{"down":true}' });
        await reach('unhealthy');
        expect((await project.run('list')).stderr).toMatch(/^my_agent: \S/);
        const other = await startBackend(project);
        await json('config-set', 'my_agent', 'backend_url', other.url);
        await reach('healthy');
        expect(await invoke('get_item', 'id=item-003')).toMatchObject({ success: true });
        expect(await backendCalls(other.url)).toBe(1);
        await other.child.stop();
      }, 60_000);

      test('stops with nothing left of it', async () => {
        const { child } = dev;
        expect(await child.stop('SIGINT')).toBe(130);
        expect(dev.events().at(-1)).toMatchObject({ type: 'stopped' });
        if (CAN_SEE_PROCESSES) expect(work.processes().map(describeProcess)).toEqual([]);
        expect(readdirSync(work.sessions)).toEqual([]);
        expect(addresses.every((address) => address !== '')).toBe(true);
        expect(await Promise.all(addresses.map(isListening))).toEqual([false, false, false]);
      }, 60_000);
    },
  );
});
