/** Says where a value is wrong and what was expected there; never returns. */
export type Fail = (place: string, expected: string) => never;

/** Turns an unknown value into a typed one, or fails with its place. */
export type Check<T> = (value: unknown, place: string, fail: Fail) => T;

type Checked<C> = C extends Check<infer T> ? T : never;
type Fields = Readonly<Record<string, Check<unknown>>>;

/** An object with known keys only; `required` ones must be there. */
export interface RecordShape<R extends Fields, O extends Fields> {
  readonly required: R;
  readonly optional: O;
}

type RecordOf<R extends Fields, O extends Fields> = { readonly [K in keyof R]: Checked<R[K]> } & {
  readonly [K in keyof O]?: Checked<O[K]>;
};

const join = (place: string, key: string) => (place === '' ? key : `${place}.${key}`);

/** A string. */
export const text: Check<string> = (value, place, fail) =>
  typeof value === 'string' ? value : fail(place, 'a string');

/** A string of a certain form. */
export function textLike(pattern: RegExp, expected: string): Check<string> {
  return (value, place, fail) =>
    typeof value === 'string' && pattern.test(value) ? value : fail(place, expected);
}

/** A list whose items all pass. */
export function listOf<T>(item: Check<T>): Check<readonly T[]> {
  return (value, place, fail) =>
    Array.isArray(value)
      ? value.map((entry, index) => item(entry, `${place}[${index}]`, fail))
      : fail(place, 'a list');
}

function entriesOf(value: unknown, place: string, fail: Fail): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(place, 'an object');
  return Object.entries(value);
}

/** An object with free keys. */
export function mapOf<T>(key: Check<string>, item: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, place, fail) => {
    const failKey: Fail = (where, expected) => fail(where, `left out: its name is not ${expected}`);
    const checked = entriesOf(value, place, fail).map(([name, entry]) => {
      const at = join(place, name);
      return [key(name, at, failKey), item(entry, at, fail)] as const;
    });
    return Object.fromEntries(checked);
  };
}

/** An object with known keys. */
export function recordOf<R extends Fields, O extends Fields>(
  shape: RecordShape<R, O>,
): Check<RecordOf<R, O>> {
  const checks = new Map(Object.entries({ ...shape.required, ...shape.optional }));
  const known = [...checks.keys()].filter((key) => key !== '$schema').join(', ');
  return (value, place, fail) => {
    const entries = entriesOf(value, place, fail);
    const checked = entries.map(([key, entry]) => {
      const check = checks.get(key);
      if (check === undefined) return fail(join(place, key), `left out: the keys known here are ${known}`);
      return [key, check(entry, join(place, key), fail)] as const;
    });
    const present = new Set(entries.map(([key]) => key));
    for (const key of Object.keys(shape.required)) if (!present.has(key)) fail(join(place, key), 'there');
    // Every key was checked against the shape above, which TypeScript cannot follow through a map.
    return Object.fromEntries(checked) as RecordOf<R, O>;
  };
}
