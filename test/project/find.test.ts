import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProject } from '../../src/project/index.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-test-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const AGENT = { 'package.json': '{"name":"@acme/my-agent"}', 'main.ts': '', 'plugin.ts': '' };

describe('findProject', () => {
  it('knows the layout of the guide, from any folder inside, through links', () => {
    put({ ...AGENT, 'deep/er/x': '' });
    symlinkSync(join(folder, 'deep'), join(folder, 'link'));
    for (const start of ['.', 'deep/er', 'link/er']) {
      const project = findProject(join(folder, start));
      expect(project).toMatchObject({ directory: folder, name: 'my-agent' });
      expect(project.language.id).toBe('typescript');
      expect(project.config.dev.watch).toEqual([]);
    }
  });

  it('knows it under src/ too', () => {
    put({ 'package.json': '{}', 'src/main.ts': '', 'src/plugin.ts': '' });
    expect(findProject(folder).name).toBe(folder.split('/').at(-1));
  });

  it.each(['mirastack.config.json', '.mirastack/blueprint.json'])('takes %s for the root', (name) => {
    put({ 'package.json': '{"name":"a"}', [name]: '{}', 'src/x': '' });
    expect(findProject(join(folder, 'src'))).toMatchObject({ directory: folder, name: 'a' });
  });

  it('stops at the nearest', () => {
    put({
      'mirastack.config.json': '{}',
      'package.json': '{"name":"outer"}',
      'agents/a/mirastack.config.json': '{}',
    });
    put({ 'agents/a/package.json': '{"name":"inner"}' });
    expect(findProject(join(folder, 'agents/a')).name).toBe('inner');
    expect(findProject(join(folder, 'agents')).name).toBe('outer');
  });

  it('is not misled by a folder of ours elsewhere, nor by any package', () => {
    put({ '.mirastack/dev/x': '', 'package/package.json': '{}', 'package/index.ts': '' });
    expect(() => findProject(join(folder, 'package'))).toThrow(
      `There is no agent project in ${folder}/package or in any folder above it.`,
    );
    expect(() => findProject(folder)).toThrow(expect.objectContaining({ kind: 'usage', code: 'no-project' }));
  });

  it('says what is wrong with a folder that is none, and with a root without a language', () => {
    put({ file: '', 'bare/mirastack.config.json': '{}' });
    expect(() => findProject(join(folder, 'absent'))).toThrow('absent is not a folder');
    expect(() => findProject(join(folder, 'file'))).toThrow('file is not a folder');
    expect(() => findProject(join(folder, 'bare'))).toThrow('but no manifest of a language we know');
  });

  it('names a manifest that is broken', () => {
    put({ ...AGENT, 'package.json': '{' });
    expect(() => findProject(folder)).toThrow(`${folder}/package.json cannot be read: `);
  });
});
