/** Whether a value from a file is what the engine wrote there: anybody may have edited it since. */
export type Guard = (value: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText: Guard = (value) => typeof value === 'string';
export const isNumber: Guard = (value) => Number.isFinite(value);
export const isFlag: Guard = (value) => typeof value === 'boolean';
export const isTexts: Guard = (value) => isFields(value) && Object.values(value).every(isText);

export const oneOf =
  (values: readonly unknown[]): Guard =>
  (value) =>
    values.includes(value);

export const optional =
  (guard: Guard): Guard =>
  (value) =>
    value === undefined || guard(value);

export const listOf =
  (guard: Guard): Guard =>
  (value) =>
    Array.isArray(value) && value.every(guard);

/** An object in which each of these fields is right; others may be there. */
export const shapeOf =
  (guards: Readonly<Record<string, Guard>>): Guard =>
  (value) =>
    isFields(value) && Object.entries(guards).every(([name, guard]) => guard(value[name]));

/** An object of such values under any names. */
export const mapOf =
  (guard: Guard): Guard =>
  (value) =>
    isFields(value) && Object.values(value).every(guard);

export const isTimeRange = shapeOf({
  startEpochMs: isNumber,
  endEpochMs: isNumber,
  timezone: optional(isText),
  originalExpression: optional(isText),
});
