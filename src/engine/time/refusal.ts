/** An expression that was understood and cannot be a time range. Stays inside this folder: callers get a sentence. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** The end of the sentence `The time expression "…" <reason>`. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

const SHOWN_CHARACTERS = 80;

/** Quotes what somebody typed for a message: on one line, and not for ever. */
export function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}
