import { listTemplateVariables, parseTemplate } from '../gotemplate/index.ts';
import { templatePaths } from './rules/kit.ts';
import type { Note, RuleInput } from './types.ts';

/** What a reader should know and need not mend: what each prompt template takes from outside. */
export function collectNotes({ files }: RuleInput): readonly Note[] {
  return templatePaths(files).flatMap((path) => {
    const parsed = parseTemplate(path, files.get(path)?.text ?? '');
    if (!parsed.ok) return [];
    const { fields } = listTemplateVariables(parsed.template);
    const names = [
      ...new Set(fields.filter(({ base }) => base === 'root').map((use) => `.${use.path.join('.')}`)),
    ];
    if (names.length === 0) return [];
    return [{ message: `${path} uses ${names.join(', ')}`, place: { file: path, line: 1, column: 1 } }];
  });
}
