import type { BlueprintFile } from './blueprint.ts';
import { ESCAPES } from './escape.ts';
import { type ApplyHelper, renderTemplate } from './template.ts';
import type { TemplateValues } from './values.ts';

/** Puts a value through the escape that a template names. */
export const applyEscape: ApplyHelper = (name, value) => {
  if (!Object.hasOwn(ESCAPES, name)) throw new Error(`no helper ${name}`);
  if (typeof value !== 'string') throw new Error(`helper ${name} needs a text`);
  return ESCAPES[name as keyof typeof ESCAPES](value);
};

/**
 * A blueprint file's content for these values. Values are never read as templates: a file is rendered once,
 * from parts that were parsed when we were built.
 */
export function renderFile(file: BlueprintFile, values: TemplateValues): string | Uint8Array {
  switch (file.type) {
    case 'text':
      return file.text;
    case 'binary':
      return Buffer.from(file.base64, 'base64');
    case 'template':
      return renderTemplate(file.parts, values, applyEscape);
    default:
      return file satisfies never;
  }
}
