import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PromptTemplate } from '../contract/index.ts';
import { messageOf, UserError } from '../support/errors.ts';

/**
 * Loads every `*.tmpl` file of a directory as a prompt template: the file's name without the ending is
 * the template's name (guide, "Contributing Prompt Templates"). Sorted by name.
 * @param directory a path, or a file URL such as `new URL('./templates/', import.meta.url)`
 * @param descriptions what each template is for, by name; a missing one falls back to the name
 * @throws UserError (usage) when the directory cannot be read
 */
export function loadPromptTemplates(
  directory: string | URL,
  descriptions: Readonly<Record<string, string>> = {},
): PromptTemplate[] {
  const path = directory instanceof URL ? fileURLToPath(directory) : directory;
  try {
    return readdirSync(path)
      .filter((file) => file.endsWith('.tmpl'))
      .sort()
      .map((file) => {
        const { name } = parse(file);
        return {
          name,
          description: descriptions[name] ?? name,
          content: readFileSync(join(path, file), 'utf8'),
        };
      });
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'templates-unreadable',
      message: `The prompt templates in ${path} cannot be read: ${messageOf(error)}.`,
      hint: 'Ship the templates/ folder beside the program.',
      cause: error,
    });
  }
}
