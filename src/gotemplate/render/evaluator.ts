import type { BranchNode, ListNode, PipeNode, Template, TemplateNode, TreeNode } from '../nodes.ts';
import { quote } from '../quote.ts';
import { Expressions } from './expressions.ts';
import { RenderFailure } from './failure.ts';
import { checkText } from './functions.ts';
import { MAX_OUTPUT, type Meter } from './meter.ts';
import { sprint } from './printf.ts';
import { entryOf, fromJson, intOf, NONE, sortedKeys, stringOf, type Value } from './value.ts';

/** What ends an iteration early. */
type Jump = 'break' | 'continue' | undefined;

/** Where the evaluator is, for messages. */
export interface ExecutionPlace {
  readonly definition: string;
  readonly node: TreeNode | undefined;
}

/** Executes a template on JSON data. */
export class Evaluator {
  readonly #template: Template;
  readonly #meter: Meter;
  readonly #expressions: Expressions;
  readonly #parts: string[] = [];
  #length = 0;
  #definition: string;

  constructor(template: Template, meter: Meter) {
    this.#template = template;
    this.#meter = meter;
    this.#expressions = new Expressions(meter);
    this.#definition = template.name;
  }

  get output(): string {
    return this.#parts.join('');
  }

  get place(): ExecutionPlace {
    return { definition: this.#definition, node: this.#expressions.node };
  }

  /** Renders the template's own body. */
  run(data: Value): void {
    const body = this.#template.definitions.get(this.#template.name)?.body;
    this.#expressions.variables = [{ name: '$', value: data }];
    if (body !== undefined) this.#list(data, body);
  }

  #write(text: string): void {
    this.#length += text.length;
    if (this.#length > MAX_OUTPUT)
      throw new RenderFailure('limit', `the preview stops after ${MAX_OUTPUT} characters of output`);
    this.#parts.push(text);
  }

  #list(dot: Value, list: ListNode): Jump {
    for (const node of list.nodes) {
      this.#meter.spend(1);
      this.#expressions.node = node;
      switch (node.kind) {
        case 'text':
          this.#write(node.text);
          break;
        case 'action': {
          const value = this.#expressions.pipe(dot, node.pipe);
          if (node.pipe.variables.length === 0) this.#print(value);
          break;
        }
        case 'if':
        case 'with':
        case 'range': {
          const jump = this.#expressions.deeper(() => this.#branch(dot, node));
          if (jump !== undefined) return jump;
          break;
        }
        case 'break':
        case 'continue':
          return node.kind;
        case 'template':
          this.#expressions.deeper(() => this.#call(dot, node));
          break;
        default:
          return node satisfies never;
      }
    }
    return undefined;
  }

  #print(value: Value): void {
    if (value.kind === 'none') this.#write('<no value>');
    else this.#write(checkText(sprint([value], this.#meter)));
  }

  #branch(dot: Value, node: BranchNode): Jump {
    const mark = this.#expressions.variables.length;
    const jump = node.kind === 'range' ? this.#range(dot, node) : this.#choose(dot, node);
    this.#expressions.variables.length = mark;
    return jump;
  }

  #choose(dot: Value, node: BranchNode): Jump {
    const value = this.#expressions.pipe(dot, node.pipe);
    if (this.#expressions.truth(value)) return this.#list(node.kind === 'with' ? value : dot, node.body);
    return node.otherwise === undefined ? undefined : this.#list(dot, node.otherwise);
  }

  #range(dot: Value, node: BranchNode): Jump {
    const value = this.#expressions.pipe(dot, node.pipe);
    const iterations = this.#iterations(value, node.pipe);
    const mark = this.#expressions.variables.length;
    let any = false;
    for (const [key, element] of iterations) {
      any = true;
      this.#meter.spend(1);
      this.#iterationVariables(node.pipe, key, element);
      const jump = this.#list(element, node.body);
      this.#expressions.variables.length = mark;
      if (jump === 'break') break;
    }
    return any || node.otherwise === undefined ? undefined : this.#list(dot, node.otherwise);
  }

  /** Keys and elements, one by one. */
  #iterations(value: Value, pipe: PipeNode): Iterable<readonly [Value, Value]> {
    switch (value.kind) {
      case 'none':
      case 'nil':
        return [];
      case 'list':
        return listElements(value.items);
      case 'map':
        this.#meter.spend(Object.keys(value.entries).length);
        return mapEntries(value.entries);
      case 'int':
      case 'uint8':
        if (pipe.variables.length > 1)
          this.#expressions.fail(`can't use ${value.value} to iterate over more than one variable`);
        return countUpTo(value);
      default:
        return this.#expressions.fail(`range can't iterate over ${sprint([value], this.#meter)}`);
    }
  }

  /** One variable is the element, two are key and element. */
  #iterationVariables({ variables, assigns }: PipeNode, key: Value, element: Value): void {
    const values = variables.length > 1 ? [key, element] : [element];
    variables.forEach(({ names: [name = ''] }, index) => {
      const value = values[index] ?? NONE;
      if (assigns) this.#expressions.assign(name, value);
      else {
        const variable =
          this.#expressions.variables[this.#expressions.variables.length - variables.length + index];
        if (variable !== undefined) variable.value = value;
      }
    });
  }

  #call(dot: Value, node: TemplateNode): void {
    const definition = this.#template.definitions.get(node.name);
    if (definition === undefined) {
      this.#expressions.fail(`template ${quote(node.name)} not defined`);
      return;
    }
    const data = node.pipe === undefined ? NONE : this.#expressions.pipe(dot, node.pipe);
    const caller = this.#expressions.variables;
    const callerName = this.#definition;
    this.#expressions.variables = [{ name: '$', value: data }];
    this.#definition = definition.name;
    this.#list(data, definition.body);
    this.#expressions.variables = caller;
    this.#definition = callerName;
  }
}

function* listElements(items: readonly unknown[]): Generator<readonly [Value, Value]> {
  for (const [index, item] of items.entries()) yield [intOf(index), fromJson(item, true)];
}

function* mapEntries(entries: Parameters<typeof sortedKeys>[0]): Generator<readonly [Value, Value]> {
  for (const key of sortedKeys(entries)) yield [stringOf(key), entryOf(entries, key)];
}

function* countUpTo(limit: Value & { kind: 'int' | 'uint8' }): Generator<readonly [Value, Value]> {
  for (let count = 0n; count < limit.value; count++) yield [NONE, { ...limit, value: count }];
}
