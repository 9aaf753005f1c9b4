import { expect, test } from 'vitest';
import { listTemplateVariables, parseTemplate, type TemplateUses } from '../../src/gotemplate/index.ts';

function usesOf(text: string): TemplateUses {
  const parsed = parseTemplate('t', text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return listTemplateVariables(parsed.template);
}

const fieldsOf = (text: string): string[] =>
  usesOf(text).fields.map(({ path, base, variable, definition }) =>
    [definition, variable ?? base, path.join('.')].join(' '),
  );

test('fields of the data, wherever dot stands', () => {
  expect(
    fieldsOf(
      '{{.a.b}}{{$.c}}{{if .d}}{{.e}}{{end}}{{range .items}}{{.name}}{{$.f}}{{else}}{{.g}}{{end}}{{with .h}}{{.i}}{{end}}',
    ),
  ).toEqual([
    ...[
      't root a.b',
      't root c',
      't root d',
      't root e',
      't root items',
      't dot name',
      't root f',
      't root g',
    ],
    ...['t root h', 't dot i'],
  ]);
});

test('fields of variables and of pipelines', () => {
  expect(fieldsOf('{{range $k, $v := .m}}{{$v.name.first}}{{end}}{{(index .l 0).x}}')).toEqual([
    ...['t root m', 't $v name.first', 't root l', 't value x'],
  ]);
});

test('fields of definitions, each under its name', () => {
  expect(fieldsOf('{{define "d"}}{{.x}}{{end}}{{block "b" .y}}{{.z}}{{end}}')).toEqual([
    'd root x',
    'b root z',
    't root y',
  ]);
});

test('variables, functions and templates with their places', () => {
  const { variables, functions, templates } = usesOf('é\n{{$x := len .l}}{{template "d" $x.y}}');
  expect(variables).toEqual([
    { name: '$x', definition: 't', line: 2, column: 3, offset: 5 },
    { name: '$x', definition: 't', line: 2, column: 32, offset: 34 },
  ]);
  expect(functions).toEqual([{ name: 'len', definition: 't', line: 2, column: 9, offset: 11 }]);
  expect(templates).toEqual([{ name: 'd', definition: 't', line: 2, column: 28, offset: 30 }]);
});
