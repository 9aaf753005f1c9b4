import type { JsonValue } from '../contract/index.ts';

/** A number as a plain decimal: the shortest that reads back the same, never with an exponent. */
function toDecimal(value: number): string {
  const [mantissa = '', exponentText] = String(value).split('e');
  if (exponentText === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const exponent = Number(exponentText);
  const digits = whole + fraction;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - whole.length)}${digits}`;
  return `${sign}${digits.padEnd(whole.length + exponent, '0')}`;
}

/** Go's encoder sorts keys and escapes what could end a script element. */
function toCompactJson(value: JsonValue): string {
  const sorted = JSON.stringify(value, (_key, item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
  return sorted.replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One value of another agent's answer as text, as the Go SDK's CallPlugin gives it (protocol.md §3.2). */
export function coerceToText(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return toDecimal(value);
  return typeof value === 'boolean' ? String(value) : toCompactJson(value);
}
