import { parseTemplate } from '../../gotemplate/index.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notApplicable, templatePaths } from './kit.ts';

export const templateSyntax: Rule = {
  id: 'template-syntax',
  title: 'Prompt templates parse as Go text/template',
  group: 'templates',
  severity: 'error',
  why: 'The engine parses every template when the agent registers, and leaves out what it cannot parse.',
  mend: 'Mend the template at the place; braces that are meant as text are written {{"{{"}}.',
  languages: ALL,
  examples: { any: { bad: '{{if .Services}}…', good: '{{if .Services}}…{{end}}' } },
  check({ files }) {
    const paths = templatePaths(files);
    if (paths.length === 0) return notApplicable('the project has no templates');
    return checked(
      paths.flatMap((path) => {
        const result = parseTemplate(path, files.get(path)?.text ?? '');
        if (result.ok) return [];
        const { message, line, column } = result.error;
        return [{ message, place: { file: path, line, column } }];
      }),
      paths.join(', '),
    );
  },
};
