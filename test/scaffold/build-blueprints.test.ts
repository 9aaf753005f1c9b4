import { mkdir, readFile, writeFile } from 'node:fs/promises';
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

/** A root with one blueprint of these files, and the variables it lists. */
async function makeRoot(files: Record<string, string>, variables: string[]): Promise<string> {
  const root = await makeWorkspace();
  const folder = path.join(root, 'blueprints/typescript/agent');
  const manifest = { language: 'typescript', kind: 'agent', title: 'x', parts: [], variables };
  const all = {
    [path.join(root, 'package.json')]: '{"version":"9.9.9"}',
    [path.join(folder, 'blueprint.json')]: JSON.stringify(manifest),
    ...Object.fromEntries(
      Object.entries(files).map(([name, text]) => [path.join(folder, 'files', name), text]),
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
    ['a.py.hbs', '{{ts x}}', '{{ts …}} does not fit this file'],
    ['a.ts.hbs', '{{md x}}', '{{md …}} does not fit this file'],
    ['a.ts.hbs', '{{ts "text"}}', 'takes one variable'],
    ['a.ts.hbs', '{{ts x.y}}', 'takes one variable'],
    ['a.ts.hbs', '{{#if x}}{{y}}{{/if}}', 'bare {{y}} is not allowed'],
    ['a.ts.hbs', '{{#each x}}{{/each}}', 'block {{#each}} is not allowed'],
    ['a.ts.hbs', '{{> part}}', 'PartialStatement is not allowed'],
  ])('refuses %s with %s', (name, source, fault) => {
    expect(lintTemplate(name, source).faults.join('\n')).toContain(fault);
  });

  it('takes helpers that fit the file, and tells which variables are used', () => {
    const source = '{{#if z}}const {{ident x}} = {{ts y}}; // {{comment y}}{{/if}}';
    expect(lintTemplate('a.ts.hbs', source)).toEqual({ faults: [], variables: ['z', 'x', 'y'] });
  });

  it('knows only helpers that the scaffolder has', () => {
    expect(HELPER_NAMES).toEqual(Object.keys(ESCAPES).sort());
  });
});

describe('buildBlueprints', () => {
  it('copies what is no template byte for byte, Go templates and GitHub expressions too', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that it is not one is the point
    const text = '{{ .Data }} ${{ secrets.X }} ${x} `\\`\n';
    const root = await makeRoot({ 'a.tmpl': text }, []);
    await buildBlueprints(root);
    const code = await readFile(path.join(root, 'src/scaffold/generated/blueprints.ts'), 'utf8');
    expect(code).toContain(JSON.stringify(text));
    expect(code).toContain('"9.9.9"');
  });

  it('writes the same bytes again', async () => {
    const root = await makeRoot({ 'a.ts.hbs': '{{ts x}}', 'b.txt': 'b' }, ['x']);
    const read = () => readFile(path.join(root, 'src/scaffold/generated/blueprints.ts'), 'utf8');
    await buildBlueprints(root);
    const first = await read();
    await writeFile(path.join(root, 'src/scaffold/generated/blueprints.ts'), 'stale');
    await buildBlueprints(root);
    expect(await read()).toBe(first);
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
