/** One neutral picture of a source file, so that every rule is written once for all languages. */

/** Where something stands, in UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A named value in a record, or a named argument of a call. */
export interface Field extends Span {
  /** As written; empty for a value without a name. */
  readonly name: string;
  readonly value: SourceNode;
}

/** A string; `holes` says that parts of it are computed, which `value` leaves out. */
export interface TextNode extends Span {
  readonly kind: 'text';
  readonly value: string;
  readonly holes: boolean;
}
export interface NumberNode extends Span {
  readonly kind: 'number';
  readonly value: number;
}
export interface BooleanNode extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}
/** nil, None, null or undefined. */
export interface NothingNode extends Span {
  readonly kind: 'nothing';
}
export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly SourceNode[];
}
/** A struct literal, an object literal, a dict, or a call that only makes a value of a type of the SDK. */
export interface RecordNode extends Span {
  readonly kind: 'record';
  /** The last word of the type, where the source says one. */
  readonly type: string | undefined;
  /** A dict or a map: its names are data. */
  readonly isMap: boolean;
  readonly fields: readonly Field[];
  /** Values that are poured in whole: what is not named may come from them. */
  readonly spreads: readonly SourceNode[];
}
export interface SpreadNode extends Span {
  readonly kind: 'spread';
  readonly value: SourceNode;
}
/** `a`, `a.b.c`, `this.#x`: what stands before something computed is `?`. */
export interface NameNode extends Span {
  readonly kind: 'name';
  readonly path: readonly string[];
  /** What the path starts from, where that is no name. */
  readonly base: SourceNode | undefined;
}
/** `a[b]` */
export interface IndexNode extends Span {
  readonly kind: 'index';
  readonly of: SourceNode;
  readonly index: SourceNode;
}
export interface CallNode extends Span {
  readonly kind: 'call';
  /** What is called, as the path of a name. */
  readonly callee: readonly string[];
  readonly base: SourceNode | undefined;
  readonly args: readonly SourceNode[];
  readonly named: readonly Field[];
  /** Nothing takes its result. */
  readonly isStatement: boolean;
}
/** `a + b` */
export interface JoinNode extends Span {
  readonly kind: 'join';
  readonly parts: readonly SourceNode[];
}
export interface Parameter {
  readonly name: string;
  /** As written, empty for none. */
  readonly type: string;
}
export interface FunctionNode extends Span {
  readonly kind: 'function';
  /** Empty where it has none. */
  readonly name: string;
  readonly nameAt: number;
  /** The class or receiver type. */
  readonly owner: string;
  readonly parameters: readonly Parameter[];
  /** The type of the result as written, empty for none. */
  readonly result: string;
  readonly body: readonly SourceNode[];
}
export interface ClassNode extends Span {
  readonly kind: 'class';
  readonly name: string;
  readonly nameAt: number;
  readonly bases: readonly string[];
  readonly members: readonly SourceNode[];
}
/** A constant, a variable, a field, or a new value of one. */
export interface AssignNode extends Span {
  readonly kind: 'assign';
  readonly targets: readonly SourceNode[];
  /** As written, empty for none. */
  readonly type: string;
  readonly value: SourceNode;
}
export interface ReturnNode extends Span {
  readonly kind: 'return';
  readonly value: SourceNode | undefined;
}
/** Anything else: what it is made of. */
export interface OtherNode extends Span {
  readonly kind: 'other';
  readonly type: string;
  readonly children: readonly SourceNode[];
}

export type SourceNode =
  | TextNode
  | NumberNode
  | BooleanNode
  | NothingNode
  | ListNode
  | RecordNode
  | SpreadNode
  | NameNode
  | IndexNode
  | CallNode
  | JoinNode
  | FunctionNode
  | ClassNode
  | AssignNode
  | ReturnNode
  | OtherNode;

/** One thing that a file takes from a module. */
export interface Import extends Span {
  /** As written: `./client.ts`, `mirastack_sdk.plugin`, `net/http`. */
  readonly module: string;
  /** What is taken; empty for the module itself. */
  readonly name: string;
  /** What it is called here. */
  readonly alias: string;
}

export interface Comment extends Span {
  readonly text: string;
}

/** What an adapter makes of a tree. */
export interface SourceModel {
  readonly nodes: readonly SourceNode[];
  readonly imports: readonly Import[];
  readonly comments: readonly Comment[];
}

/** The parts of a node, in the order of the source. */
export function partsOf(node: SourceNode): readonly SourceNode[] {
  switch (node.kind) {
    case 'text':
    case 'number':
    case 'boolean':
    case 'nothing':
      return [];
    case 'name':
      return node.base === undefined ? [] : [node.base];
    case 'list':
      return node.items;
    case 'record':
      return [...node.fields.map(({ value }) => value), ...node.spreads];
    case 'spread':
      return [node.value];
    case 'index':
      return [node.of, node.index];
    case 'call':
      return [
        ...(node.base === undefined ? [] : [node.base]),
        ...node.args,
        ...node.named.map(({ value }) => value),
      ];
    case 'join':
      return node.parts;
    case 'function':
      return node.body;
    case 'class':
      return node.members;
    case 'assign':
      return [...node.targets, node.value];
    case 'return':
      return node.value === undefined ? [] : [node.value];
    case 'other':
      return node.children;
    default: {
      const never: never = node;
      throw new TypeError(`unknown node ${JSON.stringify(never)}`);
    }
  }
}

/** Every node below these, and these. */
export function* walk(nodes: readonly SourceNode[]): Generator<SourceNode> {
  const stack = [...nodes].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    const parts = partsOf(node);
    for (let index = parts.length - 1; index >= 0; index--) stack.push(parts[index] as SourceNode);
  }
}

const WRAPPER = /^(?:Promise|Readonly|Awaitable|Coroutine|Optional)[<[](.*)[>\]]$/s;

/** The last word of a written type: `*mirastack.PluginInfo` and `Promise<PluginInfo>` are `PluginInfo`. */
export function typeName(written: string): string {
  const first = written
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .split('|', 1)[0] as string;
  const inner = WRAPPER.exec(first.trim())?.[1];
  if (inner !== undefined) return typeName(inner);
  return /(\w+)\W*$/.exec(first.replace(/[<[{].*$/s, ''))?.[1] ?? '';
}

/** The type of the items of a written list type; undefined when it is none. */
export function itemType(written: string): string | undefined {
  const text = written.trim().replace(/^readonly\s+/, '');
  const match =
    /^\[\d*\](.+)$/s.exec(text) ??
    /^(.+)\[\]$/s.exec(text) ??
    /^(?:ReadonlyArray|Array|list|List|Sequence|tuple)[<[](.+?)(?:,\s*\.\.\.)?[>\]]$/s.exec(text);
  return match?.[1] === undefined ? undefined : typeName(match[1]);
}
