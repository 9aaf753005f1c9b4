import type { JsonValue, PromptTemplate } from '../contract/index.ts';
import { parseTemplate, renderTemplate } from '../gotemplate/index.ts';
import { UserError } from '../support/errors.ts';
import { isNumber, isText, shapeOf } from './state/shape.ts';
import type { StateFile } from './state/state-file.ts';

const ROOT = '/mirastack/prompts/default';
/** The guide's size for a template, bytes of UTF-8: a larger one wastes the context of the LLM. */
const ADVISED_BYTES = 2_048;
/** Names as the store can hold them: they are part of a path. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** What one agent may bring. */
const MAX_PER_AGENT = 200;
const MAX_BYTES = 64 * 1_024;
/** What all agents may bring together, those that are gone included until the room is needed. */
const MAX_TOTAL_BYTES = 16 * 1_024 * 1_024;

/** One version of a prompt template in the store. */
export interface PromptView {
  readonly name: string;
  /** From 1; operators add versions, agents never do. */
  readonly version: number;
  /** Where the platform keeps it: `/mirastack/prompts/default/{name}/v{version}`. */
  readonly path: string;
  /** `engine`, `agent:{name}` or `operator`. */
  readonly source: string;
  readonly description: string;
  readonly content: string;
  /** Bytes of UTF-8. */
  readonly bytes: number;
}

/** What became of an agent's templates: what is wrong, one sentence each. */
export type IngestReport = readonly string[];

/** Templates that the engine itself brings. Their words are ours: the platform's are not public. */
const ENGINE_OWNED: readonly PromptTemplate[] = [
  {
    name: 'chat_system',
    description: 'Who speaks to the user',
    content:
      'You answer questions about {{.tenant}} with the help of the tools below.\n{{range .tools}}- {{.}}\n{{end}}',
  },
  {
    name: 'intent_router',
    description: 'Chooses the tool for a question',
    content: 'Choose the one tool that fits the question: {{.question}}\n',
  },
  {
    name: 'approval_summary',
    description: 'Explains to a human what waits for an approval',
    content: '{{.agent}} wants to run {{.action}} ({{.permission}}).\n',
  },
];

const isOperatorsVersion = shapeOf({
  name: (value) => typeof value === 'string' && NAME.test(value),
  version: (value) => isNumber(value) && Number.isInteger(value),
  source: (value) => value === 'operator',
  path: isText,
  description: isText,
  content: isText,
  bytes: isNumber,
});

function refuse(code: string, message: string, hint?: string): never {
  throw new UserError({ kind: 'usage', code, message, ...(hint === undefined ? {} : { hint }) });
}

/** The prompt templates of an engine, each with its versions. What operators wrote survives a restart. */
export class Prompts {
  readonly #file: StateFile;
  readonly #versions = new Map<string, PromptView[]>();
  /** Bytes of the agents' own versions. */
  #bytes = 0;
  /** Sources of agents that are gone, the first that went first. */
  readonly #gone = new Set<string>();

  constructor(file: StateFile) {
    this.#file = file;
    for (const template of ENGINE_OWNED) this.#put(template, 'engine', 1);
  }

  /** Takes what operators wrote while an earlier engine ran. @returns how many records were not usable */
  restore(document: unknown): number {
    const records: readonly unknown[] = Array.isArray(document) ? document : [];
    const views = records.filter(isOperatorsVersion) as PromptView[];
    for (const { name, description, content, version } of views)
      this.#put({ name, description, content }, 'operator', version);
    return records.length - views.length;
  }

  /**
   * Takes an agent's templates: each as version 1, unless its name is taken. A faulty one is refused alone
   * (guide, "Contributing Prompt Templates").
   */
  ingest(agent: string, templates: readonly PromptTemplate[]): IngestReport {
    const source = `agent:${agent}`;
    this.#gone.delete(source);
    const report = templates.slice(0, MAX_PER_AGENT).flatMap((template) => this.#ingestOne(source, template));
    if (templates.length > MAX_PER_AGENT)
      report.push(`${templates.length} templates, and at most ${MAX_PER_AGENT} of one agent are taken`);
    return report;
  }

  /** An agent is gone: its templates stay, as on the platform, until others need the room. */
  retire(agent: string): void {
    this.#gone.add(`agent:${agent}`);
  }

  /** Whether there is room for so many bytes, made by taking away what agents brought that are gone. */
  #makeRoom(bytes: number): boolean {
    for (const source of this.#gone) {
      if (this.#bytes + bytes <= MAX_TOTAL_BYTES) break;
      this.#gone.delete(source);
      for (const [name, versions] of this.#versions) {
        const others = versions.filter((view) => view.source !== source);
        for (const view of versions) if (view.source === source) this.#bytes -= view.bytes;
        if (others.length > 0) this.#versions.set(name, others);
        else this.#versions.delete(name);
      }
    }
    return this.#bytes + bytes <= MAX_TOTAL_BYTES;
  }

  #ingestOne(source: string, template: PromptTemplate): string[] {
    const { name, content } = template;
    const bytes = Buffer.byteLength(content);
    if (!NAME.test(name))
      return [
        `template ${JSON.stringify(name)} is refused: a name is letters, digits, dots, hyphens and underscores`,
      ];
    if (bytes > MAX_BYTES)
      return [`template ${name} is refused: ${bytes} bytes, and at most ${MAX_BYTES} are taken`];
    const parsed = parseTemplate(name, content);
    if (!parsed.ok)
      return [`template ${name} is refused: ${parsed.error.message} (column ${parsed.error.column})`];
    // After a restart there may be an operator's version of a template whose agent has not come yet.
    const first = this.#versions.get(name)?.find((view) => view.version === 1);
    if (first?.source === 'engine')
      return [`template ${name} is refused: the engine owns the template of this name`];
    if (first !== undefined && first.source !== source)
      return [`template ${name} is skipped: it came from ${first.source} already`];
    if (first !== undefined)
      return first.content === content
        ? []
        : [
            `template ${name} is skipped: version 1 of it stays what it is until the engine restarts, as on the platform`,
          ];
    if (!this.#makeRoom(bytes))
      return [`template ${name} is refused: all agents together may bring ${MAX_TOTAL_BYTES} bytes`];
    this.#put(template, source, 1);
    this.#bytes += bytes;
    return bytes > ADVISED_BYTES
      ? [`template ${name} is ${bytes} bytes; the guide advises at most ${ADVISED_BYTES}`]
      : [];
  }

  /** The newest version of every template, by name. */
  list(): PromptView[] {
    return [...this.#versions.values()]
      .map((versions) => versions.at(-1) as PromptView)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** One version, the newest where none is named. @throws UserError unknown-prompt */
  get(name: string, version?: number): PromptView {
    const versions = this.#versions.get(name);
    if (versions === undefined)
      refuse(
        'unknown-prompt',
        `There is no prompt template ${JSON.stringify(name)}.`,
        `Known: ${this.list()
          .map((view) => view.name)
          .join(', ')}.`,
      );
    const found = version === undefined ? versions.at(-1) : versions.find((view) => view.version === version);
    if (found === undefined)
      refuse(
        'unknown-prompt',
        `The prompt template ${name} has no version ${version}.`,
        `It has ${versions.map((view) => view.version).join(', ')}.`,
      );
    return found;
  }

  /**
   * Adds a version by an operator. Resolves when it is kept.
   * @throws UserError unknown-prompt, bad-template with the place of the fault
   */
  async set(name: string, content: string): Promise<PromptView> {
    const { description, version } = this.get(name);
    const parsed = parseTemplate(name, content);
    if (!parsed.ok)
      refuse(
        'bad-template',
        `${parsed.error.message} (line ${parsed.error.line}, column ${parsed.error.column})`,
        "Mend the template there; templates are written in the language of Go's text/template.",
      );
    const view = this.#put({ name, description, content }, 'operator', version + 1);
    await this.#file.save(() =>
      [...this.#versions.values()].flat().filter((item) => item.source === 'operator'),
    );
    return view;
  }

  /**
   * What a template gives with some data.
   * @throws UserError unknown-prompt, bad-template, not-rendered with the place of the fault
   */
  render(name: string, data: JsonValue, version?: number): string {
    const view = this.get(name, version);
    const parsed = parseTemplate(name, view.content);
    if (!parsed.ok) refuse('bad-template', parsed.error.message, 'Set a version that can be read.');
    const rendered = renderTemplate(parsed.template, data);
    if (!rendered.ok)
      refuse('not-rendered', rendered.error.message, 'Give the data that the template asks for.');
    return rendered.text;
  }

  #put({ name, description, content }: PromptTemplate, source: string, version: number): PromptView {
    const view: PromptView = {
      name,
      version,
      path: `${ROOT}/${name}/v${version}`,
      source,
      description,
      content,
      bytes: Buffer.byteLength(content),
    };
    const versions = [...(this.#versions.get(name) ?? []), view];
    this.#versions.set(
      name,
      versions.sort((a, b) => a.version - b.version),
    );
    return view;
  }
}
