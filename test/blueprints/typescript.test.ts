import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AGENT_PERMISSIONS, BACKENDS } from '../../src/scaffold/choices.ts';
import { createPlan, type GivenAnswers } from '../../src/scaffold/index.ts';
import { textOf } from '../scaffold/project-text.ts';
import { answersWith, makeWorkspace } from '../scaffold/workspace.ts';

const BIOME = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const LONG = 'Finds what someone is looking for, and "more" of it. '.repeat(30).trim();
const longId = (letter: string) => letter.repeat(63);

/** What Biome says of the project that these answers give; empty when all is well. */
async function judge(given: GivenAnswers): Promise<string> {
  const folder = await makeWorkspace();
  for (const { path: name, content } of (await createPlan(answersWith(given))).files) {
    const place = path.join(folder, name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
  }
  const args = [BIOME, 'ci', '--error-on-warnings', '--colors=off', '--max-diagnostics=50', '.'];
  return promisify(execFile)(process.execPath, args, { cwd: folder }).then(
    () => '',
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}

describe.each(
  AGENT_PERMISSIONS.flatMap((permission) => BACKENDS.map((backend) => ({ permission, backend }))),
)('a project for $permission, $backend', (kind) => {
  it.each([
    ['defaults', {}],
    ['short', { name: 'ab', description: 'x', actions: ['up:x'], stages: 'plan' }],
    [
      'long',
      {
        name: longId('n'),
        description: LONG,
        stages: 'observe,operate,plan,code,build,test,release,deploy',
        actions: [
          'find_errors:Finds errors',
          ...['a', 'b', 'c'].map((letter) => `${longId(letter)}:${LONG}`),
        ],
        backendFamily: 'traces-jaeger',
      },
    ],
  ])('has the format and the style it asks for, with %s answers', async (_, given) => {
    expect(await judge({ ...given, ...kind })).toBe('');
  });
});

/** The names that a module's top level has. */
const topLevelNames = (code: string) => [
  ...[...code.matchAll(/^(?:export )?(?:async )?(?:function|const) (\w+)/gm)].map(([, name = '']) => name),
  ...[...code.matchAll(/^import (?:type )?\{([^}]+)\}/gms)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.replace('type ', '').trim()),
  ),
];

const toSnakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe('the function of an own action', () => {
  it('is called as its action is', async () => {
    const plan = await createPlan(answersWith({ actions: ['find_errors:x', 'top:y'] }));
    expect(textOf(plan, 'actions.ts')).toMatch(/export const findErrors: .*export const top: /s);
    expect(textOf(plan, 'plugin.ts')).toContain('return actions.findErrors(this.#client, request);');
  });

  it.each(BACKENDS)('never has the name of something else in the file, with backend %s', async (backend) => {
    const known = { backend, permission: 'ADMIN' };
    const before = topLevelNames(textOf(await createPlan(answersWith(known)), 'actions.ts'));
    const own = ['getItem', 'listItems', 'updateItem', 'deleteItem', 'summariseNumbers', 'listWindows'];
    const others = before.filter(
      (name = '') => /^[a-z]/.test(name) && ![...own, 'updateThreshold', 'deleteThreshold'].includes(name),
    );
    expect(others.length).toBeGreaterThan(5);
    for (const name of [...others, 'delete', 'read_cache_action', 'class']) {
      const actions = [...new Set([toSnakeCase(name ?? ''), 'read_cache', 'read_cache_action'])].map(
        (id) => `${id}:x`,
      );
      const names = topLevelNames(textOf(await createPlan(answersWith({ ...known, actions })), 'actions.ts'));
      expect(names).toEqual([...new Set(names)]);
      expect(names).not.toContain('delete');
    }
  });
});
