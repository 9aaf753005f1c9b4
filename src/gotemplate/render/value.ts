/** A list or an object as `JSON.parse` gives it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A value as Go holds it: numbers of JSON are float64, constants and lengths are int, a byte of a string is uint8.
 * `boxed` says that it was taken out of a list or a map, whose elements Go knows only as `interface {}`.
 */
export type Value =
  /** No value: a key that is not there, or null once it has left its list or map. */
  | { readonly kind: 'none' }
  /** null inside a list or a map. */
  | { readonly kind: 'nil'; readonly boxed: true }
  | { readonly kind: 'bool'; readonly boxed: boolean; readonly value: boolean }
  | { readonly kind: 'int' | 'uint8'; readonly boxed: false; readonly value: bigint }
  | { readonly kind: 'float64'; readonly boxed: boolean; readonly value: number }
  | { readonly kind: 'string'; readonly boxed: boolean; readonly value: string }
  | { readonly kind: 'list'; readonly boxed: boolean; readonly items: readonly unknown[] }
  | { readonly kind: 'map'; readonly boxed: boolean; readonly entries: JsonObject };

export const NONE: Value = { kind: 'none' };
const NIL: Value = { kind: 'nil', boxed: true };

/** Why data is no JSON. */
export class DataFailure extends Error {
  override readonly name = 'DataFailure';
}

/** Reads a value of JSON data; `boxed` where it is an element of another. */
export function fromJson(data: unknown, boxed: boolean): Value {
  switch (typeof data) {
    case 'boolean':
      return { kind: 'bool', boxed, value: data };
    case 'number':
      if (!Number.isFinite(data)) throw new DataFailure(`the data holds ${data}, which JSON cannot`);
      return { kind: 'float64', boxed, value: data };
    case 'string':
      return { kind: 'string', boxed, value: data };
    case 'object':
      if (data === null) return boxed ? NIL : NONE;
      if (Array.isArray(data)) return { kind: 'list', boxed, items: data };
      return { kind: 'map', boxed, entries: data as JsonObject };
    default:
      throw new DataFailure(`the data holds a value of type ${typeof data}, which JSON cannot`);
  }
}

/** The element of a map, or no value. */
export function entryOf(entries: JsonObject, key: string): Value {
  return Object.hasOwn(entries, key) ? fromJson(entries[key], true) : NONE;
}

/** The value without its box: what a pipeline hands on. */
export function unboxed(value: Value): Value {
  if (value.kind === 'nil') return NONE;
  return value.kind === 'none' || !value.boxed ? value : { ...value, boxed: false };
}

export function intOf(value: number | bigint): Value {
  return { kind: 'int', boxed: false, value: BigInt(value) };
}

export function stringOf(value: string): Value {
  return { kind: 'string', boxed: false, value };
}

export function boolOf(value: boolean): Value {
  return { kind: 'bool', boxed: false, value };
}

/** The type that Go names in its messages. */
export function typeOf(value: Value): string {
  return value.kind !== 'none' && value.boxed ? 'interface {}' : dynamicTypeOf(value);
}

/** The type inside the box. */
export function dynamicTypeOf(value: Value): string {
  switch (value.kind) {
    case 'none':
    case 'nil':
      return '<nil>';
    case 'list':
      return '[]interface {}';
    case 'map':
      return 'map[string]interface {}';
    default:
      return value.kind;
  }
}

/** What `if`, `with`, `and`, `or` and `not` go by (text/template, "Actions": the empty values). */
export function isTrue(value: Value): boolean {
  switch (value.kind) {
    case 'none':
    case 'nil':
      return false;
    case 'bool':
      return value.value;
    case 'int':
    case 'uint8':
      return value.value !== 0n;
    case 'float64':
      return value.value !== 0;
    case 'string':
      return value.value !== '';
    case 'list':
      return value.items.length > 0;
    case 'map':
      return Object.keys(value.entries).length > 0;
  }
}

/** By bytes of UTF-8, as Go compares strings; UTF-16 would put U+FFFD behind U+10000. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(left.charCodeAt(at)) - rank(right.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Surrogates stand for characters beyond all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The keys of a map in the order in which Go prints and ranges over them. */
export function sortedKeys(entries: JsonObject): string[] {
  return Object.keys(entries).sort(compareText);
}
