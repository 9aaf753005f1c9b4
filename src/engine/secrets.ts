const MASK = '***';
/** A shorter value stands in too many texts by accident. */
const MIN_LENGTH = 6;
/** The oldest are forgotten first. */
const MAX_KNOWN = 1_000;

/** A text as it stands in JSON, between the quotes. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/**
 * The values of secret settings, also of those that hold no longer: none of them may be seen in what the engine keeps
 * or shows (faults.md T17).
 */
export class Secrets {
  readonly #values = new Set<string>();
  /** The values as they may stand in a text, the longest first: one may hold another. */
  #forms: readonly string[] = [];

  add(value: string): void {
    if (value.length < MIN_LENGTH || this.#values.has(value)) return;
    this.#values.add(value);
    const [oldest] = this.#values;
    if (this.#values.size > MAX_KNOWN) this.#values.delete(oldest as string);
    const forms = [...this.#values].flatMap((secret) => [secret, inJson(secret), inJson(inJson(secret))]);
    this.#forms = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  maskText(text: string): string {
    let masked = text;
    for (const form of this.#forms) if (masked.includes(form)) masked = masked.replaceAll(form, MASK);
    return masked;
  }

  /** Masks every text of a plain value; gives the value itself where there was nothing to mask. */
  mask<Value>(value: Value): Value {
    if (this.#forms.length === 0) return value;
    if (typeof value === 'string') return this.maskText(value) as Value;
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const masked = entries.map(([key, item]): [string, unknown] => [key, this.mask(item)]);
    if (masked.every(([, item], index) => item === entries[index]?.[1])) return value;
    return (Array.isArray(value) ? masked.map(([, item]) => item) : Object.fromEntries(masked)) as Value;
  }
}
