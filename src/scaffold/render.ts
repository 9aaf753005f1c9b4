import type { Blueprint, BlueprintFile } from './blueprint.ts';
import { ESCAPES } from './escape.ts';

/** The part of Handlebars' runtime that is used; its own types describe the compiler. */
interface HandlebarsRuntime {
  create(): {
    registerHelper(name: string, helper: (value: unknown) => string): void;
    template(spec: unknown): (values: Readonly<Record<string, string>>) => string;
  };
}

export type RenderFile = (file: BlueprintFile) => string | Uint8Array;

/** Loads what rendering needs, only when a project is rendered: neither is in a program's start path. */
export async function loadBlueprints(): Promise<{
  readonly blueprints: readonly Blueprint[];
  readonly licenseTexts: Readonly<Record<string, string>>;
  readonly packageVersion: string;
}> {
  return import('./generated/blueprints.ts');
}

/**
 * A function that gives a blueprint file's content for these values. Values are never read as
 * templates: a file is rendered once, from code that was compiled when we were built.
 */
export async function createRenderer(values: Readonly<Record<string, string>>): Promise<RenderFile> {
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
