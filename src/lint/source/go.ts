import { fieldType } from '../sdk/types.ts';
import { type Adapter, Conversion, calleeOf, spanOf } from './adapter.ts';
import { type FunctionNode, itemType, type Parameter, type SourceNode, typeName } from './model.ts';
import { childOf, childrenOf, type SyntaxNode } from './tree.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };

/** The value of a Go string literal. */
function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/g, (_, code: string) =>
    code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code),
  );
}

/** Statements that take no result from the call they are made of. */
const STATEMENTS = ['expression_statement', 'go_statement', 'defer_statement'];

class GoConversion extends Conversion {
  convert(node: SyntaxNode, expected = ''): SourceNode {
    const span = spanOf(node);
    switch (node.type) {
      case 'interpreted_string_literal':
      case 'raw_string_literal':
        return { kind: 'text', value: unquote(this.textOf(node)), holes: false, ...span };
      case 'int_literal':
      case 'float_literal':
        return { kind: 'number', value: Number(this.textOf(node).replaceAll('_', '')), ...span };
      case 'true':
      case 'false':
        return { kind: 'boolean', value: node.type === 'true', ...span };
      case 'nil':
        return { kind: 'nothing', ...span };
      case 'identifier':
      case 'type_identifier':
      case 'field_identifier':
      case 'package_identifier':
        return { kind: 'name', path: [this.textOf(node)], base: undefined, ...span };
      case 'qualified_type':
        return { kind: 'name', path: this.textOf(node).split('.'), base: undefined, ...span };
      case 'selector_expression': {
        const operand = childOf(node, 'operand');
        if (operand === undefined) return this.other(node);
        return this.member(this.convert(operand), this.textOf(childOf(node, 'field')), node);
      }
      case 'parenthesized_expression':
      case 'literal_element':
      case 'expression_list':
        if (node.children.length === 1) return this.convert(node.children[0] as SyntaxNode, expected);
        return this.other(node);
      case 'unary_expression': {
        const operand = childOf(node, 'operand');
        if (operand === undefined || !['&', '*'].includes(this.text[node.start] ?? ''))
          return this.other(node);
        return this.convert(operand, expected);
      }
      case 'binary_expression':
        return this.#binary(node);
      case 'composite_literal':
        return this.#literal(childOf(node, 'body') ?? node, this.textOf(childOf(node, 'type')), span);
      case 'literal_value':
        return this.#literal(node, expected, span);
      case 'call_expression':
        return this.#call(node, false);
      case 'index_expression': {
        const [of, index] = [childOf(node, 'operand'), childOf(node, 'index')];
        if (of === undefined || index === undefined) return this.other(node);
        return { kind: 'index', of: this.convert(of), index: this.convert(index), ...span };
      }
      case 'variadic_argument':
        return { kind: 'spread', value: this.convert(node.children[0] as SyntaxNode), ...span };
      case 'function_declaration':
      case 'method_declaration':
      case 'func_literal':
        return this.#function(node);
      case 'return_statement': {
        const values = node.children[0];
        // Of several results the first one is what an agent's methods answer.
        const first = values?.type === 'expression_list' ? values.children[0] : values;
        const rest = values?.type === 'expression_list' ? values.children.slice(1) : [];
        if (first === undefined) return { kind: 'return', value: undefined, ...span };
        const value = this.convert(first, this.result);
        if (rest.length === 0) return { kind: 'return', value, ...span };
        const children: SourceNode[] = [{ kind: 'return', value, ...span }, ...this.convertAll(rest)];
        return { kind: 'other', type: 'return_statement', children, ...span };
      }
      case 'const_spec':
      case 'var_spec':
        return this.#assign(
          childrenOf(node, 'name'),
          childOf(node, 'value'),
          this.textOf(childOf(node, 'type')),
          node,
        );
      case 'short_var_declaration':
      case 'assignment_statement':
        return this.#assign(childOf(node, 'left')?.children ?? [], childOf(node, 'right'), '', node);
      case 'import_spec': {
        const module = unquote(this.textOf(childOf(node, 'path')));
        const name = this.textOf(childOf(node, 'name'));
        this.imports.push({ module, name: '', alias: name || packageName(module), ...span });
        return { kind: 'other', type: node.type, children: [], ...span };
      }
      default:
        if (STATEMENTS.includes(node.type) && node.children[0]?.type === 'call_expression')
          return this.#call(node.children[0], true);
        return this.other(node);
    }
  }

  #binary(node: SyntaxNode): SourceNode {
    const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
    if (left === undefined || right === undefined) return this.other(node);
    if (!this.text.slice(left.end, right.start).includes('+')) return this.other(node);
    return { kind: 'join', parts: [this.convert(left), this.convert(right)], ...spanOf(node) };
  }

  #literal(body: SyntaxNode, type: string, span: { start: number; end: number }): SourceNode {
    const item = itemType(type);
    if (item !== undefined) {
      const items = body.children.filter((child) => child.type !== 'comment');
      for (const child of body.children) if (child.type === 'comment') this.convertAll([child]);
      return { kind: 'list', items: items.map((child) => this.convert(child, item)), ...span };
    }
    const valueType = /^map\[[^\]]*\](.*)$/s.exec(type)?.[1];
    const name = typeName(type);
    const fields = [];
    for (const child of body.children) {
      if (child.type === 'comment') {
        this.convertAll([child]);
        continue;
      }
      const [key, value] =
        child.type === 'keyed_element' ? [child.children[0], child.children.at(-1)] : [undefined, child];
      if (value === undefined) continue;
      const keyText = key === undefined ? '' : this.textOf(key);
      const fieldName = /^["`]/.test(keyText) ? unquote(keyText) : keyText;
      fields.push({
        name: fieldName,
        value: this.convert(value, valueType ?? fieldType(name, fieldName)),
        ...spanOf(child),
      });
    }
    return {
      kind: 'record',
      type: valueType === undefined && name !== '' ? name : undefined,
      isMap: valueType !== undefined,
      fields,
      spreads: [],
      ...span,
    };
  }

  #call(node: SyntaxNode, isStatement: boolean): SourceNode {
    const target = childOf(node, 'function');
    const args = childOf(node, 'arguments')?.children ?? [];
    const callee: SourceNode =
      target === undefined ? { kind: 'nothing', ...spanOf(node) } : this.convert(target);
    return {
      kind: 'call',
      ...calleeOf(callee),
      args: this.convertAll(args),
      named: [],
      isStatement,
      ...spanOf(node),
    };
  }

  #function(node: SyntaxNode): FunctionNode {
    const name = childOf(node, 'name');
    const receiver = childOf(node, 'receiver')?.children[0];
    const result = childOf(node, 'result');
    const firstResult =
      result?.type === 'parameter_list' ? childOf(result.children[0] ?? result, 'type') : result;
    const written = this.textOf(firstResult);
    const body = childOf(node, 'body');
    return {
      kind: 'function',
      name: this.textOf(name),
      nameAt: name?.start ?? node.start,
      owner: receiver === undefined ? '' : typeName(this.textOf(childOf(receiver, 'type'))),
      parameters: (childOf(node, 'parameters')?.children ?? []).flatMap((parameter) =>
        this.#parameters(parameter),
      ),
      result: written,
      body: body === undefined ? [] : this.convertBody(body.children, written),
      ...spanOf(node),
    };
  }

  #parameters(node: SyntaxNode): Parameter[] {
    const type = this.textOf(childOf(node, 'type'));
    const names = childrenOf(node, 'name').map((name) => this.textOf(name));
    return (names.length === 0 ? [''] : names).map((name) => ({ name, type }));
  }

  #assign(
    targets: readonly SyntaxNode[],
    values: SyntaxNode | undefined,
    type: string,
    node: SyntaxNode,
  ): SourceNode {
    const span = spanOf(node);
    if (values === undefined) return { kind: 'other', type: node.type, children: [], ...span };
    const items = values.type === 'expression_list' ? values.children : [values];
    const left = this.convertAll(targets);
    // `a, b := 1, 2` is two of them; `a, err := f()` is one.
    const pairs: SourceNode[] =
      items.length === left.length
        ? items.map((item, index) => ({
            kind: 'assign',
            targets: [left[index] as SourceNode],
            type,
            value: this.convert(item, type),
            ...span,
          }))
        : [{ kind: 'assign', targets: left, type, value: this.convert(values), ...span }];
    return pairs.length === 1
      ? (pairs[0] as SourceNode)
      : { kind: 'other', type: node.type, children: pairs, ...span };
  }
}

/** What Go calls a package that is imported without a name. */
function packageName(path: string): string {
  const parts = path.split('/');
  const last = parts.at(-1) ?? '';
  const name = /^v\d+$/.test(last) ? (parts.at(-2) ?? last) : last;
  return name
    .replace(/\.v\d+$/, '')
    .replace(/^go-/, '')
    .replaceAll('-', '_');
}

export const goAdapter: Adapter = {
  language: 'go',
  read(root, text) {
    const conversion = new GoConversion(text);
    const nodes = conversion.convertAll(root.children);
    return { nodes, imports: conversion.imports, comments: conversion.comments };
  },
};
