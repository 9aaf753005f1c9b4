import type { Meter } from './meter.ts';
import { type Flags, noFlags, Printer } from './printer.ts';
import { dynamicTypeOf, type Value } from './value.ts';

/** Widths and precisions beyond this are none to Go. */
const MAX_NUMBER = 1_000_000;

/** As Go's fmt.Sprintf. */
export function sprintf(format: string, operands: readonly Value[], meter: Meter): string {
  return new Directives(format, operands, meter).run();
}

/** As Go's fmt.Sprint: a space between two operands of which neither is a string. */
export function sprint(operands: readonly Value[], meter: Meter): string {
  const printer = new Printer(meter);
  operands.forEach((operand, index) => {
    const before = operands[index - 1];
    if (before !== undefined && before.kind !== 'string' && operand.kind !== 'string') printer.write(' ');
    printer.print(operand, 'v', noFlags());
  });
  return printer.text;
}

/** As Go's fmt.Sprintln: a space between any two operands, and a newline. */
export function sprintln(operands: readonly Value[], meter: Meter): string {
  const printer = new Printer(meter);
  operands.forEach((operand, index) => {
    if (index > 0) printer.write(' ');
    printer.print(operand, 'v', noFlags());
  });
  printer.write('\n');
  return printer.text;
}

/** One run over a format (Go's fmt, "Printing", "Explicit argument indexes", "Format errors"). */
class Directives {
  readonly #format: string;
  readonly #operands: readonly Value[];
  readonly #printer: Printer;
  #at = 0;
  #operand = 0;
  /** An index in brackets says that operands may be left over. */
  #reordered = false;
  /** False after an index in brackets that is none. */
  #goodIndex = true;
  #afterIndex = false;

  constructor(format: string, operands: readonly Value[], meter: Meter) {
    this.#format = format;
    this.#operands = operands;
    this.#printer = new Printer(meter);
  }

  run(): string {
    const format = this.#format;
    while (this.#at < format.length) {
      const percent = format.indexOf('%', this.#at);
      const end = percent === -1 ? format.length : percent;
      if (end > this.#at) this.#printer.write(format.slice(this.#at, end));
      this.#at = end + 1;
      if (percent === -1) break;
      this.#directive();
    }
    if (!this.#reordered && this.#operand < this.#operands.length) this.#extra();
    return this.#printer.text;
  }

  #directive(): void {
    this.#goodIndex = true;
    this.#afterIndex = false;
    const flags = this.#flags();
    this.#index();
    this.#width(flags);
    this.#precision(flags);
    if (!this.#afterIndex) this.#index();
    const codePoint = this.#format.codePointAt(this.#at);
    if (codePoint === undefined) {
      this.#printer.write('%!(NOVERB)');
      return;
    }
    const verb = String.fromCodePoint(codePoint);
    this.#at += verb.length;
    if (verb === '%') {
      this.#printer.write('%');
      return;
    }
    if (!this.#goodIndex) {
      this.#printer.write(`%!${verb}(BADINDEX)`);
      return;
    }
    const operand = this.#operands[this.#operand];
    if (operand === undefined) {
      this.#printer.write(`%!${verb}(MISSING)`);
      return;
    }
    this.#operand++;
    // `%w` is for errors alone; its flags are those of `%v` all the same.
    if (verb === 'v' || verb === 'w') {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    this.#printer.print(operand, verb, flags);
  }

  #flags(): Flags {
    const flags = noFlags();
    for (; ; this.#at++) {
      switch (this.#format[this.#at]) {
        case '+':
          flags.plus = true;
          continue;
        case '-':
          flags.minus = true;
          continue;
        case '#':
          flags.sharp = true;
          continue;
        case ' ':
          flags.space = true;
          continue;
        case '0':
          flags.zero = true;
          continue;
        default:
          return flags;
      }
    }
  }

  /** `[2]`: the operand that comes next. */
  #index(): void {
    if (this.#format[this.#at] !== '[') return;
    this.#reordered = true;
    const close = this.#format.indexOf(']', this.#at);
    if (close === -1) {
      this.#goodIndex = false;
      this.#at++;
      return;
    }
    const inside = this.#format.slice(this.#at + 1, close);
    this.#at = close + 1;
    const index = /^\d{1,9}$/.test(inside) ? Number(inside) : undefined;
    this.#afterIndex = index !== undefined;
    if (index === undefined || index < 1 || index > this.#operands.length) this.#goodIndex = false;
    else this.#operand = index - 1;
  }

  #width(flags: Flags): void {
    if (this.#format[this.#at] === '*') {
      this.#at++;
      const width = this.#numberOperand();
      this.#afterIndex = false;
      if (width === undefined) {
        this.#printer.write('%!(BADWIDTH)');
        return;
      }
      if (width < 0) {
        flags.minus = true;
        flags.zero = false;
      }
      flags.width = Math.abs(width);
      return;
    }
    const width = this.#number();
    if (width === undefined) return;
    flags.width = width;
    // "%[3]2d" is no way to say it.
    if (this.#afterIndex) this.#goodIndex = false;
  }

  #precision(flags: Flags): void {
    if (this.#format[this.#at] !== '.') return;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#afterIndex = false;
    this.#index();
    if (this.#format[this.#at] === '*') {
      this.#at++;
      const precision = this.#numberOperand();
      this.#afterIndex = false;
      if (precision === undefined || precision < 0) {
        this.#printer.write('%!(BADPREC)');
        return;
      }
      flags.precision = precision;
      return;
    }
    flags.precision = this.#number() ?? 0;
  }

  /** Digits here; where they grow too large, Go gives up on the rest of the format. */
  #number(): number | undefined {
    let number: number | undefined;
    for (; ; this.#at++) {
      const digit = this.#format.charCodeAt(this.#at) - 48;
      if (!(digit >= 0 && digit <= 9)) return number;
      if (number !== undefined && number > MAX_NUMBER) {
        this.#at = this.#format.length;
        return undefined;
      }
      number = (number ?? 0) * 10 + digit;
    }
  }

  /** The operand of a star: an integer of sensible size. */
  #numberOperand(): number | undefined {
    const operand = this.#operands[this.#operand];
    if (operand === undefined) return undefined;
    this.#operand++;
    if (operand.kind !== 'int' && operand.kind !== 'uint8') return undefined;
    const number = Number(operand.value);
    return Math.abs(number) > MAX_NUMBER ? undefined : number;
  }

  #extra(): void {
    this.#printer.write('%!(EXTRA ');
    for (let index = this.#operand; index < this.#operands.length; index++) {
      const operand = this.#operands[index];
      if (operand === undefined) break;
      if (index > this.#operand) this.#printer.write(', ');
      if (operand.kind === 'none' || operand.kind === 'nil') this.#printer.write('<nil>');
      else {
        this.#printer.write(`${dynamicTypeOf(operand)}=`);
        this.#printer.print(operand, 'v', noFlags());
      }
    }
    this.#printer.write(')');
  }
}
