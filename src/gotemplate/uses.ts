import type { CommandNode, ListNode, OperandNode, PipeNode, Template } from './nodes.ts';
import { type Place, PlaceFinder } from './place.ts';

/** A field of the data: `.a.b`, `$.a.b`, `$x.a` or `(…).a`. */
export interface FieldUse extends Place {
  readonly path: readonly string[];
  /**
   * What the path starts from: the data the template was given (`root`), a dot that `with` or `range` has moved (`dot`), a
   * declared variable, or the value of a pipeline. In a `define` or `block`, the root is what its caller hands over.
   */
  readonly base: 'root' | 'dot' | 'variable' | 'value';
  /** The variable's name with its dollar sign, where the base is one. */
  readonly variable?: string;
  /** The definition it stands in. */
  readonly definition: string;
}

/** A variable, a function or a template that is used by name. */
export interface NameUse extends Place {
  readonly name: string;
  /** The definition it stands in. */
  readonly definition: string;
}

/** Everything that a template refers to, in the order of each definition's text. */
export interface TemplateUses {
  readonly fields: readonly FieldUse[];
  /** Uses and declarations, `$` too. */
  readonly variables: readonly NameUse[];
  readonly functions: readonly NameUse[];
  readonly templates: readonly NameUse[];
}

/** Lists what a template, with all it defines, takes from outside. */
export function listTemplateVariables(template: Template): TemplateUses {
  const collector = new Collector(template);
  for (const { name, body } of template.definitions.values()) collector.collect(name, body);
  return collector.uses;
}

class Collector {
  readonly uses = {
    fields: [] as FieldUse[],
    variables: [] as NameUse[],
    functions: [] as NameUse[],
    templates: [] as NameUse[],
  };
  readonly #places: PlaceFinder;
  #definition = '';

  constructor(template: Template) {
    this.#places = new PlaceFinder(template.text);
  }

  collect(definition: string, body: ListNode): void {
    this.#definition = definition;
    this.#list(body, true);
  }

  /** @param atRoot whether dot is still what the definition was given */
  #list(list: ListNode, atRoot: boolean): void {
    for (const node of list.nodes) {
      switch (node.kind) {
        case 'text':
        case 'break':
        case 'continue':
          break;
        case 'action':
          this.#pipe(node.pipe, atRoot);
          break;
        case 'if':
        case 'with':
        case 'range':
          this.#pipe(node.pipe, atRoot);
          this.#list(node.body, atRoot && node.kind === 'if');
          if (node.otherwise !== undefined) this.#list(node.otherwise, atRoot);
          break;
        case 'template':
          this.uses.templates.push(this.#name(node.name, node.at));
          if (node.pipe !== undefined) this.#pipe(node.pipe, atRoot);
          break;
        default:
          node satisfies never;
      }
    }
  }

  #pipe(pipe: PipeNode, atRoot: boolean): void {
    for (const variable of pipe.variables) this.#operand(variable, atRoot);
    for (const command of pipe.commands) this.#command(command, atRoot);
  }

  #command(command: CommandNode, atRoot: boolean): void {
    for (const operand of command.args) this.#operand(operand, atRoot);
  }

  #operand(node: OperandNode, atRoot: boolean): void {
    switch (node.kind) {
      case 'dot':
      case 'nil':
      case 'bool':
      case 'string':
      case 'number':
        break;
      case 'identifier':
        this.uses.functions.push(this.#name(node.name, node.at));
        break;
      case 'field':
        this.#field(node.names, atRoot ? 'root' : 'dot', node.start);
        break;
      case 'variable': {
        const [name = '', ...path] = node.names;
        this.uses.variables.push(this.#name(name, node.start));
        if (path.length > 0) this.#field(path, name === '$' ? 'root' : 'variable', node.start, name);
        break;
      }
      case 'chain':
        this.#operand(node.base, atRoot);
        this.#field(node.names, 'value', node.at);
        break;
      case 'pipe':
        this.#pipe(node, atRoot);
        break;
      default:
        node satisfies never;
    }
  }

  #field(path: readonly string[], base: FieldUse['base'], at: number, variable?: string): void {
    const place = this.#places.placeOf(at);
    const named = base === 'variable' && variable !== undefined ? { variable } : {};
    this.uses.fields.push({ path, base, ...named, definition: this.#definition, ...place });
  }

  #name(name: string, at: number): NameUse {
    return { name, definition: this.#definition, ...this.#places.placeOf(at) };
  }
}
