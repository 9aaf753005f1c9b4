import type { TemplateValue, TemplateValues } from './values.ts';

/** Where a value is found: by its name, in the list's item or, one `up`, around the list. */
interface Place {
  /** `this` is the item itself; `@first` and `@last` tell where in the list it stands. */
  readonly name: string;
  readonly up?: 1;
}

/** A piece of a template, as the build step writes it (scripts/build-blueprints.mjs). */
export type TemplatePart =
  | string
  | (Place & { readonly type: 'value'; readonly helper: string })
  | (Place & {
      readonly type: 'if' | 'unless' | 'each';
      readonly body: readonly TemplatePart[];
      readonly otherwise?: readonly TemplatePart[];
    });

/** Turns a value into what may stand in the file, by the helper's name. */
export type ApplyHelper = (helper: string, value: unknown) => string;

/** What names mean at one place of a template. */
interface Scope {
  readonly values: Readonly<Record<string, unknown>>;
  readonly item?: unknown;
  readonly around?: Scope;
}

function find({ name, up }: Place, scope: Scope): unknown {
  const { values, item } = (up === undefined ? scope : scope.around) ?? scope;
  if (name === 'this') return item;
  if (!Object.hasOwn(values, name)) throw new Error(`no value ${name} for the template`);
  return values[name];
}

const holds = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function renderParts(parts: readonly TemplatePart[], scope: Scope, apply: ApplyHelper): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = find(part, scope);
    switch (part.type) {
      case 'value':
        text += apply(part.helper, value);
        break;
      case 'if':
      case 'unless':
        text += renderParts(
          (holds(value) === (part.type === 'if') ? part.body : part.otherwise) ?? [],
          scope,
          apply,
        );
        break;
      case 'each': {
        const items = value as Extract<TemplateValue, readonly unknown[]>;
        if (items.length === 0) text += renderParts(part.otherwise ?? [], scope, apply);
        for (const [index, item] of items.entries()) {
          const place = { '@first': index === 0, '@last': index === items.length - 1 };
          const values = typeof item === 'string' ? place : { ...item, ...place };
          text += renderParts(part.body, { values, item, around: scope }, apply);
        }
        break;
      }
      default:
        part satisfies never;
    }
  }
  return text;
}

/** The text that a template gives for these values. A name without a value is our own mistake. */
export function renderTemplate(
  parts: readonly TemplatePart[],
  values: TemplateValues,
  apply: ApplyHelper,
): string {
  return renderParts(parts, { values }, apply);
}
