import { readFileSync } from 'node:fs';
import type { JsonValue } from '../contract/index.ts';
import { systemCode, UserError } from '../support/errors.ts';
import type { CommandContext } from './command.ts';

/** The word that stands for stdin where a file is named. */
export const STDIN = '-';

function refuse(message: string, hint: string): never {
  throw new UserError({ kind: 'usage', code: 'bad-param', message, hint });
}

/** Params from `name=value` texts, in a record without a prototype. */
export function readPairs(texts: readonly string[]): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  for (const text of texts) {
    const split = text.indexOf('=');
    if (split < 1)
      refuse(`The param ${JSON.stringify(text)} is not name=value.`, 'Write --param id=item-001.');
    params[text.slice(0, split)] = text.slice(split + 1);
  }
  return params;
}

/** The text of a file, or of stdin for `-`. @throws UserError that names the file */
export async function readText(file: string, { terminal, signal }: CommandContext): Promise<string> {
  if (file === STDIN) return (await terminal.readInput(signal)).toString('utf8');
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'file-not-read',
      message: `The file ${file} cannot be read: ${systemCode(error) ?? 'unknown reason'}.`,
      cause: error,
    });
  }
}

/** The JSON in a file, or in stdin for `-`. */
export async function readJson(file: string, context: CommandContext): Promise<JsonValue> {
  const text = await readText(file, context);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    const place = file === STDIN ? 'What came on stdin' : `The file ${file}`;
    return refuse(`${place} is not JSON.`, 'Write an object such as {"id":"item-001"}.');
  }
}

/** Params from `--params` and then `--param`, which wins. */
export async function readParams(
  { params, param = [] }: { readonly params?: string; readonly param?: readonly string[] },
  context: CommandContext,
): Promise<Record<string, JsonValue>> {
  const all: Record<string, JsonValue> = Object.create(null);
  if (params !== undefined) {
    const value = await readJson(params, context);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      refuse(`--params ${params} does not hold a JSON object.`, 'Write an object such as {"id":"item-001"}.');
    for (const [name, item] of Object.entries(value)) all[name] = item as JsonValue;
  }
  return Object.assign(all, readPairs(param));
}
