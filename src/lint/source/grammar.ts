import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Language, Parser, type Tree } from 'web-tree-sitter';
import { messageOf } from '../../support/errors.ts';
import { copyTree, type ParsedTree } from './tree.ts';

/** The grammars that there are. */
export type GrammarName = 'go' | 'python' | 'typescript' | 'tsx';

/** Parses the text of a file whose grammar was loaded. */
export interface SourceParser {
  parse(grammar: GrammarName, text: string): ParsedTree;
  /** Only where the first piece is that the grammar cannot read, which is far cheaper; undefined for none. */
  findFault(grammar: GrammarName, text: string): number | undefined;
}

/** Where the parser and its grammars lie. */
export interface GrammarFiles {
  /** The parser's own WebAssembly file. */
  readonly runtime: string;
  /** The folder of one `tree-sitter-<grammar>.wasm` each. */
  readonly directory: string;
}

/** Longer than any parse of a file within the size limit takes. */
const MAX_PARSE_MS = 10_000;
const MIN_LIMITED_CHARS = 100_000;

let started: Promise<void> | undefined;
const parsers = new Map<GrammarName, Parser>();

async function readWasm(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`the parser's file ${path} is missing from this installation: ${messageOf(error)}`);
  }
}

async function loadGrammar(directory: string, grammar: GrammarName): Promise<void> {
  if (parsers.has(grammar)) return;
  const bytes = await readWasm(join(directory, `tree-sitter-${grammar}.wasm`));
  const language = await Language.load(bytes);
  const parser = new Parser();
  parser.setLanguage(language);
  parsers.set(grammar, parser);
}

/**
 * Compiling WebAssembly a second time, for speed, pays from some megabytes of source on. Before that it takes a third of
 * all the time that lint takes (measured on Node 20).
 */
const MIN_CHARS_TO_TIER_UP = 1_000_000;
/** Lines of Node whose V8 is known to have the flags; an unknown one would be complained about. */
const HAS_FLAGS = /^v(20|22|24)\./.test(process.version);

function startParser(runtime: string, sourceChars: number): Promise<void> {
  if (HAS_FLAGS && sourceChars < MIN_CHARS_TO_TIER_UP) {
    setFlagsFromString('--no-wasm-dynamic-tiering');
    setFlagsFromString('--no-wasm-tier-up');
  }
  return readWasm(runtime).then((wasmBinary) => Parser.init({ wasmBinary }));
}

/**
 * Loads grammars, each once for the whole process.
 * @param sourceChars about how much will be parsed
 */
export async function loadGrammars(
  files: GrammarFiles,
  grammars: readonly GrammarName[],
  sourceChars: number,
): Promise<SourceParser> {
  started ??= startParser(files.runtime, sourceChars);
  await started;
  for (const grammar of grammars) await loadGrammar(files.directory, grammar);
  const withTree = <T>(grammar: GrammarName, text: string, use: (tree: Tree) => T): T | undefined => {
    const parser = parsers.get(grammar);
    if (parser === undefined) throw new Error(`the grammar ${grammar} was not loaded`);
    const deadline = Date.now() + MAX_PARSE_MS;
    const limit = { progressCallback: () => Date.now() > deadline };
    // Go ends its statements with line ends, the last one too. Being asked costs more than a short parse.
    const tree = parser.parse(`${text}\n`, null, text.length > MIN_LIMITED_CHARS ? limit : undefined);
    if (tree === null) {
      parser.reset();
      return undefined;
    }
    try {
      return use(tree);
    } finally {
      tree.delete();
    }
  };
  return {
    parse: (grammar, text) =>
      withTree(grammar, text, copyTree) ?? {
        root: { type: 'ERROR', field: '', start: 0, end: text.length, children: [] },
        faultAt: 0,
      },
    findFault: (grammar, text) =>
      withTree(grammar, text, (tree) => ({
        at: tree.rootNode.hasError ? copyTree(tree).faultAt : undefined,
      }))?.at,
  };
}
