import { RenderFailure } from './failure.ts';
import { Meter } from './meter.ts';
import { sprintf } from './printf.ts';
import { compareText, dynamicTypeOf, type Value } from './value.ts';

const fail = (message: string): never => {
  throw new RenderFailure('execution', message);
};

/** Integers of all sizes are of one kind. */
function basicKind(value: Value): 'int' | 'float64' | 'bool' | 'string' | undefined {
  switch (value.kind) {
    case 'int':
    case 'uint8':
      return 'int';
    case 'float64':
    case 'bool':
    case 'string':
      return value.kind;
    default:
      return undefined;
  }
}

const isNil = (value: Value): boolean => value.kind === 'none' || value.kind === 'nil';
const show = (value: Value, verb: 's' | 'v'): string => sprintf(`%${verb}`, [value], new Meter());

/** `eq`: whether the first equals any of the others. @throws RenderFailure with Go's words */
export function equal(left: Value, others: readonly Value[]): boolean {
  if (others.length === 0) return fail('missing argument for comparison');
  return others.some((right) => equalPair(left, right));
}

function equalPair(left: Value, right: Value): boolean {
  const kind = basicKind(left);
  if (kind !== basicKind(right)) {
    if (isNil(left) || isNil(right)) return false;
    return fail(`incompatible types for comparison: ${dynamicTypeOf(left)} and ${dynamicTypeOf(right)}`);
  }
  if (kind !== undefined) return 'value' in left && 'value' in right && left.value === right.value;
  if (isNil(left) || isNil(right)) return isNil(left) === isNil(right);
  const leftType = dynamicTypeOf(left);
  const rightType = dynamicTypeOf(right);
  // Go mixes up the order of its words here, and so must we.
  if (leftType !== rightType)
    return fail(`non-comparable types ${show(left, 's')}: ${leftType}, ${rightType}: ${show(right, 'v')}`);
  return fail(`non-comparable type ${show(right, 's')}: ${rightType}`);
}

/** `lt`. @throws RenderFailure with Go's words */
export function less(left: Value, right: Value): boolean {
  const kind = basicKind(left);
  const other = basicKind(right);
  if (kind === undefined || other === undefined) return fail('invalid type for comparison');
  if (kind !== other)
    return fail(`incompatible types for comparison: ${dynamicTypeOf(left)} and ${dynamicTypeOf(right)}`);
  if (kind === 'bool') return fail('invalid type for comparison');
  if (left.kind === 'string' && right.kind === 'string') return compareText(left.value, right.value) < 0;
  return 'value' in left && 'value' in right && left.value < right.value;
}

/** `le`: less or equal. @throws RenderFailure with Go's words */
export function lessOrEqual(left: Value, right: Value): boolean {
  return less(left, right) || equal(left, [right]);
}
