import { parseAst } from 'rolldown/parseAst';
import { describe, expect, it } from 'vitest';
import { createPlan, type Plan } from '../../src/scaffold/index.ts';
import { answersWith } from './workspace.ts';

const HOSTILE = [
  'plain words',
  `it's "quoted" and \`ticked\``,
  'back\\slash \\\' \\" \\n \\u0041 \\',
  'a {{x}} {{{y}}} {{#if z}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that it is not one is the point
  '${process.exit(1)} $& $1 $$',
  'ends */ the comment // <!-- -->',
  'one\ntwo\r\nthree\ttab',
  '\u2028line\u2029separators\u0085',
  '\0nul \x1b[31mescape \x7f',
  'right \u202eto left\u2066 zero\u200bwidth \ufeff',
  'lone \ud800 surrogate and \udfff another',
  '👩‍👩‍👧 ｆｕｌｌ 中文 ñ',
  '__proto__',
  '</script><img src=x onerror=alert(1)>',
  '# heading | cell | [link](x) *strong* _em_ &amp; ~~no~~ 1. list',
  '{"json": [1, 2]}',
];

function textOf(plan: Plan, path: string): string {
  const content = plan.files.find((file) => file.path === path)?.content;
  if (typeof content !== 'string') throw new Error(`no text ${path}`);
  return content;
}

/** Every string that stands in the code, as the parser reads it. */
function literalsOf(code: string): string[] {
  const found: string[] = [];
  JSON.stringify(parseAst(code, { lang: 'ts' }), (key, value: unknown) => {
    if (key === 'value' && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

describe('createPlan', () => {
  it('has the documented layout', async () => {
    const plan = await createPlan(answersWith());
    expect(plan.projectName).toBe('mirastack-plugin-my-agent');
    expect(plan.files.map((file) => file.path)).toEqual([
      '.gitignore',
      '.mirastack/.gitignore',
      '.mirastack/blueprint.json',
      '.npmrc',
      'LICENSE',
      'README.md',
      'actions.ts',
      'client.ts',
      'dev/backend.mjs',
      'main.ts',
      'mirastack.config.json',
      'package.json',
      'plugin.ts',
      'rolldown.config.js',
      'rolldown.test.config.js',
      'templates/my_agent_guide.tmpl',
      'test/agent.test.ts',
      'tsconfig.json',
    ]);
  });

  it('is the same bytes for the same answers', async () => {
    const given = { name: 'logs', description: HOSTILE.join(' ') };
    expect(await createPlan(answersWith(given))).toEqual(await createPlan(answersWith(given)));
  });

  it('records what the project was made from', async () => {
    const answers = answersWith({ toolkit: 'file:/tmp/toolkit.tgz' });
    const plan = await createPlan(answers);
    expect(JSON.parse(textOf(plan, '.mirastack/blueprint.json'))).toMatchObject({
      blueprint: 'typescript/agent',
      answers,
    });
    expect(JSON.parse(textOf(plan, 'package.json'))).toMatchObject({
      name: 'mirastack-plugin-my-agent',
      license: 'AGPL-3.0-only',
      dependencies: { 'create-mirastack-agent': 'file:/tmp/toolkit.tgz' },
    });
  });

  it('names the backend by the variable of the agent', async () => {
    const plan = await createPlan(answersWith({ name: 'logs_v2' }));
    expect(JSON.parse(textOf(plan, 'mirastack.config.json'))).toEqual({
      dev: {
        backend: {
          command: ['node', 'dev/backend.mjs', '--port', '{port}'],
          env: { LOGS_V2_BACKEND_URL: 'http://127.0.0.1:{port}' },
        },
      },
      backendVariables: ['LOGS_V2_BACKEND_URL'],
    });
    expect(textOf(plan, 'main.ts')).toContain('LogsV2Plugin');
  });

  it('keeps prompt templates under the size the platform asks for', async () => {
    const plan = await createPlan(answersWith());
    expect(Buffer.byteLength(textOf(plan, 'templates/my_agent_guide.tmpl'))).toBeLessThan(2048);
  });

  it.each(HOSTILE)('takes the description %j as data', async (description) => {
    const plan = await createPlan(answersWith({ description }));
    const plain = await createPlan(answersWith({ description: 'plain' }));
    const code = textOf(plan, 'plugin.ts');
    expect(literalsOf(code)).toContain(description);
    // Not a literal more, not a line more: nothing of it became code.
    expect(literalsOf(code)).toHaveLength(literalsOf(textOf(plain, 'plugin.ts')).length);
    expect(code.split(/[\n\r\u2028\u2029]/)).toHaveLength(textOf(plain, 'plugin.ts').split('\n').length);
    const manifest: unknown = JSON.parse(textOf(plan, 'package.json'));
    expect(manifest).toMatchObject({ description });
    expect(textOf(plan, 'README.md').split('\n')).toHaveLength(textOf(plain, 'README.md').split('\n').length);
    // The licence, the client, the tests: what does not name the description does not change with it.
    const named = ['plugin.ts', 'package.json', 'README.md', '.mirastack/blueprint.json'];
    for (const { path } of plan.files)
      if (!named.includes(path)) expect(textOf(plan, path)).toBe(textOf(plain, path));
  });

  it('shows no deceptive character in code', async () => {
    const plan = await createPlan(answersWith({ description: HOSTILE.join(' ') }));
    for (const path of ['plugin.ts', 'package.json', 'README.md'])
      expect(textOf(plan, path)).not.toMatch(/(?!\n)\p{Cc}|[\u200b\u202a-\u202e\u2066-\u2069]/u);
  });
});
