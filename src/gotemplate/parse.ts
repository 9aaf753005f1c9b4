import { Lexer } from './lexer.ts';
import type { Definition, Template } from './nodes.ts';
import { BUILTIN_FUNCTIONS } from './pipeline-parser.ts';
import { PlaceFinder } from './place.ts';
import { wellFormed } from './text-bytes.ts';
import { ParseFailure } from './token-reader.ts';
import { TreeParser } from './tree-parser.ts';

export interface ParseOptions {
  /** Names of functions that the template may call beside the predefined ones. */
  readonly functions?: readonly string[];
}

/** Why a template is refused. */
export interface TemplateError {
  /** As Go writes it, `template: NAME:LINE: …`. Go names the line of the last token it read. */
  readonly message: string;
  /** The line of the fault, from 1. It may lie before the one in the message. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
  /** From 0, in bytes of UTF-8. */
  readonly offset: number;
}

export type ParseResult =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly error: TemplateError };

/**
 * Parses a template as Go's `template.New(name).Parse(text)` does: the same verdict, and the same message for the first
 * fault. Nesting is limited (`MAX_DEPTH`), where Go's is not.
 * @param text a lone surrogate in it is read as U+FFFD
 */
export function parseTemplate(name: string, text: string, options: ParseOptions = {}): ParseResult {
  const source = wellFormed(text);
  const templateName = wellFormed(name);
  const places = new PlaceFinder(source);
  const definitions = new Map<string, Definition>();
  try {
    new TreeParser(
      {
        lexer: new Lexer(source),
        templateName,
        functions: new Set([...BUILTIN_FUNCTIONS, ...(options.functions ?? [])]),
        definitions,
        lineOf: (at) => places.lineOf(at),
      },
      0,
    ).parseAll();
    return { ok: true, template: { name: templateName, text: source, definitions } };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    const message = `template: ${templateName}:${places.lineOf(error.lastRead)}: ${error.message}`;
    return { ok: false, error: { message, ...places.placeOf(error.at) } };
  }
}
