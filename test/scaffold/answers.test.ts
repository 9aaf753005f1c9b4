import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeAnswers, resolveToolkit } from '../../src/scaffold/index.ts';
import { UserError } from '../../src/support/errors.ts';
import { answersWith, makeWorkspace } from './workspace.ts';

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
      name: 'my_agent',
      description: 'Looks up and lists the items of the my_agent backend',
      language: 'typescript',
      permission: 'READ',
      backend: 'http',
      license: 'AGPL-3.0-only',
      toolkit: '1.2.3',
    });
  });

  it('gives the same text whatever the order of the flags', () => {
    const one = answersWith({ name: 'logs', description: 'Reads logs' });
    const other = answersWith({ description: 'Reads logs', name: 'logs' });
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it.each([
    [{ language: 'go' }, 'Language go is not available yet, use typescript.'],
    [{ language: 'python' }, 'Language python is not available yet, use typescript.'],
    [{ language: 'cobol' }, '"cobol" is not a language, use typescript.'],
    [{ description: ' \n ' }, 'The description must not be empty.'],
    [{ description: 'x'.repeat(2001) }, 'The description is 2001 characters long, at most 2000 are allowed.'],
    [{ permission: 'ADMIN' }, 'Permission "ADMIN" is not available yet, use READ.'],
    [{ toolkit: '--registry=x' }, '"--registry=x" is no package version, range, address or tarball.'],
  ])('refuses %j', (given, message) => {
    expect(refusal(() => answersWith(given))).toMatchObject({ kind: 'usage', message });
  });

  it('names the flag when the folder gives no name', () => {
    const context = { directory: '/somewhere/class', packageVersion: '1.2.3', given: {} };
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
