import type {
  ChainNode,
  CommandNode,
  IdentifierNode,
  NumberNode,
  OperandNode,
  PipeNode,
  TreeNode,
  VariableNode,
} from '../nodes.ts';
import { printTree } from '../tree-text.ts';
import { RenderFailure, unsupported } from './failure.ts';
import { FUNCTIONS, FunctionFailure, type TemplateFunction } from './functions.ts';
import type { Meter } from './meter.ts';
import { boolOf, entryOf, intOf, isTrue, NONE, stringOf, typeOf, unboxed, type Value } from './value.ts';

/** How deep bodies, templates and parentheses may lie in each other while rendering; Go allows 100,000 templates. */
const MAX_RENDER_DEPTH = 400;

/** Functions whose work grows with their arguments, not only with what they write. */
const READERS: ReadonlySet<string> = new Set([
  ...['len', 'not', 'index', 'slice', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'],
]);

type ConstantNode = Extract<OperandNode, { kind: 'bool' | 'dot' | 'string' | 'number' }>;

const MAX_INT = 2n ** 63n - 1n;

/** A declared variable. */
export interface Variable {
  readonly name: string;
  value: Value;
}

/** Evaluates pipelines in the order in which Go does, so that the first failure is the same. */
export class Expressions {
  readonly #meter: Meter;
  #depth = 0;
  /** What is declared where the evaluation stands; the innermost last. */
  variables: Variable[] = [];
  /** What is evaluated: Go's messages name it. */
  node: TreeNode | undefined;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** Stops as Go would, with its words. */
  fail(message: string): never {
    throw new RenderFailure('execution', message);
  }

  /** Works one level further down, if that is not too deep. */
  deeper<T>(work: () => T): T {
    this.#depth++;
    if (this.#depth > MAX_RENDER_DEPTH)
      throw new RenderFailure(
        'limit',
        `the preview stops where templates nest deeper than ${MAX_RENDER_DEPTH} levels`,
      );
    const result = work();
    this.#depth--;
    return result;
  }

  /** What a condition makes of a value. */
  truth(value: Value): boolean {
    this.#meter.spendReading(value);
    return isTrue(value);
  }

  /** Sets the innermost variable of that name. */
  assign(name: string, value: Value): void {
    const variable = this.variables.findLast((known) => known.name === name);
    if (variable === undefined) this.fail(`undefined variable: ${name}`);
    else variable.value = value;
  }

  /** The value of the last command; declared or assigned on the way, if the pipeline says so. */
  pipe(dot: Value, pipe: PipeNode): Value {
    this.node = pipe;
    let value: Value | undefined;
    for (const command of pipe.commands) value = unboxed(this.#command(dot, command, value));
    const result = value ?? NONE;
    for (const { names } of pipe.variables) {
      const [name = ''] = names;
      if (pipe.assigns) this.assign(name, result);
      else this.variables.push({ name, value: result });
    }
    return result;
  }

  /** @param final the value of the command before, if there is one */
  #command(dot: Value, command: CommandNode, final: Value | undefined): Value {
    this.#meter.spend(1);
    const [first] = command.args;
    const args = command.args.slice(1);
    const hasArgs = args.length > 0 || final !== undefined;
    switch (first?.kind) {
      case undefined:
        return NONE;
      case 'field':
        this.node = first;
        return this.#fields(dot, first.names, hasArgs);
      case 'chain':
        return this.#chain(dot, first, hasArgs);
      case 'identifier':
        return this.#function(dot, first, command, args, final);
      case 'pipe':
        // Go looks at the arguments first, with the pipeline around as the place.
        if (hasArgs) this.#noFunction(first);
        return this.deeper(() => this.pipe(dot, first));
      case 'variable':
        return this.#variable(first, hasArgs);
      case 'nil':
      case 'bool':
      case 'dot':
      case 'number':
      case 'string':
        this.node = first;
        if (hasArgs) this.#noFunction(first);
        if (first.kind === 'nil') return this.fail('nil is not a command');
        return this.#constant(dot, first);
      default:
        return first satisfies never;
    }
  }

  #noFunction(node: OperandNode): never {
    return this.fail(`can't give argument to non-function ${printTree(node)}`);
  }

  #variable(node: VariableNode, hasArgs: boolean): Value {
    this.node = node;
    const [name = '', ...fields] = node.names;
    const variable = this.variables.findLast((known) => known.name === name);
    if (variable === undefined) return this.fail(`undefined variable: ${name}`);
    if (fields.length > 0) return this.#fields(variable.value, fields, hasArgs);
    if (hasArgs) this.#noFunction(node);
    return variable.value;
  }

  #chain(dot: Value, node: ChainNode, hasArgs: boolean): Value {
    this.node = node;
    return this.#fields(this.#argument(dot, node.base), node.names, hasArgs);
  }

  /** Only the last of the fields could be a method with arguments. */
  #fields(start: Value, names: readonly string[], hasArgs: boolean): Value {
    let value = start;
    names.forEach((name, index) => {
      value = this.#field(value, name, hasArgs && index === names.length - 1);
    });
    return value;
  }

  #field(receiver: Value, name: string, hasArgs: boolean): Value {
    switch (receiver.kind) {
      case 'none':
        return NONE;
      case 'nil':
        return this.fail(`nil pointer evaluating ${typeOf(receiver)}.${name}`);
      case 'map':
        if (hasArgs) this.fail(`${name} is not a method but has arguments`);
        return entryOf(receiver.entries, name);
      default:
        return this.fail(`can't evaluate field ${name} in type ${typeOf(receiver)}`);
    }
  }

  #constant(dot: Value, node: ConstantNode): Value {
    switch (node.kind) {
      case 'bool':
        return boolOf(node.value);
      case 'dot':
        return dot;
      case 'string':
        return stringOf(node.value);
      case 'number':
        return this.#number(node);
    }
  }

  #number(node: NumberNode): Value {
    this.node = node;
    switch (node.value.type) {
      case 'int':
        if (node.value.value > MAX_INT) this.fail(`${node.source} overflows int`);
        return intOf(node.value.value);
      case 'float':
        return { kind: 'float64', boxed: false, value: node.value.value };
      case 'complex':
        return unsupported(`complex numbers (${node.source})`);
    }
  }

  /** An argument that may be anything. */
  #argument(dot: Value, node: OperandNode): Value {
    this.#meter.spend(1);
    this.node = node;
    switch (node.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return NONE;
      case 'field':
        return this.#fields(dot, node.names, false);
      case 'variable':
        return this.#variable(node, false);
      case 'pipe':
        return this.deeper(() => this.pipe(dot, node));
      case 'identifier':
        return this.#function(dot, node, node, [], undefined);
      case 'chain':
        return this.#chain(dot, node, false);
      default:
        return this.#constant(dot, node);
    }
  }

  /** An argument that must be a string. */
  #format(dot: Value, node: OperandNode): Value {
    this.node = node;
    switch (node.kind) {
      case 'bool':
      case 'number':
        return this.fail(`expected string; found ${printTree(node)}`);
      case 'nil':
        return this.fail('cannot assign nil to string');
      default:
        return this.#asString(this.#argument(dot, node));
    }
  }

  #asString(value: Value): Value {
    if (value.kind === 'none') return this.fail('invalid value; expected string');
    if (value.kind === 'string') return value;
    return this.fail(`wrong type for value; expected string; got ${typeOf({ ...unboxedUnlessNil(value) })}`);
  }

  #function(
    dot: Value,
    node: IdentifierNode,
    command: CommandNode | IdentifierNode,
    args: readonly OperandNode[],
    final: Value | undefined,
  ): Value {
    this.node = node;
    const { name } = node;
    if (name === 'and' || name === 'or') return this.#andOr(dot, name, args, final);
    if (name === 'call') return this.#callFunction(dot, command, args, final);
    const known = FUNCTIONS.get(name);
    if (known === undefined) return unsupported(`the function ${name}`);
    this.#checkCount(name, known, args.length, final);
    const values = args.map((arg, index) =>
      known.takesFormat && index === 0 ? this.#format(dot, arg) : this.#argument(dot, arg),
    );
    if (final !== undefined)
      values.push(known.takesFormat && values.length === 0 ? this.#asString(final) : final);
    if (READERS.has(name)) for (const value of values) this.#meter.spendReading(value);
    return this.#invoke(name, command, () => known.call(values, this.#meter));
  }

  #checkCount(name: string, known: TemplateFunction, count: number, final: Value | undefined): void {
    const all = count + (final === undefined ? 0 : 1);
    if (known.variadic && all < known.fixed)
      this.fail(`wrong number of args for ${name}: want at least ${known.fixed} got ${count}`);
    if (!known.variadic && all !== known.fixed)
      this.fail(`wrong number of args for ${name}: want ${known.fixed} got ${all}`);
  }

  /** A failure of the function itself names the whole command. */
  #invoke(name: string, command: CommandNode | IdentifierNode, work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof RenderFailure)) throw error;
      this.node = command;
      if (error.kind !== 'execution') throw error;
      return this.fail(`error calling ${name}: ${error.message}`);
    }
  }

  /** Arguments are evaluated only until the result is known. */
  #andOr(dot: Value, name: 'and' | 'or', args: readonly OperandNode[], final: Value | undefined): Value {
    if (args.length === 0 && final === undefined)
      this.fail(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: Value = NONE;
    for (const arg of args) {
      value = this.#argument(dot, arg);
      if (this.truth(value) === (name === 'or')) return value;
    }
    return final ?? value;
  }

  /** JSON data holds no functions, so that a call always fails. */
  #callFunction(
    dot: Value,
    command: CommandNode | IdentifierNode,
    args: readonly OperandNode[],
    final: Value | undefined,
  ): Value {
    if (args.length === 0 && final === undefined)
      this.fail('wrong number of args for call: want at least 1 got 0');
    const values = args.map((arg) => this.#argument(dot, arg));
    const [called = final ?? NONE] = values;
    const [shown] = args;
    return this.#invoke('call', command, () => {
      if (called.kind === 'none' || called.kind === 'nil') throw new FunctionFailure('call of nil');
      if (shown === undefined) return unsupported('call at the end of a pipeline');
      throw new FunctionFailure(`non-function ${printTree(shown)} of type ${typeOf(unboxed(called))}`);
    });
  }
}

function unboxedUnlessNil(value: Value): Value {
  return value.kind === 'nil' ? value : unboxed(value);
}
