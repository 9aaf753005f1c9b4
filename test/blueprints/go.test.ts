import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AGENT_PERMISSIONS, BACKENDS, FAMILIES } from '../../src/scaffold/choices.ts';
import { NASTY_STRINGS, randomStrings } from '../scaffold/nasty-strings.ts';
import { textOf } from '../scaffold/project-text.ts';
import { GO_SDK_NAME } from '../support/go.ts';
import { findGo } from '../support/tools.ts';
import { checkGoFiles, goSources, planGo, removeChecker, runGo, writeGoProject } from './go-files.ts';

const OWN_ACTIONS = ['find_errors:Finds errors. Use this when something fails.', 'top_n:Finds the top.'];
const suite = describe.skipIf(findGo() === undefined);

const folders: string[] = [];
function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-go-project-')));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  removeChecker();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test('go.mod names the published SDK, and no other one unless it is asked for', async () => {
  const own = textOf(await planGo({ goSdk: '', module: 'github.com/acme/agent' }), 'go.mod');
  expect(own).toBe(
    'module github.com/acme/agent\n\ngo 1.25.0\n\nrequire github.com/mirastacklabs-ai/mirastack-agents-sdk-go v1.14.2\n',
  );
  const forked = textOf(await planGo({ goSdk: '/with space/a"b' }), 'go.mod');
  expect(forked).toContain(
    '\nreplace github.com/mirastacklabs-ai/mirastack-agents-sdk-go => "/with space/a\\"b"\n',
  );
  expect(textOf(await planGo({ backend: 'grpc' }), 'go.mod')).toContain('google.golang.org/grpc v');
});

test('a Go project says where its agent listens and is reached', async () => {
  for (const backend of BACKENDS) {
    const plan = await planGo({ backend });
    const readme = textOf(plan, 'README.md');
    expect(readme).toContain('| `MIRASTACK_PLUGIN_ADDR` | no |');
    expect(readme).toContain('| `MIRASTACK_PLUGIN_ADVERTISE_ADDR` | no |');
    expect(readme).toContain('docker run --rm -p 50051:50051');
    expect(textOf(plan, '.env.example')).toContain('\nMIRASTACK_PLUGIN_ADDR=127.0.0.1:0\n');
  }
});

const hasMake = process.platform !== 'win32' && spawnSync('make', ['--version']).status === 0;

test.skipIf(!hasMake)('make dev compiles at first, and then leaves it to dev (needs make)', async () => {
  const folder = makeFolder();
  const commands = () =>
    spawnSync('make', ['--dry-run', 'dev'], { cwd: folder, encoding: 'utf8' }).stdout.trim().split('\n');
  const dev = expect.stringMatching(/^npx --yes --package \S+ mirastack-agent dev$/);
  writeFileSync(join(folder, 'Makefile'), textOf(await planGo({}), 'Makefile'));
  writeFileSync(join(folder, 'go.sum'), '');
  expect(commands()).toEqual(['go build ./...', expect.stringContaining('touch'), dev]);
  mkdirSync(join(folder, '.mirastack/dev'), { recursive: true });
  writeFileSync(join(folder, '.mirastack/dev/compiled'), '');
  utimesSync(join(folder, 'go.sum'), new Date(0), new Date(0));
  expect(commands()).toEqual([dev]);
  // Without a backend there is nothing that could start too late.
  writeFileSync(join(folder, 'Makefile'), textOf(await planGo({ backend: 'none' }), 'Makefile'));
  expect(commands()).toEqual([dev]);
});

suite('Go sources (needs Go)', () => {
  test('parse and are formatted in every combination', async () => {
    const sources: Record<string, string> = {};
    for (const permission of AGENT_PERMISSIONS)
      for (const backend of BACKENDS)
        for (const backendFamily of FAMILIES)
          for (const actions of [[], OWN_ACTIONS]) {
            const plan = await planGo({ permission, backend, backendFamily, actions });
            for (const [path, text] of Object.entries(goSources(plan)))
              sources[`${permission} ${backend} ${backendFamily} ${actions.length} ${path}`] = text;
          }
    expect(Object.keys(sources).length).toBeGreaterThan(700);
    const faults = Object.entries(checkGoFiles(sources)).filter(
      ([, { error, formatted }]) => error !== '' || !formatted,
    );
    expect(faults.map(([path, { error }]) => [path, error])).toEqual([]);
  }, 120_000);

  test('hold every nasty text as the very same string, and nothing more', async () => {
    const strings = [...NASTY_STRINGS, ...randomStrings(1000, 20_261_123)];
    const before = (index: number) => strings.at(index - 1) ?? '';
    const sources: Record<string, string> = {};
    const add = async (key: string, backend: string, description: string, action: string) => {
      const actions = [{ id: 'own_action', description: action }];
      const files = goSources(await planGo({ backend, description, actions }));
      for (const path of ['plugin.go', 'actions.go']) sources[`${key} ${path}`] = files[path] ?? '';
    };
    // What holds the texts is one file with a backend, and another without.
    const backends = ['http', 'none'];
    const backendOf = (index: number) => backends[index % 2] ?? '';
    for (const backend of backends) await add(backend, backend, 'plain', 'plain');
    // Each text once as the agent's description and once as an action's.
    for (const [index, text] of strings.entries())
      await add(String(index), backendOf(index), text, before(index));
    const findings = checkGoFiles(sources);
    for (const [index, text] of strings.entries()) {
      const found = findings[`${index} plugin.go`];
      expect(found).toMatchObject({ error: '', formatted: true });
      expect(found?.literals).toEqual(expect.arrayContaining([text, before(index)]));
      expect(found?.literals.length).toBe(findings[`${backendOf(index)} plugin.go`]?.literals.length);
      expect(sources[`${index} actions.go`]).toBe(sources[`${backendOf(index)} actions.go`]);
    }
  }, 300_000);
});

/** Every kind once, and for each kind of change one project that can make it. */
const BUILT = [
  { permission: 'READ', backend: 'http', backendFamily: 'metrics', tested: false },
  { permission: 'MODIFY', backend: 'http', backendFamily: 'logs', tested: true },
  { permission: 'ADMIN', backend: 'http', backendFamily: 'other', tested: false },
  { permission: 'ADMIN', backend: 'grpc', backendFamily: 'traces-jaeger', tested: true },
  { permission: 'ADMIN', backend: 'none', backendFamily: 'traces-victoria', tested: true },
] as const;

suite(`a Go project on ${GO_SDK_NAME} (needs Go)`, () => {
  test.each(BUILT)(
    '$permission, $backend: builds, and go vet has nothing to say',
    async ({ tested, ...given }) => {
      const folder = makeFolder();
      writeGoProject(await planGo({ ...given, actions: OWN_ACTIONS }), folder);
      runGo(folder, 'vet', './...');
      runGo(folder, 'build', './...');
      if (tested) expect(runGo(folder, 'test', '-count=1', './...')).not.toContain('FAIL');
      // A module that is tidy stays as it is.
      const manifest = readFileSync(join(folder, 'go.mod'), 'utf8');
      runGo(folder, 'mod', 'tidy');
      expect(readFileSync(join(folder, 'go.mod'), 'utf8')).toBe(manifest);
    },
    600_000,
  );
});
