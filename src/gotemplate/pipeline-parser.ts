import type { ChainNode, CommandNode, FieldNode, OperandNode, PipeNode, VariableNode } from './nodes.ts';
import { type NumberReading, readCharacter, readComplex, readNumber } from './number.ts';
import { quote, unquote } from './quote.ts';
import { Scope } from './scope.ts';
import { showToken, type Token } from './token.ts';
import type { TokenReader } from './token-reader.ts';
import { printTree } from './tree-text.ts';

/**
 * How deep parentheses and control structures may nest, counted together, an `else if` as one more. Go has no limit for
 * control structures and one of 10,000 for parentheses; ours keeps the stack far from its end.
 */
export const MAX_DEPTH = 200;

/** What a template may call unless told otherwise (text/template, "Functions"). */
export const BUILTIN_FUNCTIONS: readonly string[] = [
  ...['and', 'call', 'eq', 'ge', 'gt', 'html', 'index', 'js', 'le', 'len', 'lt', 'ne', 'not', 'or'],
  ...['print', 'printf', 'println', 'slice', 'urlquery'],
];

/** Words of Go's messages for where a pipeline stands. */
export type PipelineContext =
  | 'command'
  | 'if'
  | 'with'
  | 'range'
  | 'template clause'
  | 'block clause'
  | 'parenthesized pipeline';

/** What starts an operand. */
const OPERANDS: ReadonlySet<Token['kind']> = new Set<Token['kind']>([
  ...(['bool', 'char-constant', 'complex', 'dot', 'field', 'identifier', 'left-paren', 'nil'] as const),
  ...(['number', 'raw-string', 'string', 'variable'] as const),
]);

interface Declarations {
  readonly variables: readonly VariableNode[];
  readonly assigns: boolean;
}

const NO_DECLARATIONS: Declarations = { variables: [], assigns: false };

/** Parses pipelines (text/template, "Arguments" and "Pipelines"). */
export class PipelineParser {
  readonly reader: TokenReader;
  readonly scope = new Scope();
  readonly #functions: ReadonlySet<string>;
  #depth: number;
  /** Where the action at hand starts; undefined between actions. */
  actionAt: number | undefined;
  readonly #lineOf: (at: number) => number;
  readonly #templateName: string;

  constructor(
    reader: TokenReader,
    surroundings: {
      readonly functions: ReadonlySet<string>;
      readonly depth: number;
      readonly lineOf: (at: number) => number;
      readonly templateName: string;
    },
  ) {
    this.reader = reader;
    this.#functions = surroundings.functions;
    this.#depth = surroundings.depth;
    this.#lineOf = surroundings.lineOf;
    this.#templateName = surroundings.templateName;
  }

  get depth(): number {
    return this.#depth;
  }

  /** Goes one level down; the caller comes back up with `ascend`. */
  descend(at: number): void {
    this.#depth++;
    if (this.#depth > MAX_DEPTH)
      this.reader.fail(`parentheses and control structures nest deeper than ${MAX_DEPTH} levels`, at);
  }

  ascend(): void {
    this.#depth--;
  }

  /** An error token brings its own message, with the action's start if that was on another line. */
  unexpected(token: Token, context: string): never {
    const shown = showToken(token);
    if (token.kind !== 'error') return this.reader.fail(`unexpected ${shown} in ${context}`, token.at);
    const started = this.actionAt === undefined ? undefined : this.#lineOf(this.actionAt);
    if (started === undefined || started === this.#lineOf(token.at)) return this.reader.fail(shown, token.at);
    const place = `started at ${this.#templateName}:${started}`;
    return this.reader.fail(
      shown.endsWith(' action') ? `${shown} ${place}` : `${shown} in action ${place}`,
      token.at,
    );
  }

  expect(kind: Token['kind'], context: string): Token {
    const token = this.reader.nextNonSpace();
    return token.kind === kind ? token : this.unexpected(token, context);
  }

  /** The value of a string constant. */
  stringValue(token: Token): string {
    return unquote(token.value) ?? this.reader.fail('invalid syntax', token.at);
  }

  /** A pipeline with its declarations, up to and with the token that ends it. */
  pipeline(context: PipelineContext, end: 'right-delimiter' | 'right-paren'): PipeNode {
    const { at } = this.reader.peekNonSpace();
    const { variables, assigns } = this.#declarations(context);
    let commands: CommandNode[] = [];
    for (;;) {
      const token = this.reader.peekNonSpace();
      if (token.kind === end) {
        this.reader.next();
        this.#checkCommands(commands, context, at);
        return { kind: 'pipe', at, variables, assigns, commands };
      }
      if (!OPERANDS.has(token.kind)) this.unexpected(token, context);
      const command = this.#command();
      // Most have but one: a list of one is smaller than one that has grown.
      if (commands.length === 0) commands = [command];
      else commands.push(command);
    }
  }

  /** `$x :=`, `$x =`, and in a range `$x, $y :=`. Any other variable is the start of an operand. */
  #declarations(context: PipelineContext): Declarations {
    const { reader } = this;
    let variables: readonly VariableNode[] = NO_DECLARATIONS.variables;
    for (;;) {
      const variable = reader.peekNonSpace();
      if (variable.kind !== 'variable')
        return variables.length === 0 ? NO_DECLARATIONS : { variables, assigns: false };
      reader.next();
      const after = reader.peek();
      const next = reader.peekNonSpace();
      const declares = next.kind === 'assign' || next.kind === 'declare';
      const goesOn = next.kind === 'other' && next.value === ',';
      if (!declares && !goesOn) {
        if (after.kind === 'space') reader.putBack(after);
        reader.putBack(variable);
        return { variables, assigns: false };
      }
      reader.next();
      variables = [
        ...variables,
        { kind: 'variable', at: variable.at, start: variable.at, names: [variable.value] },
      ];
      this.scope.declare(variable.value);
      if (declares) return { variables, assigns: next.kind === 'assign' };
      if (context !== 'range' || variables.length > 1)
        reader.fail(`too many declarations in ${context}`, next.at);
      const second = reader.peekNonSpace();
      if (!['variable', 'right-delimiter', 'right-paren'].includes(second.kind))
        reader.fail('range can only initialize variables', second.at);
    }
  }

  /** A constant cannot take the value of the stage before it. */
  #checkCommands(commands: readonly CommandNode[], context: PipelineContext, at: number): void {
    if (commands.length === 0) this.reader.fail(`missing value for ${context}`, at);
    for (let index = 1; index < commands.length; index++) {
      const kind = commands[index]?.args[0]?.kind;
      if (kind === 'bool' || kind === 'dot' || kind === 'nil' || kind === 'number' || kind === 'string')
        this.reader.fail(`non executable command in pipeline stage ${index + 1}`, commands[index]?.at ?? at);
    }
  }

  /** Operands with spaces between, up to a pipe character or the pipeline's end. */
  #command(): CommandNode {
    const { reader } = this;
    const { at } = reader.peekNonSpace();
    let args: OperandNode[] = [];
    for (;;) {
      const operand = this.#operand();
      if (operand !== undefined) {
        if (args.length === 0) args = [operand];
        else args.push(operand);
      }
      const token = reader.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right-delimiter' || token.kind === 'right-paren') reader.putBack(token);
      else if (token.kind !== 'pipe') this.unexpected(token, 'operand');
      return { kind: 'command', at, args };
    }
  }

  /** A term with the fields that follow it at once. */
  #operand(): OperandNode | undefined {
    const term = this.#term();
    if (term === undefined) return undefined;
    const { at, kind } = this.reader.peek();
    if (kind !== 'field') return term;
    const names: string[] = [];
    while (this.reader.peek().kind === 'field') names.push(this.reader.next().value.slice(1));
    switch (term.kind) {
      case 'field':
      case 'variable':
        return { kind: term.kind, at, start: term.start, names: [...term.names, ...names] } satisfies
          | FieldNode
          | VariableNode;
      case 'bool':
      case 'dot':
      case 'nil':
      case 'number':
      case 'string':
        return this.reader.fail(`unexpected . after term ${quote(printTree(term))}`, at);
      case 'identifier':
      case 'pipe':
        return { kind: 'chain', at, base: term, names } satisfies ChainNode;
    }
  }

  #term(): Exclude<OperandNode, ChainNode> | undefined {
    const token = this.reader.nextNonSpace();
    const { at, value } = token;
    switch (token.kind) {
      case 'identifier':
        if (!this.#functions.has(value)) this.reader.fail(`function ${quote(value)} not defined`, at);
        return { kind: 'identifier', at, name: value };
      case 'dot':
        return { kind: 'dot', at };
      case 'nil':
        return { kind: 'nil', at };
      case 'variable':
        if (!this.scope.has(value)) this.reader.fail(`undefined variable ${quote(value)}`, at);
        return { kind: 'variable', at, start: at, names: [value] };
      case 'field':
        return { kind: 'field', at, start: at, names: [value.slice(1)] };
      case 'bool':
        return { kind: 'bool', at, value: value === 'true' };
      case 'char-constant':
        return this.#number(token, readCharacter(value));
      case 'number':
        return this.#number(token, readNumber(value));
      case 'complex':
        return this.#number(token, readComplex(value));
      case 'string':
      case 'raw-string':
        return { kind: 'string', at, source: value, value: this.stringValue(token) };
      case 'left-paren': {
        this.descend(at);
        const pipe = this.pipeline('parenthesized pipeline', 'right-paren');
        this.ascend();
        return pipe;
      }
      default:
        this.reader.putBack(token);
        return undefined;
    }
  }

  #number({ at, value: source }: Token, reading: NumberReading): OperandNode & { kind: 'number' } {
    if ('error' in reading) return this.reader.fail(reading.error, at);
    return { kind: 'number', at, source, value: reading.value };
  }
}
