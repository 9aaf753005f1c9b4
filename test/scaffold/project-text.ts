import { parseAst } from 'rolldown/parseAst';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import type { Plan } from '../../src/scaffold/index.ts';

/** The text of one file of a plan. */
export function textOf(plan: Plan, path: string): string {
  const content = plan.files.find((file) => file.path === path)?.content;
  if (typeof content !== 'string') throw new Error(`no text ${path}`);
  return content;
}

/** Every string that stands in TypeScript or JavaScript, as the parser reads it. */
export function literalsOf(code: string): string[] {
  const found: string[] = [];
  JSON.stringify(parseAst(code, { lang: 'ts' }), (key, value: unknown) => {
    if (key === 'value' && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  ts: (text) => parseAst(text, { lang: 'ts' }),
  js: (text) => parseAst(text, { lang: 'js' }),
  mjs: (text) => parseAst(text, { lang: 'js' }),
  json: JSON.parse,
  yml: (text) => parseYaml(text),
  yaml: (text) => parseYaml(text),
  toml: parseToml,
};

/** Parses a file by its ending, or throws; undefined for a kind of file that nothing here can parse. */
export function parseFile(path: string, text: string): unknown {
  const parse = PARSERS[path.slice(path.lastIndexOf('.') + 1)];
  if (parse === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${path} does not parse: ${String(error)}`);
  }
}
