/** Formats of Go's strconv.FormatFloat; `%F` is `%f`. */
export type FloatFormat = 'b' | 'e' | 'E' | 'f' | 'g' | 'G' | 'x' | 'X';

/** Decimal digits d1 d2 d3 … of a number: 0.d1d2d3… times ten to the point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** A float64 exactly: mantissa times two to the exponent. */
interface Binary {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
}

const MANTISSA_BITS = 52;

/**
 * Writes a finite float as Go's strconv.FormatFloat.
 * @param precision digits behind the point (`e`, `f`, `x`) or in all (`g`); undefined for as many as tell it apart
 */
export function formatFloat(value: number, format: FloatFormat, precision: number | undefined): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  switch (format) {
    case 'b': {
      const { mantissa, exponent } = split(value);
      return `${sign}${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
    }
    case 'x':
      return sign + hex(value, precision);
    case 'X':
      return sign + hex(value, precision).toUpperCase();
    case 'e':
      return (
        sign +
        exponential(precision === undefined ? shortest(size) : rounded(value, precision + 1), precision)
      );
    case 'f':
      return sign + fixed(size, precision);
    case 'g':
      return sign + general(size, precision);
    case 'E':
    case 'G':
      return formatFloat(value, format === 'E' ? 'e' : 'g', precision).toUpperCase();
  }
}

function split(value: number): Binary {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const exponent = Math.max(biased, 1) - 1_023 - MANTISSA_BITS;
  return {
    negative: bits >> 63n === 1n,
    mantissa: biased === 0 ? fraction : fraction | (1n << 52n),
    exponent,
  };
}

/** The fewest digits that read back as the same number. */
function shortest(size: number): Decimal {
  if (size === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = '0'] = size.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** All digits; a float64 always has a last one. */
function exact(value: number): Decimal {
  const { mantissa, exponent } = split(value);
  if (mantissa === 0n) return { digits: '', point: 0 };
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return { digits, point: digits.length };
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return { digits, point: digits.length + exponent };
}

/** The number rounded to so many digits; ties go to the even one. */
function rounded(value: number, count: number): Decimal {
  const { digits, point } = exact(value);
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '', point };
  const kept = digits.slice(0, count);
  const next = digits.charCodeAt(count) - 48;
  const isTie = next === 5 && /^0*$/.test(digits.slice(count + 1));
  const isOdd = count > 0 && kept.charCodeAt(count - 1) % 2 === 1;
  if (next < 5 || (isTie && !isOdd)) return { digits: kept, point };
  const up = (BigInt(kept || '0') + 1n).toString().padStart(count, '0');
  return up.length > count
    ? { digits: up.slice(0, Math.max(count, 1)), point: point + 1 }
    : { digits: up, point };
}

/** d.ddde±dd */
function exponential({ digits, point }: Decimal, precision: number | undefined): string {
  const first = digits[0] ?? '0';
  const rest = digits.slice(1);
  const behind = precision === undefined ? rest : rest.slice(0, precision).padEnd(precision, '0');
  const exponent = digits === '' ? 0 : point - 1;
  return `${first}${behind === '' ? '' : `.${behind}`}e${twoDigits(exponent)}`;
}

function twoDigits(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function fixed(size: number, precision: number | undefined): string {
  if (precision === undefined) return plain(shortest(size), undefined);
  const { point } = exact(size);
  return plain(rounded(size, point + precision), precision);
}

/** ddd.ddd */
function plain({ digits, point }: Decimal, precision: number | undefined): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const all = point > 0 ? digits.slice(point) : digits === '' ? '' : '0'.repeat(-point) + digits;
  const behind = precision === undefined ? all : all.slice(0, precision).padEnd(precision, '0');
  return behind === '' ? whole : `${whole}.${behind}`;
}

/** `%e` for large and small exponents, else `%f`; trailing zeros are dropped. */
function general(size: number, precision: number | undefined): string {
  const count = precision === 0 ? 1 : precision;
  const decimal = count === undefined ? shortest(size) : trimmed(rounded(size, count));
  const { digits, point } = decimal;
  // Go: six digits decide for the shortest form; else the precision, or all digits where they reach the point.
  let limit = count ?? 6;
  if (count !== undefined && limit > digits.length && digits.length >= point) limit = digits.length;
  const exponent = digits === '' ? -1 : point - 1;
  if (digits !== '' && (exponent < -4 || exponent >= limit))
    return exponential(decimal, Math.max(digits.length - 1, 0));
  return plain(decimal, Math.max(digits.length - point, 0));
}

function trimmed({ digits, point }: Decimal): Decimal {
  return { digits: digits.replace(/0+$/, ''), point };
}

/** 0x1.yyyp±dd */
function hex(value: number, precision: number | undefined): string {
  let { mantissa, exponent } = split(value);
  if (mantissa === 0n) return `0x0${precision ? `.${'0'.repeat(precision)}` : ''}p+00`;
  while (mantissa >> 52n === 0n) {
    mantissa <<= 1n;
    exponent--;
  }
  if (precision !== undefined && precision < 13) {
    const dropped = BigInt(52 - 4 * precision);
    const rest = mantissa & ((1n << dropped) - 1n);
    const half = 1n << (dropped - 1n);
    mantissa >>= dropped;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++;
    mantissa <<= dropped;
    if (mantissa >> 53n === 1n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const digits = (mantissa & ((1n << 52n) - 1n)).toString(16).padStart(13, '0');
  const behind =
    precision === undefined ? digits.replace(/0+$/, '') : digits.slice(0, precision).padEnd(precision, '0');
  return `0x1${behind === '' ? '' : `.${behind}`}p${twoDigits(exponent + MANTISSA_BITS)}`;
}
