import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ESCAPES } from '../../src/scaffold/escape.ts';
import { makeWorkspace } from './workspace.ts';

const scripts = new URL('../../scripts/', import.meta.url);
const { buildBlueprints } = (await import(new URL('build-blueprints.mjs', scripts).href)) as {
  buildBlueprints(root: string): Promise<void>;
};
const { HELPER_NAMES, lintTemplate } = (await import(new URL('blueprint-rules.mjs', scripts).href)) as {
  HELPER_NAMES: string[];
  lintTemplate(path: string, source: string): { faults: string[]; variables: string[] };
};

/** A file's place in its blueprint: in `files/`, unless it names a part or the shared folder. */
const placeOf = (name: string) => {
  if (name.startsWith('shared/')) return path.join('../..', name);
  return name.startsWith('parts/') ? name : path.join('files', name);
};

/** A root with one blueprint of these files, the variables it lists, and more of its manifest. */
async function makeRoot(
  files: Record<string, string>,
  variables: string[],
  more: Record<string, unknown> = {},
): Promise<string> {
  const root = await makeWorkspace();
  const folder = path.join(root, 'blueprints/typescript/agent');
  const manifest = { language: 'typescript', kind: 'agent', title: 'x', parts: [], variables, ...more };
  const all = {
    [path.join(root, 'package.json')]: '{"version":"9.9.9"}',
    [path.join(folder, 'blueprint.json')]: JSON.stringify(manifest),
    ...Object.fromEntries(
      Object.entries(files).map(([name, text]) => [path.join(folder, placeOf(name)), text]),
    ),
  };
  for (const [place, text] of Object.entries(all)) {
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text);
  }
  return root;
}

describe('lintTemplate', () => {
  it.each([
    ['a.ts.hbs', 'const x = {{x}};', 'bare {{x}} is not allowed'],
    ['a.json.hbs', '{"x": "{{x}}"}', 'bare {{x}} is not allowed'],
    ['a.mjs.hbs', '`{{{x}}}`', '{{{x}}} is not allowed'],
    ['README.md.hbs', '{{x}}', 'bare {{x}} is not allowed'],
    ['a.go.hbs', '{{x}}', 'bare {{x}} is not allowed'],
    ['a.go.hbs', '{{py x}}', '{{py …}} does not fit this file'],
    ['a.py.hbs', '{{ts x}}', '{{ts …}} does not fit this file'],
    ['a.ts.hbs', '{{md x}}', '{{md …}} does not fit this file'],
    ['a.ts.hbs', '{{ts "text"}}', 'takes one variable'],
    ['a.ts.hbs', '{{ts x.y}}', 'takes one variable'],
    ['a.ts.hbs', '{{#if x}}{{y}}{{/if}}', 'bare {{y}} is not allowed'],
    ['a.ts.hbs', '{{#with x}}{{/with}}', 'block {{#with}} is not allowed'],
    ['a.ts.hbs', '{{#each x}}{{#each y}}{{/each}}{{/each}}', '{{#each}} inside of {{#each}} is not allowed'],
    ['a.ts.hbs', '{{#each x}}{{y}}{{/each}}', 'bare {{y}} is not allowed'],
    ['a.ts.hbs', '{{#each x}}{{ts ../../y}}{{/each}}', 'takes one variable'],
    ['a.ts.hbs', '{{#each x}}{{ts @index}}{{/each}}', 'takes one variable'],
    ['a.ts.hbs', '{{ts this}}', 'takes one variable'],
    ['a.ts.hbs', '{{#if @root}}{{/if}}', 'takes one variable'],
    ['Dockerfile.hbs', '{{sh x}}', '{{sh …}} does not fit this file'],
    ['a.unknown.hbs', '{{ident x}}', 'use one of: none'],
    ['a.ts.hbs', '{{> part}}', 'PartialStatement is not allowed'],
  ])('refuses %s with %s', (name, source, fault) => {
    expect(lintTemplate(name, source).faults.join('\n')).toContain(fault);
  });

  it('takes helpers that fit the file, and tells which variables are used', () => {
    const source = '{{#if z}}const {{ident x}} = {{ts y}}; // {{comment y}}{{/if}}';
    expect(lintTemplate('a.ts.hbs', source)).toEqual({ faults: [], variables: ['z', 'x', 'y'] });
  });

  it('takes lists, whose items have names of their own', () => {
    const source =
      '{{#each x}}{{ts y}}{{ident ../z}}{{#if w}}{{/if}}{{#unless @last}}, {{/unless}}{{/each}}{{#each v}}{{ts this}}{{/each}}';
    expect(lintTemplate('a.ts.hbs', source)).toEqual({ faults: [], variables: ['x', 'z', 'v'] });
  });

  it('knows only helpers that the scaffolder has', () => {
    expect(HELPER_NAMES).toEqual(Object.keys(ESCAPES).sort());
  });
});

const readGenerated = (root: string, file: string) =>
  readFile(path.join(root, 'src/scaffold/generated', file), 'utf8');

describe('buildBlueprints', () => {
  it('copies what is no template byte for byte, Go templates and GitHub expressions too', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that it is not one is the point
    const text = '{{ .Data }} ${{ secrets.X }} ${x} `\\`\n';
    const root = await makeRoot({ 'a.tmpl': text }, []);
    await buildBlueprints(root);
    expect(await readGenerated(root, 'typescript-agent.ts')).toContain(JSON.stringify(text));
    expect(await readGenerated(root, 'blueprints.ts')).toContain('"9.9.9"');
  });

  it('writes the same bytes again', async () => {
    const root = await makeRoot({ 'a.ts.hbs': '{{ts x}}', 'b.txt': 'b' }, ['x']);
    const read = () => readGenerated(root, 'typescript-agent.ts');
    await buildBlueprints(root);
    const first = await read();
    const folder = path.join(root, 'src/scaffold/generated');
    await writeFile(path.join(folder, 'typescript-agent.ts'), 'stale');
    await writeFile(path.join(folder, 'cobol-agent.ts'), 'of an earlier build');
    await buildBlueprints(root);
    expect(await read()).toBe(first);
    expect((await readdir(folder)).sort()).toEqual([
      'blueprints.ts',
      'license-agpl-3.0-only.ts',
      'license-apache-2.0.ts',
      'license-mit.ts',
      'typescript-agent.ts',
    ]);
  });

  it('gives files the conditions of their part and their own', async () => {
    const files = { 'a.txt': '', 'parts/x/b.txt': '', 'shared/y/c.txt': '' };
    const root = await makeRoot(files, [], {
      parts: [{ path: 'parts/x', when: ['canModify', '!hasBackend'] }, 'shared/y'],
      files: { 'b.txt': { when: 'hasActions' } },
    });
    await buildBlueprints(root);
    const code = await readGenerated(root, 'typescript-agent.ts');
    expect(code).toContain('path: "a.txt", mode: 0o644, text');
    expect(code).toContain(
      'path: "b.txt", mode: 0o644, when: [["canModify","!hasBackend"],"hasActions"], text',
    );
    expect(code).toContain('path: "c.txt", mode: 0o644, text');
  });

  it.each([
    [{ 'a.ts': '', 'parts/x/a.ts': '' }, { parts: ['files', 'parts/x'] }, 'only in case or ending'],
    [{ 'a.ts': '' }, { files: { 'b.ts': { when: 'x' } } }, 'files names b.ts, which is not there'],
    [{ 'a.ts': '' }, { files: { 'a.ts': { when: 'x y' } } }, '"x y" is no condition'],
  ])('refuses %j with %j', async (files, more, fault) => {
    await expect(buildBlueprints(await makeRoot(files, [], more))).rejects.toThrow(fault);
  });

  it.each([
    [{ 'a.ts.hbs': '{{x}}' }, ['x'], 'bare {{x}}'],
    [{ 'a.ts.hbs': '{{ts x}}' }, [], 'variable x is used but not listed'],
    [{ 'a.ts': '' }, ['x'], 'variable x is listed but not used'],
    [{ 'a.ts': '', 'A.ts': '' }, [], 'only in case'],
    [{ 'con.ts': '' }, [], 'Windows has no such file name'],
    [{ 'a.ts': 'x\r\n' }, [], 'CRLF'],
    [{ 'é.ts': '' }, [], 'ASCII'],
  ])('refuses %j', async (files, variables, fault) => {
    const root = await makeRoot(files, variables);
    await expect(buildBlueprints(root)).rejects.toThrow(fault);
  });
});
