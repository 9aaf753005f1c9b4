import type { JsonValue } from '../../contract/index.ts';
import { cleanText } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { printTable } from '../layout.ts';
import { readJson, readPairs, readText, STDIN } from '../params.ts';

export interface PromptGetFlags extends FinderFlags {
  readonly promptVersion?: number;
}

export interface PromptRenderFlags extends PromptGetFlags {
  /** A JSON file, or `-`. */
  readonly data?: string;
  readonly param?: readonly string[];
}

const COLUMNS = [
  { title: 'name' },
  { title: 'version' },
  { title: 'source' },
  { title: 'bytes' },
  { title: 'description', flexible: 'fold' },
] as const;

/** `mirastack-agent prompt list`. */
export async function runPromptList(
  _args: readonly (string | undefined)[],
  flags: FinderFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const prompts = await client.prompts();
  if (flags.json) {
    terminal.answers.line(JSON.stringify({ prompts }));
    return;
  }
  const rows = prompts.map((prompt) => [
    prompt.name,
    String(prompt.version),
    prompt.source,
    String(prompt.bytes),
    prompt.description,
  ]);
  printTable(terminal.answers, COLUMNS, rows);
}

/** A text as it is, and one line end after it. */
function printText(text: string, { terminal }: CommandContext): void {
  const clean = cleanText(text);
  terminal.answers.write(clean.endsWith('\n') ? clean : `${clean}\n`);
}

/** `mirastack-agent prompt get <name>`. */
export async function runPromptGet(
  [name = '']: readonly (string | undefined)[],
  flags: PromptGetFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const prompt = await client.prompt(name, flags.promptVersion);
  if (flags.json) context.terminal.answers.line(JSON.stringify({ prompt }));
  else printText(prompt.content, context);
}

/** `mirastack-agent prompt set <name> [file]`. */
export async function runPromptSet(
  [name = '', file = STDIN]: readonly (string | undefined)[],
  flags: FinderFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const prompt = await client.setPrompt(name, await readText(file, context));
  if (flags.json) context.terminal.answers.line(JSON.stringify({ prompt }));
  else context.terminal.answers.line(`${prompt.name} is at version ${prompt.version}`);
}

/** `mirastack-agent prompt render <name>`. */
export async function runPromptRender(
  [name = '']: readonly (string | undefined)[],
  flags: PromptRenderFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const base = flags.data === undefined ? {} : await readJson(flags.data, context);
  const pairs = readPairs(flags.param ?? []);
  const data: JsonValue =
    Object.keys(pairs).length === 0 || typeof base !== 'object' || base === null || Array.isArray(base)
      ? base
      : { ...base, ...pairs };
  const text = await client.renderPrompt(name, data, flags.promptVersion);
  if (flags.json) context.terminal.answers.line(JSON.stringify({ text }));
  else printText(text, context);
}
