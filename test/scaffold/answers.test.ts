import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  completeAnswers,
  isLooserThanSdk,
  likelyPackageManagers,
  resolveGoSdk,
  resolveToolkit,
} from '../../src/scaffold/index.ts';
import { UserError } from '../../src/support/errors.ts';
import { answersWith, CONTEXT, makeWorkspace } from './workspace.ts';

function refusal(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('was not refused with a UserError');
}

describe('completeAnswers', () => {
  it('fills in the defaults', () => {
    expect(answersWith()).toEqual({
      language: 'typescript',
      name: 'my_agent',
      permission: 'READ',
      backend: 'http',
      backendFamily: 'other',
      description: 'Looks up and lists the items of the my_agent backend',
      stages: ['observe'],
      actions: [],
      license: 'AGPL-3.0-only',
      org: 'The mirastack-plugin-my-agent authors',
      year: '2026',
      module: '',
      goSdk: '',
      toolkit: '^1.2.3',
      packageManager: 'npm',
    });
  });

  it('gives the same text whatever the order of the flags', () => {
    const one = answersWith({ name: 'logs', description: 'Reads logs' });
    const other = answersWith({ description: 'Reads logs', name: 'logs' });
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it('takes its own answers back', () => {
    const given = { language: 'go', actions: ['find_errors:Finds errors'], stages: ['observe', 'plan'] };
    const answers = answersWith({ ...given, org: 'acme', permission: 'modify', license: 'mit' });
    expect(completeAnswers({ ...CONTEXT, year: 1999, directory: '/elsewhere', given: answers })).toEqual(
      answers,
    );
  });

  it.each([
    [{ permission: 'modify' }, { permission: 'MODIFY' }],
    [{ license: 'Proprietary' }, { license: 'LicenseRef-Proprietary' }],
    [{ license: 'apache-2.0' }, { license: 'Apache-2.0' }],
    [{ stages: ['observe', 'plan', 'plan'] }, { stages: ['plan', 'observe'] }],
    [{ stages: 'deploy, observe' }, { stages: ['deploy', 'observe'] }],
    [{ year: 2031 }, { year: '2031' }],
    [{ backend: 'none' }, { description: 'Summarises numbers and cuts stretches of time into windows' }],
    [
      { actions: ['find_errors: Finds: all', { id: 'top', description: '"quoted"' }] },
      {
        actions: [
          { id: 'find_errors', description: 'Finds: all' },
          { id: 'top', description: '"quoted"' },
        ],
      },
    ],
    [{ language: 'go' }, { module: 'mirastack-plugin-my-agent', packageManager: 'go' }],
    [{ language: 'go', org: 'acme' }, { module: 'github.com/acme/mirastack-plugin-my-agent' }],
    [{ language: 'go', org: 'Acme GmbH' }, { module: 'mirastack-plugin-my-agent' }],
    [{ language: 'python' }, { packageManager: 'pip', module: '' }],
    [{ language: 'python', packageManager: 'uv' }, { packageManager: 'uv' }],
  ])('reads %j', (given, expected) => {
    expect(answersWith(given)).toMatchObject(expected);
  });

  it.each([
    [{ language: 'cobol' }, '"cobol" is no language, use typescript, go or python.'],
    [{ description: ' \n ' }, 'The description must not be empty.'],
    [{ description: 'x'.repeat(2001) }, 'The description is 2001 characters long, at most 2000 are allowed.'],
    [{ description: 'half \ud800' }, 'The description holds half a character (a lone surrogate).'],
    [{ description: 7 }, 'The description must be a text, not 7.'],
    [{ name: 7 }, 'The agent name must be a text, not 7.'],
    [{ permission: 'WRITE' }, '"WRITE" is no permission, use read, modify or admin.'],
    [{ permission: ['read'] }, '["read"] is no permission, use read, modify or admin.'],
    [{ backend: 'soap' }, '"soap" is no backend, use http, grpc or none.'],
    [{ stages: [] }, 'The stages must be a list of at least one, not [].'],
    [{ license: 'gpl' }, /^"gpl" is no licence, use agpl-3\.0, proprietary, apache-2\.0 or mit\.$/],
    [{ org: 'a\nb' }, 'The copyright holder must be one line without control characters.'],
    [{ org: 'x'.repeat(201) }, 'The copyright holder is 201 characters long, at most 200 are allowed.'],
    [{ year: '26' }, '"26" is no year, use four digits.'],
    [{ module: 'github.com/x/y' }, 'A module path is for Go projects only.'],
    [{ goSdk: '/sdk' }, 'A checkout of the Go SDK is for Go projects only.'],
    [{ packageManager: 'uv' }, 'uv does not install typescript projects, use npm or pnpm or yarn or bun.'],
    [{ language: 'go', module: '../x' }, /^"..\/x" is no Go module path: /],
    [{ language: 'go', module: 'a/con/b' }, /is no Go module path/],
    [{ toolkit: '--registry=x' }, '"--registry=x" is no package version, range, address or tarball.'],
    [{ toolkit: './a\n```.tgz' }, 'The source of the toolkit must be one line without control characters.'],
    [{ actions: ['find_errors'] }, '"find_errors" is no action, use id:"description".'],
    [{ actions: ['Find:x'] }, /^"Find" is no action id: use 2 to 63 lower-case letters/],
    [
      { actions: ['get_item:x'] },
      'The id get_item is reserved for an action of the blueprint, choose another.',
    ],
    [{ actions: ['a_b:x', 'a__b:y'] }, 'The actions a_b and a__b are too much alike.'],
    [{ actions: ['a_b: '] }, 'The description of the action a_b must not be empty.'],
    [
      { actions: Array.from({ length: 21 }, (_, n) => `a${n}:x`) },
      'There are 21 actions, at most 20 are allowed.',
    ],
    [{ actions: 'a' }, 'The actions must be a list, not "a".'],
  ])('refuses %j', (given, message) => {
    expect(refusal(() => answersWith(given))).toMatchObject({
      kind: 'usage',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('names the flag when the folder gives no name', () => {
    const context = { ...CONTEXT, directory: '/somewhere/class', given: {} };
    expect(refusal(() => completeAnswers(context)).message).toMatch(/^--name is needed/);
  });
});

describe('resolveToolkit', () => {
  it('makes the path of a tarball absolute', async () => {
    const workspace = await makeWorkspace();
    const tarball = path.join(workspace, 'toolkit-1.tgz');
    await writeFile(tarball, '');
    for (const spec of ['toolkit-1.tgz', './toolkit-1.tgz', 'file:toolkit-1.tgz', tarball])
      expect(resolveToolkit(spec, workspace)).toBe(`file:${tarball}`);
  });

  it.each(['1.2.3', '^1.0.0', 'next', 'https://example.invalid/x.tgz'])('leaves %s alone', (spec) => {
    expect(resolveToolkit(spec, '/somewhere')).toBe(spec);
  });

  it('refuses a tarball that is not there', () => {
    expect(refusal(() => resolveToolkit('./gone.tgz', '/somewhere')).message).toContain(
      '/somewhere/gone.tgz',
    );
  });
});

describe('resolveGoSdk', () => {
  it('makes the path of a module absolute and refuses what is none', async () => {
    const workspace = await makeWorkspace();
    expect(refusal(() => resolveGoSdk('.', workspace))).toMatchObject({ code: 'go-sdk-not-found' });
    await writeFile(path.join(workspace, 'go.mod'), 'module x\n');
    expect(resolveGoSdk('.', workspace)).toBe(workspace);
    expect(resolveGoSdk('', workspace)).toBe('');
  });
});

describe('likelyPackageManagers', () => {
  it.each([
    ['pnpm/9.0.0 npm/? node/v20.0.0', false, ['pnpm']],
    ['npm/10.0.0 node/v20.0.0', true, ['npm', 'uv']],
    ['cargo/1', false, []],
    [undefined, true, ['uv']],
  ])('takes %j, with uv %s, for %j', (userAgent, hasUv, expected) => {
    expect(likelyPackageManagers(userAgent, (program) => hasUv && program === 'uv')).toEqual(expected);
  });
});

describe('isLooserThanSdk', () => {
  it.each([
    ['go', 'MIT', true],
    ['python', 'Apache-2.0', true],
    ['typescript', 'MIT', false],
    ['go', 'AGPL-3.0-only', false],
    ['go', 'LicenseRef-Proprietary', false],
  ] as const)('of a %s project under %s is %s', (language, license, expected) => {
    expect(isLooserThanSdk({ language, license })).toBe(expected);
  });
});
