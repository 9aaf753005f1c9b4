import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlan, type GivenAnswers, readAnswersFile } from '../../src/scaffold/index.ts';
import { answersWith, makeWorkspace } from './workspace.ts';

async function read(text: string | Uint8Array): Promise<GivenAnswers> {
  const file = path.join(await makeWorkspace(), 'answers');
  await writeFile(file, text);
  return readAnswersFile(file);
}

/** Nine levels of ten references each: a billion leaves from a file of a few hundred bytes. */
const BILLION_LAUGHS = [
  'a0: &a0 x',
  ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]`),
  'name: *a9',
].join('\n');

describe('readAnswersFile', () => {
  it('reads JSON and YAML alike', async () => {
    const expected = {
      name: 'logs',
      stages: ['plan'],
      actions: [{ id: 'top', description: 'x' }],
      year: 2026,
    };
    expect({ ...(await read(JSON.stringify(expected))) }).toEqual(expected);
    const yaml =
      'name: logs\nstages: [plan]\nactions:\n  - id: top\n    description: x\nyear: 2026\norg: null\n';
    expect({ ...(await read(yaml)) }).toEqual(expected);
  });

  it('reads what a project was made from, and makes the same project of it', async () => {
    const answers = answersWith({ name: 'logs', actions: ['top:Top "errors"'], year: 2001 });
    const plan = await createPlan(answers);
    const origin = plan.files.find((file) => file.path === '.mirastack/blueprint.json')?.content ?? '';
    expect(await createPlan(answersWith(await read(origin)))).toEqual(plan);
  });

  it.each([
    ['a list', '[1]', 'are no mapping of names to values'],
    ['a text', 'name', 'are no mapping of names to values'],
    ['nothing', '', 'are no mapping of names to values'],
    ['neither JSON nor YAML', '{"name": ', 'is neither JSON nor YAML'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00), 'is neither JSON nor YAML'],
    ['a key twice', 'name: a\nname: b', 'is neither JSON nor YAML'],
    ['an unknown key', '{"nmae": "x"}', 'hold "nmae", which is no answer'],
    ['__proto__', '{"__proto__": {"polluted": true}}', 'hold "__proto__", which is no answer'],
    ['constructor', '{"constructor": {"prototype": {"polluted": true}}}', 'hold "constructor"'],
    ['too much', `name: ${'x'.repeat(256 * 1024)}`, 'is larger than 256 KiB'],
    ['a billion laughs', BILLION_LAUGHS, 'is neither JSON nor YAML'],
  ])('refuses %s', async (_, text, message) => {
    const error: unknown = await read(text).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'usage' });
    expect((error as Error).message).toContain(message);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('lets no nested prototype through', async () => {
    const given = await read('{"actions": [{"__proto__": {"id": "top", "description": "x"}}]}');
    expect(() => answersWith(given)).toThrow(/is no action/);
    expect(Object.getPrototypeOf(given)).toBe(null);
  });

  it('says what cannot be read', async () => {
    const workspace = await makeWorkspace();
    await mkdir(path.join(workspace, 'folder'));
    for (const name of ['gone', 'folder'])
      await expect(readAnswersFile(path.join(workspace, name))).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringContaining('cannot be read'),
      });
  });
});
