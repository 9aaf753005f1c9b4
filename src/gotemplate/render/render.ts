import type { Template } from '../nodes.ts';
import { type Place, PlaceFinder } from '../place.ts';
import { quote } from '../quote.ts';
import { wellFormed } from '../text-bytes.ts';
import { printTree } from '../tree-text.ts';
import { Evaluator } from './evaluator.ts';
import { RenderFailure, type RenderFailureKind } from './failure.ts';
import { Meter } from './meter.ts';
import { DataFailure, fromJson } from './value.ts';

export interface RenderError extends Place {
  readonly kind: RenderFailureKind;
  /** As Go writes it, `template: NAME:LINE:COL: executing "NAME" at <.x>: …`; COL counts bytes from 0. */
  readonly message: string;
}

export type RenderResult =
  | { readonly ok: true; readonly text: string }
  /** `text` is what was written before. */
  | { readonly ok: false; readonly text: string; readonly error: RenderError };

/**
 * Renders a template as Go's `Execute` does with data that came from JSON: the preview of a prompt. Numbers of the data are
 * float64, as encoding/json makes them. Work and output are bounded.
 * @param data as `JSON.parse` gives it
 */
export function renderTemplate(template: Template, data: unknown): RenderResult {
  const evaluator = new Evaluator(template, new Meter());
  try {
    evaluator.run(fromJson(data, false));
    return { ok: true, text: evaluator.output };
  } catch (error) {
    if (error instanceof DataFailure) return failed(template, evaluator, 'unsupported', error.message);
    if (error instanceof RenderFailure) return failed(template, evaluator, error.kind, error.message);
    throw error;
  }
}

function failed(
  template: Template,
  evaluator: Evaluator,
  kind: RenderFailureKind,
  words: string,
): RenderResult {
  const { definition, node } = evaluator.place;
  const place = new PlaceFinder(template.text).placeOf(node?.at ?? 0);
  const column = place.offset - new PlaceFinder(template.text).byteOffset((node?.at ?? 0) - place.column + 1);
  const start = `template: ${template.name}:${place.line}:${column}: executing ${quote(definition)}`;
  const at = node === undefined ? '' : ` at <${printTree(node)}>`;
  const what = kind === 'unsupported' ? `not supported in the preview: ${words}` : wellFormed(words);
  return { ok: false, text: evaluator.output, error: { kind, message: `${start}${at}: ${what}`, ...place } };
}
