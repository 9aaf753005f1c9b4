/**
 * Why rendering stops.
 * - `execution`: Go would stop too, with the same words
 * - `unsupported`: Go may go on, the preview cannot
 * - `limit`: the template asks for more than the preview allows
 */
export type RenderFailureKind = 'execution' | 'unsupported' | 'limit';

/** Thrown while rendering; the renderer knows the place. */
export class RenderFailure extends Error {
  override readonly name = 'RenderFailure';
  readonly kind: RenderFailureKind;

  constructor(kind: RenderFailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export function unsupported(what: string): never {
  throw new RenderFailure('unsupported', what);
}
