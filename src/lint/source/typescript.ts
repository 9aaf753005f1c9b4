import { fieldType } from '../sdk/types.ts';
import { type Adapter, Conversion, calleeOf, spanOf } from './adapter.ts';
import { type Field, itemType, type Parameter, type SourceNode, typeName } from './model.ts';
import { childOf, type SyntaxNode } from './tree.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/** Functions of our runtime whose argument is an object of a type of the SDK. */
const DEFINERS: Readonly<Record<string, string>> = { defineAction: 'Action', definePlugin: 'PluginInfo' };

const readEscapes = (sequence: string): string => {
  const code = /^\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2}))$/i.exec(sequence);
  const digits = code?.[1] ?? code?.[2] ?? code?.[3];
  if (digits !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(digits, 16), 0x10ffff));
  const char = sequence.slice(1);
  return ESCAPES[char] ?? char;
};

class TypeScriptConversion extends Conversion {
  #owner = '';

  convert(node: SyntaxNode, expected = ''): SourceNode {
    const span = spanOf(node);
    switch (node.type) {
      case 'string':
      case 'template_string':
        return { kind: 'text', ...this.#text(node), ...span };
      case 'number':
        return { kind: 'number', value: Number(this.textOf(node).replaceAll('_', '')), ...span };
      case 'true':
      case 'false':
        return { kind: 'boolean', value: node.type === 'true', ...span };
      case 'null':
      case 'undefined':
        return { kind: 'nothing', ...span };
      case 'identifier':
      case 'this':
      case 'super':
      case 'property_identifier':
      case 'private_property_identifier':
      case 'shorthand_property_identifier':
      case 'shorthand_property_identifier_pattern':
      case 'type_identifier':
        return { kind: 'name', path: [this.textOf(node)], base: undefined, ...span };
      case 'member_expression': {
        const object = childOf(node, 'object');
        if (object === undefined) return this.other(node);
        return this.member(this.convert(object), this.textOf(childOf(node, 'property')), node);
      }
      case 'subscript_expression': {
        const [of, index] = [childOf(node, 'object'), childOf(node, 'index')];
        if (of === undefined || index === undefined) return this.other(node);
        return { kind: 'index', of: this.convert(of), index: this.convert(index), ...span };
      }
      case 'parenthesized_expression':
      case 'await_expression':
      case 'non_null_expression':
      case 'as_expression':
      case 'satisfies_expression':
      case 'type_assertion':
        return this.#wrapped(node, expected);
      case 'array':
        return { kind: 'list', items: this.convertAll(node.children, itemType(expected) ?? ''), ...span };
      case 'spread_element':
        return { kind: 'spread', value: this.convert(node.children[0] as SyntaxNode), ...span };
      case 'object':
        return this.#object(node, expected);
      case 'binary_expression': {
        const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
        if (left === undefined || right === undefined) return this.other(node);
        if (this.text.slice(left.end, right.start).trim() !== '+') return this.other(node);
        return { kind: 'join', parts: [this.convert(left), this.convert(right)], ...span };
      }
      case 'call_expression':
      case 'new_expression':
        return this.#call(node, false);
      case 'expression_statement': {
        const [only] = node.children;
        const inner = only?.type === 'await_expression' ? only.children[0] : only;
        if (inner?.type === 'call_expression') return this.#call(inner, true);
        return only === undefined ? this.other(node) : this.convert(only);
      }
      case 'variable_declarator':
      case 'public_field_definition':
        return this.#assign(childOf(node, 'name'), childOf(node, 'value'), node);
      case 'assignment_expression':
        return this.#assign(childOf(node, 'left'), childOf(node, 'right'), node);
      case 'function_declaration':
      case 'function_expression':
      case 'generator_function_declaration':
      case 'arrow_function':
      case 'method_definition':
        return this.#function(node);
      case 'class_declaration':
      case 'abstract_class_declaration':
      case 'class':
        return this.#class(node);
      case 'return_statement': {
        const [value] = node.children.filter(({ type }) => type !== 'comment');
        return {
          kind: 'return',
          value: value === undefined ? undefined : this.convert(value, this.result),
          ...span,
        };
      }
      case 'import_statement':
        return this.#import(node);
      case 'export_statement': {
        const source = childOf(node, 'source');
        if (source !== undefined)
          this.imports.push({ module: this.#text(source).value, name: '*', alias: '', ...span });
        return this.other(node);
      }
      case 'type_annotation':
      case 'type_alias_declaration':
      case 'interface_declaration':
        return { kind: 'other', type: node.type, children: [], ...span };
      default:
        return this.other(node);
    }
  }

  #wrapped(node: SyntaxNode, expected: string): SourceNode {
    const inner = node.children.filter(({ type }) => type !== 'comment');
    // `<T>x` has its type first, the others last.
    const value = node.type === 'type_assertion' ? inner.at(-1) : inner[0];
    if (value === undefined) return this.other(node);
    const type = inner.length > 1 && node.type !== 'type_assertion' ? this.textOf(inner[1]) : '';
    return this.convert(value, expected || (type === 'const' ? '' : type));
  }

  #text(node: SyntaxNode): { value: string; holes: boolean } {
    let value = '';
    let holes = false;
    for (const child of node.children) {
      if (child.type === 'string_fragment') value += this.textOf(child);
      else if (child.type === 'escape_sequence') value += readEscapes(this.textOf(child));
      else if (child.type === 'template_substitution') holes = true;
    }
    return { value, holes };
  }

  #keyOf(node: SyntaxNode): string {
    return node.type === 'string' ? this.#text(node).value : this.textOf(node);
  }

  #object(node: SyntaxNode, expected: string): SourceNode {
    const type = typeName(expected) || undefined;
    const fields: Field[] = [];
    const spreads: SourceNode[] = [];
    for (const child of node.children) {
      const span = spanOf(child);
      if (child.type === 'pair') {
        const [key, value] = [childOf(child, 'key'), childOf(child, 'value')];
        if (key === undefined || value === undefined) continue;
        const name = this.#keyOf(key);
        fields.push({ name, value: this.#named(value, name, fieldType(type, name)), ...span });
      } else if (child.type === 'shorthand_property_identifier') {
        fields.push({ name: this.textOf(child), value: this.convert(child), ...span });
      } else if (child.type === 'method_definition') {
        fields.push({ name: this.textOf(childOf(child, 'name')), value: this.convert(child), ...span });
      } else if (child.type === 'spread_element') {
        spreads.push(...this.convertAll(child.children));
      } else this.convertAll([child]);
    }
    return { kind: 'record', type, isMap: false, fields, spreads, ...spanOf(node) };
  }

  /** A function that is a value gets the name of what holds it. */
  #named(node: SyntaxNode, name: string, expected: string): SourceNode {
    const value = this.convert(node, expected);
    return value.kind === 'function' && value.name === '' ? { ...value, name } : value;
  }

  #call(node: SyntaxNode, isStatement: boolean): SourceNode {
    const target = childOf(node, 'function') ?? childOf(node, 'constructor');
    const args = childOf(node, 'arguments')?.children ?? [];
    if (target?.type === 'import') this.#dynamicImport(args[0], node);
    const callee: SourceNode =
      target === undefined ? { kind: 'nothing', ...spanOf(node) } : this.convert(target);
    const type = callee.kind === 'name' ? DEFINERS[callee.path.at(-1) ?? ''] : undefined;
    return {
      kind: 'call',
      ...calleeOf(callee),
      args: this.convertAll(args, type ?? ''),
      named: [],
      isStatement,
      ...spanOf(node),
    };
  }

  #dynamicImport(source: SyntaxNode | undefined, node: SyntaxNode): void {
    if (source?.type === 'string')
      this.imports.push({ module: this.#text(source).value, name: '*', alias: '', ...spanOf(node) });
  }

  #assign(left: SyntaxNode | undefined, right: SyntaxNode | undefined, node: SyntaxNode): SourceNode {
    const type = this.textOf(childOf(node, 'type')).replace(/^:\s*/, '');
    if (left === undefined || right === undefined)
      return { kind: 'other', type: node.type, children: [], ...spanOf(node) };
    const name = left.type === 'member_expression' ? childOf(left, 'property') : left;
    return {
      kind: 'assign',
      targets: left.type === 'object_pattern' ? this.#pattern(left) : [this.convert(left)],
      type,
      value: this.#named(right, this.textOf(name), type),
      ...spanOf(node),
    };
  }

  /** `{ a, b: c = 1 }` takes a and b. */
  #pattern(node: SyntaxNode): SourceNode[] {
    return node.children.map((child): SourceNode => {
      const key = childOf(child, 'key') ?? childOf(child, 'left') ?? child;
      return { kind: 'name', path: [this.#keyOf(key)], base: undefined, ...spanOf(child) };
    });
  }

  #function(node: SyntaxNode): SourceNode {
    const name = childOf(node, 'name');
    const body = childOf(node, 'body');
    const result = this.textOf(childOf(node, 'return_type')).replace(/^:\s*/, '');
    const owner = this.#owner;
    this.#owner = '';
    const single = childOf(node, 'parameter');
    const parameters = single === undefined ? (childOf(node, 'parameters')?.children ?? []) : [single];
    let converted: SourceNode[] = [];
    if (body?.type === 'statement_block') converted = this.convertBody(body.children, result);
    else if (body !== undefined) {
      const value = this.convert(body, result);
      converted = [{ kind: 'return', value, ...spanOf(body) }];
    }
    this.#owner = owner;
    return {
      kind: 'function',
      name: this.textOf(name),
      nameAt: name?.start ?? node.start,
      owner,
      parameters: parameters.flatMap((parameter) => this.#parameter(parameter)),
      result,
      body: converted,
      ...spanOf(node),
    };
  }

  #parameter(node: SyntaxNode): Parameter[] {
    const pattern = childOf(node, 'pattern') ?? node;
    const type = this.textOf(childOf(node, 'type')).replace(/^:\s*/, '');
    if (pattern.type === 'object_pattern')
      return this.#pattern(pattern).map((name) => ({
        name: name.kind === 'name' ? (name.path[0] ?? '') : '',
        type: '',
      }));
    return [{ name: this.textOf(pattern), type }];
  }

  #class(node: SyntaxNode): SourceNode {
    const name = childOf(node, 'name');
    const outer = this.#owner;
    this.#owner = this.textOf(name);
    const members = this.convertAll(childOf(node, 'body')?.children ?? []);
    this.#owner = outer;
    const heritage = node.children.find(({ type }) => type === 'class_heritage');
    return {
      kind: 'class',
      name: this.textOf(name),
      nameAt: name?.start ?? node.start,
      bases: (heritage?.children ?? []).flatMap(({ children }) =>
        children.map((base) => typeName(this.textOf(base))),
      ),
      members,
      ...spanOf(node),
    };
  }

  #import(node: SyntaxNode): SourceNode {
    const source = childOf(node, 'source');
    const module = source === undefined ? '' : this.#text(source).value;
    const clause = node.children.find(({ type }) => type === 'import_clause');
    const add = (name: string, alias: string, at: SyntaxNode) =>
      this.imports.push({ module, name, alias, ...spanOf(at) });
    if (clause === undefined) add('', '', node);
    for (const part of clause?.children ?? []) {
      if (part.type === 'identifier') add('default', this.textOf(part), part);
      else if (part.type === 'namespace_import') add('', this.textOf(part.children[0]), part);
      else
        for (const item of part.children) {
          const name = this.textOf(childOf(item, 'name'));
          add(name, this.textOf(childOf(item, 'alias')) || name, item);
        }
    }
    return { kind: 'other', type: node.type, children: [], ...spanOf(node) };
  }
}

export const typescriptAdapter: Adapter = {
  language: 'typescript',
  read(root, text) {
    const conversion = new TypeScriptConversion(text);
    const nodes = conversion.convertAll(root.children);
    return { nodes, imports: conversion.imports, comments: conversion.comments };
  },
};
