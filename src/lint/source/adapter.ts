import type { LanguageId } from '../../project/index.ts';
import type { Comment, Import, SourceModel, SourceNode } from './model.ts';
import type { SyntaxNode } from './tree.ts';

/** Turns one language's syntax tree into the neutral picture. */
export interface Adapter {
  readonly language: LanguageId;
  read(root: SyntaxNode, text: string): SourceModel;
}

/** What all three conversions need. */
export abstract class Conversion {
  readonly imports: Import[] = [];
  readonly comments: Comment[] = [];
  readonly text: string;
  /** The type that the function around what is converted gives, as written. */
  result = '';

  constructor(text: string) {
    this.text = text;
  }

  /** @param expected the type that the context wants, as written; empty for none */
  abstract convert(node: SyntaxNode, expected?: string): SourceNode;

  textOf(node: SyntaxNode | undefined): string {
    return node === undefined ? '' : this.text.slice(node.start, node.end);
  }

  convertAll(nodes: readonly SyntaxNode[], expected = ''): SourceNode[] {
    const converted: SourceNode[] = [];
    for (const node of nodes) {
      if (node.type === 'comment') this.comments.push({ ...spanOf(node), text: this.textOf(node) });
      else converted.push(this.convert(node, expected));
    }
    return converted;
  }

  other(node: SyntaxNode): SourceNode {
    return { kind: 'other', type: node.type, children: this.convertAll(node.children), ...spanOf(node) };
  }

  /** Converts the body of a function whose result has a written type. */
  convertBody(nodes: readonly SyntaxNode[], result: string): SourceNode[] {
    const outer = this.result;
    this.result = result;
    const body = this.convertAll(nodes);
    this.result = outer;
    return body;
  }

  /** `a.b` from the converted `a`. */
  member(of: SourceNode, name: string, node: SyntaxNode): SourceNode {
    if (of.kind === 'name') return { ...of, path: [...of.path, name], ...spanOf(node) };
    return { kind: 'name', path: ['?', name], base: of, ...spanOf(node) };
  }
}

export const spanOf = ({ start, end }: SyntaxNode) => ({ start, end });

/** The path of what is called, and what it is called on where that is computed. */
export function calleeOf(callee: SourceNode): { callee: readonly string[]; base: SourceNode | undefined } {
  if (callee.kind === 'name') return { callee: callee.path, base: callee.base };
  return { callee: ['?'], base: callee };
}
