import type { LanguageId } from '../../project/index.ts';
import {
  type CallNode,
  type ClassNode,
  type Comment,
  type FunctionNode,
  type Import,
  partsOf,
  type RecordNode,
  type SourceModel,
  type SourceNode,
  type TextNode,
} from './model.ts';

/** A place that a person can go to; 1-based, columns in UTF-16 units as editors count. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * What a file is for: `agent` is what the agent's process loads, `test` tests it, `tool` is for its developers
 * (a dev backend, a build's configuration).
 */
export type FileRole = 'agent' | 'test' | 'tool';

/** One source file, in the neutral picture, with what rules ask for most at hand. */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  readonly language: LanguageId;
  readonly model: SourceModel;
  /** Where the grammar could not read on. */
  readonly faultAt: number | undefined;
  /** Every node, in the order of the source. */
  readonly nodes: readonly SourceNode[];
  readonly calls: readonly CallNode[];
  readonly texts: readonly TextNode[];
  readonly records: readonly RecordNode[];
  readonly functions: readonly FunctionNode[];
  readonly classes: readonly ClassNode[];
  role: FileRole = 'tool';
  readonly #around = new Map<SourceNode, FunctionNode>();
  #lineStarts: readonly number[] | undefined;

  constructor(
    path: string,
    text: string,
    language: LanguageId,
    model: SourceModel,
    faultAt: number | undefined,
  ) {
    this.path = path;
    this.text = text;
    this.language = language;
    this.model = model;
    this.faultAt = faultAt;
    const nodes: SourceNode[] = [];
    const calls: CallNode[] = [];
    const texts: TextNode[] = [];
    const records: RecordNode[] = [];
    const functions: FunctionNode[] = [];
    const classes: ClassNode[] = [];
    const visit = (node: SourceNode, around: FunctionNode | undefined): void => {
      let inside = around;
      nodes.push(node);
      if (node.kind === 'call') calls.push(node);
      else if (node.kind === 'text') texts.push(node);
      else if (node.kind === 'record') records.push(node);
      else if (node.kind === 'class') classes.push(node);
      else if (node.kind === 'function') {
        functions.push(node);
        inside = node;
      }
      if (around !== undefined) this.#around.set(node, around);
      for (const part of partsOf(node)) visit(part, inside);
    };
    for (const node of model.nodes) visit(node, undefined);
    this.nodes = nodes;
    this.calls = calls;
    this.texts = texts;
    this.records = records;
    this.functions = functions;
    this.classes = classes;
  }

  get imports(): readonly Import[] {
    return this.model.imports;
  }

  get comments(): readonly Comment[] {
    return this.model.comments;
  }

  placeAt(offset: number): Place {
    this.#lineStarts ??= lineStartsOf(this.text);
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.path, line: low + 1, column: offset - (starts[low] as number) + 1 };
  }

  placeOf(node: { readonly start: number }): Place {
    return this.placeAt(node.start);
  }

  /** As it is written. */
  sourceOf(node: { readonly start: number; readonly end: number }): string {
    return this.text.slice(node.start, node.end);
  }

  /** The innermost function around a node. */
  functionAround(node: SourceNode): FunctionNode | undefined {
    return this.#around.get(node);
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** A node and the file it stands in. */
export interface Found<T extends SourceNode = SourceNode> {
  readonly file: SourceFile;
  readonly node: T;
}
