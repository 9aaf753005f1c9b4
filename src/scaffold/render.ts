import type { Blueprint, BlueprintFile } from './blueprint.ts';
import { ESCAPES } from './escape.ts';
import type { TemplateValues } from './values.ts';

/** The part of Handlebars' runtime that is used; its own types describe the compiler. */
interface HandlebarsRuntime {
  create(): {
    registerHelper(name: string, helper: (value: unknown) => string): void;
    template(spec: unknown): (values: TemplateValues) => string;
  };
}

export type RenderFile = (file: BlueprintFile) => string | Uint8Array;

/** Loads what the build step made of blueprints/, only when a project is rendered and only what it needs. */
export async function loadGenerated(): Promise<{
  readonly packageVersion: string;
  readonly loadLicenseTexts: () => Promise<Readonly<Record<string, string>>>;
  /** By language and kind, as in `typescript/agent`. */
  readonly blueprintLoaders: Readonly<Record<string, () => Promise<Blueprint>>>;
}> {
  return import('./generated/blueprints.ts');
}

/**
 * A function that gives a blueprint file's content for these values. Values are never read as
 * templates: a file is rendered once, from code that was compiled when we were built.
 */
export async function createRenderer(values: TemplateValues): Promise<RenderFile> {
  const module = (await import('handlebars/runtime.js')) as unknown as { default: HandlebarsRuntime };
  const handlebars = module.default.create();
  for (const [name, toSafe] of Object.entries(ESCAPES)) {
    handlebars.registerHelper(name, (value) => {
      if (typeof value !== 'string') throw new Error(`helper ${name} needs a text`);
      return toSafe(value);
    });
  }
  return (file) => {
    switch (file.type) {
      case 'text':
        return file.text;
      case 'binary':
        return Buffer.from(file.base64, 'base64');
      case 'template':
        return handlebars.template(file.spec)(values);
      default:
        return file satisfies never;
    }
  };
}
