/** The tree of a template. `at` is where Go says the node is, in UTF-16 units of the text. */

export interface TextNode {
  readonly kind: 'text';
  readonly at: number;
  readonly text: string;
}

/** `{{pipeline}}`: prints, or declares, or assigns. */
export interface ActionNode {
  readonly kind: 'action';
  readonly at: number;
  readonly pipe: PipeNode;
}

/** `if`, `with` and `range`; `else if` is an `if` inside the else. */
export interface BranchNode {
  readonly kind: 'if' | 'with' | 'range';
  readonly at: number;
  readonly pipe: PipeNode;
  readonly body: ListNode;
  readonly otherwise: ListNode | undefined;
}

export interface JumpNode {
  readonly kind: 'break' | 'continue';
  readonly at: number;
}

/** `{{template "name" pipeline}}`, and what a `block` leaves in its place. */
export interface TemplateNode {
  readonly kind: 'template';
  readonly at: number;
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: number;
  readonly nodes: readonly BodyNode[];
}

/** What stands in a list. */
export type BodyNode = TextNode | ActionNode | BranchNode | JumpNode | TemplateNode;

export interface PipeNode {
  readonly kind: 'pipe';
  readonly at: number;
  /** Of `$x := …` and `$x = …`; two only in a range. */
  readonly variables: readonly VariableNode[];
  /** `=` rather than `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly CommandNode[];
}

export interface CommandNode {
  readonly kind: 'command';
  readonly at: number;
  /** At least one. */
  readonly args: readonly OperandNode[];
}

export interface DotNode {
  readonly kind: 'dot';
  readonly at: number;
}

export interface NilNode {
  readonly kind: 'nil';
  readonly at: number;
}

export interface BoolNode {
  readonly kind: 'bool';
  readonly at: number;
  readonly value: boolean;
}

export interface StringNode {
  readonly kind: 'string';
  readonly at: number;
  /** As written, with its marks. */
  readonly source: string;
  readonly value: string;
}

export interface NumberNode {
  readonly kind: 'number';
  readonly at: number;
  /** As written. */
  readonly source: string;
  readonly value: NumberValue;
}

/** What a number constant is where nothing says which type it shall have (Go specification, "Constants"). */
export type NumberValue =
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'complex' };

/** `print`: a function's name. */
export interface IdentifierNode {
  readonly kind: 'identifier';
  readonly at: number;
  readonly name: string;
}

/** `.a.b`. Go places it at its second name, if it has one. */
export interface FieldNode {
  readonly kind: 'field';
  readonly at: number;
  /** Where it really starts. */
  readonly start: number;
  readonly names: readonly string[];
}

/** `$x.a.b`; the name is the first, with its dollar sign. Go places it at its second name, if it has one. */
export interface VariableNode {
  readonly kind: 'variable';
  readonly at: number;
  /** Where it really starts. */
  readonly start: number;
  readonly names: readonly string[];
}

/** `(pipeline).a.b` */
export interface ChainNode {
  readonly kind: 'chain';
  readonly at: number;
  readonly base: PipeNode | IdentifierNode;
  readonly names: readonly string[];
}

export type OperandNode =
  | DotNode
  | NilNode
  | BoolNode
  | StringNode
  | NumberNode
  | IdentifierNode
  | FieldNode
  | VariableNode
  | ChainNode
  | PipeNode;

export type TreeNode = BodyNode | ListNode | PipeNode | CommandNode | OperandNode;

/** One named tree: the template itself, or a `define` or `block` in it. */
export interface Definition {
  readonly name: string;
  readonly body: ListNode;
}

/** A parsed template with everything it defines. */
export interface Template {
  readonly name: string;
  /** As it was parsed: lone surrogates have become U+FFFD. */
  readonly text: string;
  /** By name; the template's own body is among them. */
  readonly definitions: ReadonlyMap<string, Definition>;
}
