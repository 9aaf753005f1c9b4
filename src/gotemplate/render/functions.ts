import { byteLength, bytesOf, holdsBytes, textOf } from '../text-bytes.ts';
import { equal, less, lessOrEqual } from './compare.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts';
import { RenderFailure, unsupported } from './failure.ts';
import type { Meter } from './meter.ts';
import { sprint, sprintf, sprintln } from './printf.ts';
import {
  boolOf,
  dynamicTypeOf,
  entryOf,
  fromJson,
  intOf,
  isTrue,
  NONE,
  stringOf,
  typeOf,
  unboxed,
  type Value,
} from './value.ts';

/** A predefined function (text/template, "Functions"). */
export interface TemplateFunction {
  /** How many arguments there must be. */
  readonly fixed: number;
  /** Whether there may be more. */
  readonly variadic: boolean;
  /** The first argument must be a string; all others may be anything. */
  readonly takesFormat: boolean;
  /** @throws FunctionFailure with Go's words */
  readonly call: (args: readonly Value[], meter: Meter) => Value;
}

/** What a function complains about. */
export class FunctionFailure extends RenderFailure {
  constructor(message: string) {
    super('execution', message);
  }
}

const fail = (message: string): never => {
  throw new FunctionFailure(message);
};

function define(fixed: number, variadic: boolean, call: TemplateFunction['call']): TemplateFunction {
  return { fixed, variadic, takesFormat: false, call };
}

const argument = (args: readonly Value[], index: number): Value => args[index] ?? NONE;

/** The predefined functions but `and`, `or` and `call`, which the evaluator knows. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ['eq', define(1, true, (args) => boolOf(equal(argument(args, 0), args.slice(1))))],
  ['ne', define(2, false, (args) => boolOf(!equal(argument(args, 0), args.slice(1))))],
  ['lt', define(2, false, (args) => boolOf(less(argument(args, 0), argument(args, 1))))],
  ['le', define(2, false, (args) => boolOf(lessOrEqual(argument(args, 0), argument(args, 1))))],
  ['gt', define(2, false, (args) => boolOf(!lessOrEqual(argument(args, 0), argument(args, 1))))],
  ['ge', define(2, false, (args) => boolOf(!less(argument(args, 0), argument(args, 1))))],
  ['not', define(1, false, (args) => boolOf(!isTrue(argument(args, 0))))],
  ['len', define(1, false, (args) => lengthOf(argument(args, 0)))],
  ['index', define(1, true, (args) => elementOf(argument(args, 0), args.slice(1)))],
  ['slice', define(1, true, (args) => sliceOf(argument(args, 0), args.slice(1)))],
  ['print', define(0, true, (args, meter) => stringOf(sprint(args, meter)))],
  ['println', define(0, true, (args, meter) => stringOf(sprintln(args, meter)))],
  ['printf', { ...define(1, true, callPrintf), takesFormat: true }],
  ['html', define(0, true, (args, meter) => escaped(args, meter, escapeHtml))],
  ['js', define(0, true, (args, meter) => escaped(args, meter, escapeJs))],
  ['urlquery', define(0, true, (args, meter) => escaped(args, meter, escapeQuery))],
]);

function callPrintf(args: readonly Value[], meter: Meter): Value {
  const format = argument(args, 0);
  return stringOf(sprintf(format.kind === 'string' ? format.value : '', args.slice(1), meter));
}

function escaped(args: readonly Value[], meter: Meter, write: (text: string) => string): Value {
  const shown = args.map((arg) => (arg.kind === 'none' || arg.kind === 'nil' ? stringOf('<no value>') : arg));
  const text = write(checkText(sprint(shown, meter)));
  meter.spendOn(text.length);
  return stringOf(text);
}

function lengthOf(item: Value): Value {
  switch (item.kind) {
    case 'none':
      return fail('reflect: call of reflect.Value.Type on zero Value');
    case 'nil':
      return fail('len of nil pointer');
    case 'string':
      return intOf(byteLength(item.value));
    case 'list':
      return intOf(item.items.length);
    case 'map':
      return intOf(Object.keys(item.entries).length);
    default:
      return fail(`len of type ${dynamicTypeOf(item)}`);
  }
}

function elementOf(start: Value, indexes: readonly Value[]): Value {
  if (start.kind === 'none' || start.kind === 'nil') return fail('index of untyped nil');
  let item: Value = start;
  for (const index of indexes) {
    switch (item.kind) {
      case 'none':
      case 'nil':
        return fail('index of nil pointer');
      case 'string': {
        const bytes = bytesOf(item.value);
        const at = position(unboxed(index), bytes.length);
        if (at === bytes.length) return fail('reflect: string index out of range');
        item = { kind: 'uint8', boxed: false, value: BigInt(bytes[at] ?? 0) };
        break;
      }
      case 'list': {
        const at = position(unboxed(index), item.items.length);
        if (at === item.items.length) return fail('reflect: slice index out of range');
        item = fromJson(item.items[at], true);
        break;
      }
      case 'map': {
        const entry = entryOf(item.entries, keyOf(index));
        item = entry.kind === 'none' ? fromJson(null, true) : entry;
        break;
      }
      default:
        return fail(`can't index item of type ${dynamicTypeOf(item)}`);
    }
  }
  return item;
}

/** An index up to and with the length. */
function position(index: Value, length: number): number {
  if (index.kind === 'none') return fail('cannot index slice/array with nil');
  if (index.kind !== 'int' && index.kind !== 'uint8')
    return fail(`cannot index slice/array with type ${typeOf(index)}`);
  if (index.value < 0n || index.value > BigInt(length)) return fail(`index out of range: ${index.value}`);
  return Number(index.value);
}

function keyOf(index: Value): string {
  if (index.kind === 'none' || index.kind === 'nil') return fail('value is nil; should be of type string');
  if (index.kind !== 'string') return fail(`value has type ${dynamicTypeOf(index)}; should be string`);
  return index.value;
}

function sliceOf(item: Value, indexes: readonly Value[]): Value {
  if (item.kind === 'none' || item.kind === 'nil') return fail('slice of untyped nil');
  if (indexes.length > 3) return fail(`too many slice indexes: ${indexes.length}`);
  if (item.kind === 'string') {
    if (indexes.length === 3) return fail('cannot 3-index slice a string');
    const bytes = bytesOf(item.value);
    const [from, to] = bounds(indexes, bytes.length);
    return stringOf(textOf(bytes.subarray(from, to)));
  }
  if (item.kind !== 'list') return fail(`can't slice item of type ${dynamicTypeOf(item)}`);
  const { length } = item.items;
  // How far a slice may reach beyond its end depends on how much memory Go has given it.
  if (indexes.some((index) => index.kind === 'int' && index.value > BigInt(length)))
    unsupported('a slice beyond the end of a list');
  const [from, to] = bounds(indexes, length);
  return { kind: 'list', boxed: false, items: item.items.slice(from, to) };
}

function bounds(indexes: readonly Value[], length: number): readonly [number, number] {
  const at: number[] = [0, length];
  indexes.forEach((index, place) => {
    at[place] = position(index, length);
  });
  const [from = 0, to = length, end = to] = at;
  if (from > to) return fail(`invalid slice index: ${from} > ${to}`);
  if (to > end) return fail(`invalid slice index: ${to} > ${end}`);
  return [from, to];
}

/** A string that is cut within a character cannot be shown. */
export function checkText(text: string): string {
  return holdsBytes(text) ? unsupported('bytes that are no UTF-8 text') : text;
}
