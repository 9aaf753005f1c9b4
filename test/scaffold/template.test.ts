import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { AGENT_PERMISSIONS, BACKENDS, FAMILIES, LICENSES, MANAGERS_OF } from '../../src/scaffold/choices.ts';
import { ESCAPES } from '../../src/scaffold/escape.ts';
import type { GivenAnswers } from '../../src/scaffold/index.ts';
import { applyEscape } from '../../src/scaffold/render.ts';
import { renderTemplate, type TemplatePart } from '../../src/scaffold/template.ts';
import { type TemplateValues, toValues } from '../../src/scaffold/values.ts';
import { answersWith } from './workspace.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { parseTemplate } = (await import(path.join(root, 'scripts/build-blueprints.mjs'))) as {
  parseTemplate(source: string): readonly TemplatePart[];
};

/** What Handlebars itself makes of a template. */
function compileByHandlebars(source: string): (values: TemplateValues) => string {
  const handlebars = Handlebars.create();
  for (const [name, toSafe] of Object.entries(ESCAPES)) handlebars.registerHelper(name, toSafe);
  return handlebars.compile(source, { noEscape: true, strict: true });
}

const folder = path.join(root, 'blueprints');
const TEMPLATES = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.hbs'),
);

/** Every kind of answer that templates tell apart, in a language. */
function answerSets(language: 'typescript' | 'go' | 'python'): TemplateValues[] {
  const texts = [
    {},
    {
      description: 'a {{x}} & "b"\n  second <line> `\\` $& é',
      actions: ['find_errors:Finds {{{them}}}', 'class:y'],
      stages: 'observe,operate',
      org: 'Acme & Söhne',
    },
  ];
  const kinds = AGENT_PERMISSIONS.flatMap((permission) =>
    BACKENDS.map((backend) => ({ permission, backend })),
  );
  const more: GivenAnswers[] = [
    ...FAMILIES.map((backendFamily) => ({ backendFamily })),
    ...LICENSES.map(({ id }) => ({ license: id })),
    ...MANAGERS_OF[language].map((packageManager) => ({ packageManager })),
    ...(language === 'go' ? [{ goSdk: '/some where/sdk' }] : []),
  ];
  return [...kinds.flatMap((kind) => texts.map((text) => ({ ...kind, ...text }))), ...more].map((given) =>
    toValues(answersWith({ language, ...given })),
  );
}

describe.each(['typescript', 'go', 'python'] as const)('the templates of %s', (language) => {
  const names = TEMPLATES.filter((name) => [language, 'shared'].includes(name.split(path.sep)[0] ?? ''));
  const sets = answerSets(language);

  it('give, byte for byte, what Handlebars makes of them', () => {
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const source = readFileSync(path.join(folder, name), 'utf8');
      const expected = compileByHandlebars(source);
      const parts = parseTemplate(source);
      for (const values of sets)
        expect([name, renderTemplate(parts, values, applyEscape)]).toEqual([name, expected(values)]);
    }
  });
});

describe('a template', () => {
  it.each([
    ['{{#each list}}{{ident this}}{{#unless @last}}, {{/unless}}{{else}}none{{/each}}'],
    ['{{#each none}}x{{else}}none {{ident word}}{{/each}}'],
    [
      '{{#each items}}\n  {{#if @first}}\n  first {{ident name}}\n  {{else}}\n  {{ident ../word}}\n  {{/if}}\n{{/each}}\n',
    ],
    ['{{#if list}}a{{/if}}{{#if none}}b{{else if word}}c{{else}}d{{/if}}{{#unless empty}}e{{/unless}}'],
    ['  {{~#if yes~}}  x  {{~/if~}}  \n{{! a note }}\n\\{{not}} {{comment word}}\n'],
  ])('is rendered as by Handlebars: %j', (source) => {
    const values = {
      list: ['a', 'b'],
      none: [],
      items: [{ name: 'x' }, { name: 'y' }],
      word: 'w',
      empty: '',
      yes: true,
    };
    expect(renderTemplate(parseTemplate(source), values, applyEscape)).toBe(
      compileByHandlebars(source)(values),
    );
  });

  it.each([
    ['{{ident gone}}', 'no value gone'],
    ['{{#if gone}}{{/if}}', 'no value gone'],
    ['{{ident toString}}', 'no value toString'],
    ['{{#each items}}{{ident word}}{{/each}}', 'no value word'],
    ['{{ident yes}}', 'helper ident needs a text'],
    ['{{other word}}', 'no helper other'],
  ])('%j without a value or a helper is our own mistake', (source, fault) => {
    const values = { items: [{ name: 'x' }], word: 'w', yes: true };
    expect(() => renderTemplate(parseTemplate(source), values, applyEscape)).toThrow(fault);
  });
});
