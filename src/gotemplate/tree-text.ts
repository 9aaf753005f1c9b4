import type { PipeNode, TreeNode } from './nodes.ts';
import { quote } from './quote.ts';

/** Writes a tree back as a template, as Go's messages show it: one space between words, no comments, no trim markers. */
export function printTree(node: TreeNode): string {
  switch (node.kind) {
    case 'list':
      return node.nodes.map(printTree).join('');
    case 'text':
      return node.text;
    case 'action':
      return `{{${printTree(node.pipe)}}}`;
    case 'if':
    case 'with':
    case 'range': {
      const otherwise = node.otherwise === undefined ? '' : `{{else}}${printTree(node.otherwise)}`;
      return `{{${node.kind} ${printTree(node.pipe)}}}${printTree(node.body)}${otherwise}{{end}}`;
    }
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'template': {
      const pipe = node.pipe === undefined ? '' : ` ${printTree(node.pipe)}`;
      return `{{template ${quote(node.name)}${pipe}}}`;
    }
    case 'pipe':
      return printPipe(node);
    case 'command':
      return node.args.map((arg) => (arg.kind === 'pipe' ? `(${printPipe(arg)})` : printTree(arg))).join(' ');
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'string':
    case 'number':
      return node.source;
    case 'identifier':
      return node.name;
    case 'field':
      return `.${node.names.join('.')}`;
    case 'variable':
      return node.names.join('.');
    case 'chain': {
      const base = node.base.kind === 'pipe' ? `(${printPipe(node.base)})` : printTree(node.base);
      return `${base}.${node.names.join('.')}`;
    }
    default:
      return node satisfies never;
  }
}

function printPipe(pipe: PipeNode): string {
  const commands = pipe.commands.map(printTree).join(' | ');
  if (pipe.variables.length === 0) return commands;
  return `${pipe.variables.map(printTree).join(', ')} ${pipe.assigns ? '=' : ':='} ${commands}`;
}
