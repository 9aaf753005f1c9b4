import { fieldType, SDK_TYPES } from '../sdk/types.ts';
import { type Adapter, Conversion, calleeOf, spanOf } from './adapter.ts';
import { type Field, itemType, type Parameter, type SourceNode, typeName } from './model.ts';
import { childOf, childrenOf, type SyntaxNode } from './tree.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

const readEscapes = (text: string) =>
  text.replace(
    /\\([\s\S])/g,
    (whole, char: string) => ESCAPES[char] ?? (/["'\\{]/.test(char) ? char : whole),
  );

class PythonConversion extends Conversion {
  #owner = '';

  convert(node: SyntaxNode, expected = ''): SourceNode {
    const span = spanOf(node);
    switch (node.type) {
      case 'string':
        return { kind: 'text', ...this.#text(node), ...span };
      case 'concatenated_string': {
        const parts = node.children.filter(({ type }) => type === 'string').map((part) => this.#text(part));
        const value = parts.map((part) => part.value).join('');
        return { kind: 'text', value, holes: parts.some(({ holes }) => holes), ...span };
      }
      case 'integer':
      case 'float':
        return { kind: 'number', value: Number(this.textOf(node).replaceAll('_', '')), ...span };
      case 'true':
      case 'false':
        return { kind: 'boolean', value: node.type === 'true', ...span };
      case 'none':
        return { kind: 'nothing', ...span };
      case 'identifier':
        return { kind: 'name', path: [this.textOf(node)], base: undefined, ...span };
      case 'dotted_name':
        return { kind: 'name', path: this.textOf(node).split('.'), base: undefined, ...span };
      case 'attribute': {
        const object = childOf(node, 'object');
        if (object === undefined) return this.other(node);
        return this.member(this.convert(object), this.textOf(childOf(node, 'attribute')), node);
      }
      case 'subscript': {
        const [of, index] = [childOf(node, 'value'), childOf(node, 'subscript')];
        if (of === undefined || index === undefined) return this.other(node);
        return { kind: 'index', of: this.convert(of), index: this.convert(index), ...span };
      }
      case 'parenthesized_expression':
      case 'await':
      case 'type': {
        const inner = node.children.filter(({ type }) => type !== 'comment');
        const [only] = inner;
        return inner.length === 1 && only !== undefined ? this.convert(only, expected) : this.other(node);
      }
      case 'list':
      case 'tuple':
        return { kind: 'list', items: this.convertAll(node.children, itemType(expected) ?? ''), ...span };
      case 'list_splat':
        return { kind: 'spread', value: this.convert(node.children[0] as SyntaxNode), ...span };
      case 'dictionary':
        return this.#dictionary(node);
      case 'binary_operator': {
        const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
        if (left === undefined || right === undefined) return this.other(node);
        if (!this.text.slice(left.end, right.start).includes('+')) return this.other(node);
        return { kind: 'join', parts: [this.convert(left), this.convert(right)], ...span };
      }
      case 'call':
        return this.#call(node, false);
      case 'expression_statement': {
        const [only] = node.children;
        const inner = only?.type === 'await' ? only.children[0] : only;
        return inner?.type === 'call' ? this.#call(inner, true) : this.#statement(node);
      }
      case 'assignment':
      case 'named_expression': {
        const left = childOf(node, 'left') ?? childOf(node, 'name');
        const right = childOf(node, 'right') ?? childOf(node, 'value');
        if (left === undefined || right === undefined) return this.other(node);
        const type = this.textOf(childOf(node, 'type'));
        const targets = left.type === 'pattern_list' ? this.convertAll(left.children) : [this.convert(left)];
        return { kind: 'assign', targets, type, value: this.convert(right, type), ...span };
      }
      case 'function_definition':
      case 'lambda':
        return this.#function(node);
      case 'class_definition':
        return this.#class(node);
      case 'return_statement': {
        const [value] = node.children;
        return {
          kind: 'return',
          value: value === undefined ? undefined : this.convert(value, this.result),
          ...span,
        };
      }
      case 'import_statement':
      case 'import_from_statement':
        return this.#import(node);
      default:
        return this.other(node);
    }
  }

  #statement(node: SyntaxNode): SourceNode {
    const [only] = node.children;
    return only === undefined || node.children.length > 1 ? this.other(node) : this.convert(only);
  }

  #text(node: SyntaxNode): { value: string; holes: boolean } {
    const isRaw = /^[a-z]*r[a-z]*["']/i.test(this.text.slice(node.start, node.start + 4));
    let value = '';
    let holes = false;
    for (const child of node.children) {
      if (child.type === 'string_content') {
        const content = this.textOf(child);
        value += isRaw ? content : readEscapes(content);
      } else if (child.type === 'interpolation') holes = true;
    }
    return { value, holes };
  }

  #dictionary(node: SyntaxNode): SourceNode {
    const fields: Field[] = [];
    const spreads: SourceNode[] = [];
    for (const child of node.children) {
      const [key, value] = [childOf(child, 'key'), childOf(child, 'value')];
      if (child.type === 'dictionary_splat') spreads.push(...this.convertAll(child.children));
      else if (key === undefined || value === undefined) this.convertAll([child]);
      else {
        const name = key.type === 'string' ? this.#text(key).value : this.textOf(key);
        fields.push({ name, value: this.convert(value), ...spanOf(child) });
      }
    }
    return { kind: 'record', type: undefined, isMap: true, fields, spreads, ...spanOf(node) };
  }

  #call(node: SyntaxNode, isStatement: boolean): SourceNode {
    const target = childOf(node, 'function');
    const list = childOf(node, 'arguments');
    const callee: SourceNode =
      target === undefined ? { kind: 'nothing', ...spanOf(node) } : this.convert(target);
    const path = callee.kind === 'name' ? callee.path : ['?'];
    const type = path.at(-1) ?? '';
    const args: SourceNode[] = [];
    const named: Field[] = [];
    const spreads: SourceNode[] = [];
    // A generator is the one argument without a list around it.
    for (const child of list?.type === 'argument_list' ? list.children : list === undefined ? [] : [list]) {
      if (child.type === 'keyword_argument') {
        const name = this.textOf(childOf(child, 'name'));
        const value = childOf(child, 'value');
        if (value !== undefined)
          named.push({ name, value: this.convert(value, fieldType(type, name)), ...spanOf(child) });
      } else if (child.type === 'dictionary_splat') spreads.push(...this.convertAll(child.children));
      else args.push(...this.convertAll([child]));
    }
    const order = SDK_TYPES[type];
    if (order !== undefined) {
      const positional = args.map((value, index): Field => {
        const { start, end } = value;
        return { name: order[index]?.name ?? '', value, start, end };
      });
      return {
        kind: 'record',
        type,
        isMap: false,
        fields: [...positional, ...named],
        spreads,
        ...spanOf(node),
      };
    }
    return {
      kind: 'call',
      ...calleeOf(callee),
      args: [...args, ...spreads],
      named,
      isStatement,
      ...spanOf(node),
    };
  }

  #function(node: SyntaxNode): SourceNode {
    const name = childOf(node, 'name');
    const body = childOf(node, 'body');
    const result = this.textOf(childOf(node, 'return_type')).replace(/^["'](.*)["']$/, '$1');
    const owner = this.#owner;
    this.#owner = '';
    const converted =
      body === undefined ? [] : this.convertBody(body.type === 'block' ? body.children : [body], result);
    this.#owner = owner;
    const parameters = childOf(node, 'parameters')?.children ?? [];
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
    if (node.type === 'identifier') return [{ name: this.textOf(node), type: '' }];
    const name = childOf(node, 'name') ?? node.children.find(({ type }) => type === 'identifier');
    return name === undefined ? [] : [{ name: this.textOf(name), type: this.textOf(childOf(node, 'type')) }];
  }

  #class(node: SyntaxNode): SourceNode {
    const name = childOf(node, 'name');
    const outer = this.#owner;
    this.#owner = this.textOf(name);
    const members = this.convertAll(childOf(node, 'body')?.children ?? []);
    this.#owner = outer;
    return {
      kind: 'class',
      name: this.textOf(name),
      nameAt: name?.start ?? node.start,
      bases: (childOf(node, 'superclasses')?.children ?? []).map((base) => typeName(this.textOf(base))),
      members,
      ...spanOf(node),
    };
  }

  #import(node: SyntaxNode): SourceNode {
    const from = this.textOf(childOf(node, 'module_name'));
    const isFrom = node.type === 'import_from_statement';
    for (const item of childrenOf(node, 'name')) {
      const name = this.textOf(childOf(item, 'name') ?? item);
      const alias = this.textOf(childOf(item, 'alias'));
      this.imports.push(
        isFrom
          ? { module: from, name, alias: alias || name, ...spanOf(item) }
          : { module: name, name: '', alias: alias || (name.split('.')[0] as string), ...spanOf(item) },
      );
    }
    if (isFrom && childrenOf(node, 'name').length === 0)
      this.imports.push({ module: from, name: '*', alias: '*', ...spanOf(node) });
    return { kind: 'other', type: node.type, children: [], ...spanOf(node) };
  }
}

export const pythonAdapter: Adapter = {
  language: 'python',
  read(root, text) {
    const conversion = new PythonConversion(text);
    const nodes = conversion.convertAll(root.children);
    return { nodes, imports: conversion.imports, comments: conversion.comments };
  },
};
