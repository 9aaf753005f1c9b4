import type { Lexer } from './lexer.ts';
import type { BodyNode, BranchNode, Definition, ListNode, TemplateNode } from './nodes.ts';
import { PipelineParser } from './pipeline-parser.ts';
import { quote } from './quote.ts';
import type { Token } from './token.ts';
import { TokenReader } from './token-reader.ts';

/** What all trees of one template share. */
export interface Surroundings {
  readonly lexer: Lexer;
  readonly templateName: string;
  readonly functions: ReadonlySet<string>;
  readonly definitions: Map<string, Definition>;
  readonly lineOf: (at: number) => number;
}

/** What ends a list of nodes. */
interface ListEnd {
  readonly kind: 'end' | 'else';
  readonly at: number;
}

/** Parses one tree: the template's own, or that of a `define` or a `block` (text/template, "Actions"). */
export class TreeParser {
  readonly #shared: Surroundings;
  readonly #reader: TokenReader;
  readonly #pipelines: PipelineParser;
  #openRanges = 0;

  /** @param depth how deep the tree lies in others */
  constructor(shared: Surroundings, depth: number) {
    this.#shared = shared;
    this.#reader = new TokenReader(shared.lexer);
    this.#pipelines = new PipelineParser(this.#reader, { ...shared, depth });
  }

  /** The whole text. `define` may only stand here. */
  parseAll(): void {
    const reader = this.#reader;
    const nodes: BodyNode[] = [];
    const { at } = reader.peek();
    while (reader.peek().kind !== 'eof') {
      if (this.#startsDefine()) {
        new TreeParser(this.#shared, this.#pipelines.depth).#define();
        continue;
      }
      const node = this.#textOrAction();
      if (isListEnd(node)) reader.fail(`unexpected {{${node.kind}}}`, node.at);
      else nodes.push(node);
    }
    this.#add({ name: this.#shared.templateName, body: { kind: 'list', at, nodes } }, at);
  }

  /** Reads `{{define`, or nothing. */
  #startsDefine(): boolean {
    const reader = this.#reader;
    const delimiter = reader.next();
    if (delimiter.kind === 'left-delimiter') {
      const word = reader.nextNonSpace();
      if (word.kind === 'define') return true;
      reader.putBack(word);
    }
    reader.putBack(delimiter);
    return false;
  }

  #define(): void {
    const context = 'define clause';
    const nameToken = this.#reader.nextNonSpace();
    const name = this.#templateName(nameToken, context);
    this.#pipelines.expect('right-delimiter', context);
    const { list, end } = this.#list();
    if (end.kind !== 'end') this.#reader.fail(`unexpected {{${end.kind}}} in ${context}`, end.at);
    this.#add({ name, body: list }, nameToken.at);
  }

  /** An empty tree never replaces another, and is replaced by any. */
  #add(definition: Definition, at: number): void {
    const { definitions } = this.#shared;
    const known = definitions.get(definition.name);
    if (known === undefined || isEmpty(known.body)) definitions.set(definition.name, definition);
    else if (!isEmpty(definition.body))
      this.#reader.fail(`template: multiple definition of template ${quote(definition.name)}`, at);
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'raw-string') this.#pipelines.unexpected(token, context);
    return this.#pipelines.stringValue(token);
  }

  /** Nodes up to the `end` or `else` that closes the list. */
  #list(): { list: ListNode; end: ListEnd } {
    const { at } = this.#reader.peekNonSpace();
    const nodes: BodyNode[] = [];
    for (;;) {
      const token = this.#reader.peekNonSpace();
      if (token.kind === 'eof') this.#reader.fail('unexpected EOF', token.at);
      const node = this.#textOrAction();
      if (isListEnd(node)) return { list: { kind: 'list', at, nodes }, end: node };
      nodes.push(node);
    }
  }

  #textOrAction(): BodyNode | ListEnd {
    const token = this.#reader.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', at: token.at, text: token.value };
    if (token.kind !== 'left-delimiter') return this.#pipelines.unexpected(token, 'input');
    this.#pipelines.actionAt = token.at;
    const node = this.#action();
    this.#pipelines.actionAt = undefined;
    return node;
  }

  #action(): BodyNode | ListEnd {
    const token = this.#reader.nextNonSpace();
    switch (token.kind) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(token.kind, token.at);
      case 'end':
        this.#pipelines.expect('right-delimiter', 'end');
        return { kind: 'end', at: token.at };
      case 'else':
        return this.#else(token);
      case 'break':
      case 'continue':
        return this.#jump(token.kind, token);
      case 'template':
        return this.#template();
      case 'block':
        return this.#block();
      default: {
        this.#reader.putBack(token);
        const pipe = this.#pipelines.pipeline('command', 'right-delimiter');
        return { kind: 'action', at: token.at, pipe };
      }
    }
  }

  #branch(kind: BranchNode['kind'], start: number): BranchNode {
    const pipelines = this.#pipelines;
    pipelines.descend(start);
    const mark = pipelines.scope.mark;
    const pipe = pipelines.pipeline(kind, 'right-delimiter');
    if (kind === 'range') this.#openRanges++;
    const { list: body, end } = this.#list();
    if (kind === 'range') this.#openRanges--;
    const otherwise = end.kind === 'else' ? this.#otherwise(kind) : undefined;
    pipelines.scope.leave(mark);
    pipelines.ascend();
    return { kind, at: pipe.at, pipe, body, otherwise };
  }

  /** What follows `else`: `else if` and `else with` are one more branch, which shares the `end`. */
  #otherwise(kind: BranchNode['kind']): ListNode {
    const token = this.#reader.peek();
    if ((kind === 'if' || kind === 'with') && token.kind === kind) {
      this.#reader.next();
      return { kind: 'list', at: token.at, nodes: [this.#branch(kind, token.at)] };
    }
    const { list, end } = this.#list();
    if (end.kind !== 'end') this.#reader.fail(`expected end; found {{${end.kind}}}`, end.at);
    return list;
  }

  #else(token: Token): ListEnd {
    const next = this.#reader.peekNonSpace();
    if (next.kind !== 'if' && next.kind !== 'with') this.#pipelines.expect('right-delimiter', 'else');
    return { kind: 'else', at: token.at };
  }

  #jump(kind: 'break' | 'continue', { at }: Token): BodyNode {
    const token = this.#reader.nextNonSpace();
    if (token.kind !== 'right-delimiter') this.#pipelines.unexpected(token, `{{${kind}}}`);
    if (this.#openRanges === 0) this.#reader.fail(`{{${kind}}} outside {{range}}`, at);
    return { kind, at };
  }

  #template(): TemplateNode {
    const context = 'template clause';
    const token = this.#reader.nextNonSpace();
    const name = this.#templateName(token, context);
    const next = this.#reader.nextNonSpace();
    if (next.kind === 'right-delimiter') return { kind: 'template', at: token.at, name, pipe: undefined };
    this.#reader.putBack(next);
    const pipe = this.#pipelines.pipeline(context, 'right-delimiter');
    return { kind: 'template', at: token.at, name, pipe };
  }

  /** A definition, and its use in the same place. */
  #block(): TemplateNode {
    const context = 'block clause';
    const token = this.#reader.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipelines.pipeline(context, 'right-delimiter');
    this.#pipelines.descend(token.at);
    const inner = new TreeParser(this.#shared, this.#pipelines.depth);
    const { list, end } = inner.#list();
    // Go names the line of the block here, not that of the else.
    if (end.kind !== 'end') this.#reader.fail(`unexpected {{${end.kind}}} in ${context}`, end.at);
    inner.#add({ name, body: list }, token.at);
    this.#pipelines.ascend();
    return { kind: 'template', at: token.at, name, pipe };
  }
}

function isListEnd(node: BodyNode | ListEnd): node is ListEnd {
  return node.kind === 'end' || node.kind === 'else';
}

/** Only white space (of Unicode, unlike trim markers) and comments. */
function isEmpty(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === 'text' && /^[\p{White_Space}]*$/u.test(node.text));
}
