import type { LanguageId } from '../../project/index.ts';
import type { ProjectFiles } from '../project-files.ts';
import { type GrammarFiles, type GrammarName, loadGrammars, type SourceParser } from './grammar.ts';
import { SOURCE_LANGUAGES } from './languages.ts';
import type { CallNode, FunctionNode, RecordNode, TextNode } from './model.ts';
import { type FileRole, type Found, SourceFile } from './source-file.ts';

const TEST_FOLDERS = /(^|\/)(tests?|__tests__|spec|e2e|fixtures)\//;
const TOOL_FOLDERS = /(^|\/)(dev|scripts?|tools?|config|examples?|bench(marks)?|docs?|hack|\.[^/]+)\//;
const TOOL_FILES = /(^|\/)([^/]+\.config\.[cm]?[jt]s|setup\.py|noxfile\.py|tasks\.py)$/;
const GENERATED_FILES = /(\.pb(\.gw)?\.go|_pb2(_grpc)?\.py|_pb\.[jt]s)$/;
/** What generated Python projects mend the SDK with: a part of the SDK, with agents of its own to try it on. */
const SDK_PARTS = /(^|\/)sdk_mend\//;
const GENERATED_MARK = /\b(Code generated .* DO NOT EDIT|@generated)/;
/** Where a mark of a generator stands. */
const HEAD_CHARS = 1_000;

/** A source that is no text of a person's: it could not be read. */
export interface SourceFault {
  readonly path: string;
  readonly offset: number;
  readonly text: string;
  readonly reason: 'syntax' | 'too-large';
}

/** A project's sources of its own language. */
export class Workspace {
  readonly language: LanguageId;
  readonly files: ProjectFiles;
  /** What the agent's process loads. */
  readonly agentFiles: readonly SourceFile[];
  readonly faults: readonly SourceFault[];
  readonly #functionsByName = new Map<string, Found<FunctionNode>[]>();

  constructor(
    language: LanguageId,
    files: ProjectFiles,
    agentFiles: readonly SourceFile[],
    faults: readonly SourceFault[],
  ) {
    this.language = language;
    this.files = files;
    this.agentFiles = agentFiles;
    this.faults = faults;
    for (const file of agentFiles)
      for (const node of file.functions) {
        if (node.name === '') continue;
        const known = this.#functionsByName.get(node.name);
        if (known === undefined) this.#functionsByName.set(node.name, [{ file, node }]);
        else known.push({ file, node });
      }
  }

  /** Whether an imported module is a part of the project, where its name alone does not tell. */
  isOwnModule(module: string): boolean {
    const own = this.language === 'go' ? goModuleOf(this.files) : '';
    return own !== '' && (module === own || module.startsWith(`${own}/`));
  }

  /** The agent's functions of a name. */
  functionsNamed(name: string): readonly Found<FunctionNode>[] {
    return this.#functionsByName.get(name) ?? [];
  }

  *functions(): Generator<Found<FunctionNode>> {
    for (const file of this.agentFiles) for (const node of file.functions) yield { file, node };
  }

  *calls(): Generator<Found<CallNode>> {
    for (const file of this.agentFiles) for (const node of file.calls) yield { file, node };
  }

  *texts(): Generator<Found<TextNode>> {
    for (const file of this.agentFiles) for (const node of file.texts) yield { file, node };
  }

  *records(): Generator<Found<RecordNode>> {
    for (const file of this.agentFiles) for (const node of file.records) yield { file, node };
  }
}

function roleByPath(path: string, testFiles: RegExp): FileRole {
  if (testFiles.test(path) || TEST_FOLDERS.test(path)) return 'test';
  if (SDK_PARTS.test(path)) return 'tool';
  return TOOL_FOLDERS.test(path) || TOOL_FILES.test(path) ? 'tool' : 'agent';
}

const isGenerated = (path: string, text: string) =>
  GENERATED_FILES.test(path) || generatorMark(text.slice(0, HEAD_CHARS));

/** The expression is asked only where one of its words stands: most files need it not. */
const generatorMark = (head: string) =>
  (head.includes('DO NOT EDIT') || head.includes('@generated')) && GENERATED_MARK.test(head);

/** The `module` line of a go.mod. */
function goModuleOf(files: ProjectFiles): string {
  return /^\s*module\s+"?([^\s"]+)/m.exec(files.get('go.mod')?.text ?? '')?.[1] ?? '';
}

/** Reads and parses a project's sources, those of the agent whole, the others only for faults. */
class Loader {
  readonly #language: LanguageId;
  readonly #files: ProjectFiles;
  readonly #parser: SourceParser;
  readonly #loaded = new Map<string, SourceFile>();
  readonly #faults: SourceFault[] = [];
  readonly #grammars: ReadonlyMap<string, GrammarName>;

  constructor(
    language: LanguageId,
    files: ProjectFiles,
    grammars: ReadonlyMap<string, GrammarName>,
    parser: SourceParser,
  ) {
    this.#language = language;
    this.#files = files;
    this.#grammars = grammars;
    this.#parser = parser;
  }

  load(): Workspace {
    const { testFiles } = SOURCE_LANGUAGES[this.#language];
    const others: string[] = [];
    for (const path of this.#grammars.keys())
      if (roleByPath(path, testFiles) === 'agent') this.#loadAgentFile(path);
      else others.push(path);
    this.#followImports();
    for (const path of others) if (!this.#loaded.has(path)) this.#checkFile(path);
    const agentFiles = [...this.#loaded.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return new Workspace(this.#language, this.#files, agentFiles, this.#faults);
  }

  /** What the agent imports is the agent's, wherever it lies. */
  #followImports(): void {
    const { resolveImport, testFiles } = SOURCE_LANGUAGES[this.#language];
    const context = { goModule: goModuleOf(this.#files) };
    const queue = [...this.#loaded.values()];
    for (let file = queue.pop(); file !== undefined; file = queue.pop())
      for (const { module } of file.imports)
        for (const target of resolveImport(module, file.path, context)) {
          const paths = target.endsWith('/')
            ? [...this.#grammars.keys()].filter(
                (path) => path.startsWith(target) && !path.slice(target.length).includes('/'),
              )
            : [target];
          for (const path of paths) {
            if (this.#loaded.has(path) || !this.#grammars.has(path)) continue;
            if (testFiles.test(path) || SDK_PARTS.test(path)) continue;
            const loaded = this.#loadAgentFile(path);
            if (loaded !== undefined) queue.push(loaded);
          }
        }
  }

  #read(path: string): { text: string; grammar: GrammarName } | undefined {
    const file = this.#files.get(path);
    const grammar = this.#grammars.get(path);
    if (file === undefined || grammar === undefined) return undefined;
    if (file.isTooLarge) {
      this.#faults.push({ path, offset: 0, text: '', reason: 'too-large' });
      return undefined;
    }
    if (isGenerated(path, file.text)) return undefined;
    return { text: file.text, grammar };
  }

  #loadAgentFile(path: string): SourceFile | undefined {
    const source = this.#read(path);
    if (source === undefined) return undefined;
    const { text, grammar } = source;
    const { root, faultAt } = this.#parser.parse(grammar, text);
    if (faultAt !== undefined) this.#faults.push({ path, offset: faultAt, text, reason: 'syntax' });
    const model = SOURCE_LANGUAGES[this.#language].adapter.read(root, text);
    const file = new SourceFile(path, text, this.#language, model, faultAt);
    file.role = 'agent';
    this.#loaded.set(path, file);
    return file;
  }

  #checkFile(path: string): void {
    const source = this.#read(path);
    if (source === undefined) return;
    const offset = this.#parser.findFault(source.grammar, source.text);
    if (offset !== undefined) this.#faults.push({ path, offset, text: source.text, reason: 'syntax' });
  }
}

/** Loads a project's sources; the grammars it needs are loaded first. */
export async function loadWorkspace(
  language: LanguageId,
  files: ProjectFiles,
  grammarFiles: GrammarFiles,
): Promise<Workspace> {
  const { grammarOf } = SOURCE_LANGUAGES[language];
  const grammars = new Map<string, GrammarName>();
  for (const path of files.paths) {
    const grammar = grammarOf(path);
    if (grammar !== undefined) grammars.set(path, grammar);
  }
  let sourceChars = 0;
  for (const path of grammars.keys()) sourceChars += files.get(path)?.text.length ?? 0;
  const parser = await loadGrammars(grammarFiles, [...new Set(grammars.values())], sourceChars);
  return new Loader(language, files, grammars, parser).load();
}
