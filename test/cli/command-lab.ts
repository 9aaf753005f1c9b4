/** Commands as `main.ts` runs them, on a real engine in this process, with everything they say recorded. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { CommandContext, CommonFlags } from '../../src/cli/command.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { reportError } from '../../src/cli/report.ts';
import { findFault, type Schema, type Schemas } from '../../src/control/index.ts';
import { type RecordOptions, recordTerminal } from '../support/record-terminal.ts';

type Body<Flags> = (
  args: readonly (string | undefined)[],
  flags: Flags & CommonFlags,
  context: CommandContext,
) => Promise<void>;

export interface CommandRun {
  readonly code: number;
  readonly answers: string;
  readonly talk: string;
  readonly asked: readonly string[];
}

export interface RunOptions extends RecordOptions {
  readonly signal?: AbortSignal;
  /** Hears of the terminal before the command begins. */
  readonly onStart?: (said: { readonly answers: string; readonly talk: string }) => void;
}

/** Runs a command's body to its end, errors reported as the program reports them. */
export async function runCommand<Flags>(
  body: Body<Flags>,
  args: readonly (string | undefined)[],
  flags: Omit<Flags, never> & Partial<CommonFlags>,
  { signal = new AbortController().signal, onStart, ...record }: RunOptions = {},
): Promise<CommandRun> {
  const terminal = recordTerminal(record);
  onStart?.(terminal.said);
  const all = { json: false, verbose: false, ...flags } as Flags & CommonFlags;
  const code = await body(args, all, { terminal, signal }).then(
    () => 0,
    (error: unknown) => {
      reportError(error, terminal, all);
      return exitCodeOf(error);
    },
  );
  return { code, ...terminal.said, asked: terminal.asked };
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8'));
const OUTPUT = read('cli-output.json') as { readonly $defs: Schemas };
const API = read('openapi.json') as { readonly components: { readonly schemas: Schemas } };

/** The documented shapes; those of the API are referred to across files. */
const SHAPES = JSON.parse(
  JSON.stringify(OUTPUT.$defs).replaceAll('openapi.json#/components/schemas/', '#/components/schemas/'),
) as Schemas;

/** Every command whose shape is documented. */
export const DOCUMENTED: readonly string[] = Object.keys(SHAPES);
const checked = new Set<string>();
/** The commands whose output was compared so far. */
export const checkedShapes = (): readonly string[] => [...checked].sort();

/** Checks that a text is one JSON document on one line, of the command's documented shape, and gives it. */
export function readDocument(command: string, text: string): Record<string, unknown> {
  expect(text.endsWith('\n')).toBe(true);
  expect(text.trimEnd()).not.toContain('\n');
  const document: unknown = JSON.parse(text);
  const schema: Schema | undefined = SHAPES[command];
  if (schema === undefined) throw new Error(`The shape of ${command} is not documented.`);
  expect(findFault(API.components.schemas, schema, document)).toBeUndefined();
  checked.add(command);
  return document as Record<string, unknown>;
}
