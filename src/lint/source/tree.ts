import type { Language, Tree } from 'web-tree-sitter';

/** A named node of a syntax tree, copied out of the parser's memory in one pass. */
export interface SyntaxNode {
  readonly type: string;
  /** The grammar's name of the place it has in its parent; empty for none. */
  readonly field: string;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

/** A tree, and where the first piece is that the grammar could not read. */
export interface ParsedTree {
  readonly root: SyntaxNode;
  readonly faultAt: number | undefined;
}

/** Deeper nesting than any person writes would only overflow the stack. */
const MAX_DEPTH = 500;

/**
 * Nodes whose text is all that adapters want: their parts are not copied. Every question to the parser costs more
 * than anything that is done with its answer, so what nobody reads is not asked for.
 */
const OPAQUE = new Set(
  // All three.
  (
    'identifier comment ' +
    // Go.
    'interpreted_string_literal raw_string_literal int_literal float_literal rune_literal field_identifier ' +
    'type_identifier package_identifier package_clause qualified_type pointer_type slice_type array_type map_type ' +
    'struct_type interface_type function_type channel_type generic_type type_declaration ' +
    // TypeScript.
    'number regex property_identifier private_property_identifier shorthand_property_identifier ' +
    'shorthand_property_identifier_pattern this string_fragment escape_sequence type_annotation type_arguments ' +
    'type_parameters interface_declaration type_alias_declaration predefined_type readonly_type union_type ' +
    'object_type literal_type accessibility_modifier override_modifier import_attribute ' +
    // Python.
    'integer float dotted_name type string_start string_content string_end relative_import'
  ).split(' '),
);
/** Nodes whose parts are told apart by their order, not by their field. */
const PLAIN = new Set(
  (
    'source_file program module block statement_list statement_block argument_list arguments literal_value array object ' +
    'list tuple set dictionary string template_string concatenated_string expression_list expression_statement ' +
    'return_statement class_body parenthesized_expression import_clause named_imports import_spec_list ' +
    'import_declaration parameters formal_parameters const_declaration var_declaration lexical_declaration ' +
    'parenthesized_list_splat await await_expression literal_element class_heritage implements_clause'
  ).split(' '),
);

/** What is known of a node's type without asking for the node. */
interface TypeFacts {
  readonly type: string;
  readonly isNamed: boolean;
  readonly isOpaque: boolean;
  readonly isPlain: boolean;
}

const factsOf = new WeakMap<Language, (TypeFacts | undefined)[]>();

function typeFacts(language: Language, id: number): TypeFacts {
  const known = factsOf.get(language) ?? [];
  factsOf.set(language, known);
  const facts = known[id];
  if (facts !== undefined) return facts;
  const type = language.nodeTypeForId(id) ?? 'ERROR';
  const made = {
    type,
    isNamed: type === 'ERROR' || language.nodeTypeIsNamed(id),
    isOpaque: OPAQUE.has(type),
    isPlain: PLAIN.has(type),
  };
  known[id] = made;
  return made;
}

const NO_CHILDREN: readonly SyntaxNode[] = [];

/** Copies a parser's tree: one walk is far cheaper than asking the parser for every node again. */
export function copyTree(tree: Tree): ParsedTree {
  const { language } = tree;
  const cursor = tree.walk();
  let faultAt: number | undefined;
  const hasError = tree.rootNode.hasError;
  const noteFault = (offset: number) => {
    faultAt = faultAt === undefined ? offset : Math.min(faultAt, offset);
  };
  const copy = ({ type, isOpaque, isPlain }: TypeFacts, field: string, depth: number): SyntaxNode => {
    const { startIndex: start, endIndex: end } = cursor;
    if (hasError && type === 'ERROR') noteFault(start);
    // Behind a fault even a leaf may hide what could not be read.
    if ((isOpaque && !hasError) || !cursor.gotoFirstChild())
      return { type, field, start, end, children: NO_CHILDREN };
    const children: SyntaxNode[] = [];
    do {
      if (hasError && cursor.nodeIsMissing) noteFault(cursor.startIndex);
      const facts = typeFacts(language, cursor.nodeTypeId);
      if (!facts.isNamed) continue;
      if (depth < MAX_DEPTH)
        children.push(copy(facts, isPlain ? '' : (cursor.currentFieldName ?? ''), depth + 1));
      else noteFault(cursor.startIndex);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    return { type, field, start, end, children: isOpaque ? NO_CHILDREN : children };
  };
  const root = copy(typeFacts(language, cursor.nodeTypeId), '', 0);
  cursor.delete();
  return { root, faultAt };
}

/** The child in a place of the grammar. */
export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** All children in a place of the grammar. */
export function childrenOf(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}
