import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CACHE, findGo } from '../support/tools.ts';

export interface Question {
  readonly name: string;
  readonly text: string;
  /** To render it with; left out where only the parser is asked. */
  readonly data?: unknown;
}

/** What Go says of a template. */
export interface Verdict {
  /** The parser's message; absent when it took the template. */
  readonly error?: string;
  /** What each definition looks like, written by Go from its tree. */
  readonly trees?: Readonly<Record<string, string>>;
  readonly output?: string;
  readonly execError?: string;
  /** The output is no UTF-8, so that JSON could not carry it. */
  readonly notText?: boolean;
}

const go = findGo();

export const HAS_GO = go !== undefined;

let program: string | undefined;

function build(): string {
  mkdirSync(CACHE, { recursive: true });
  const output = join(CACHE, 'gotemplate-judge');
  const cwd = fileURLToPath(new URL('judge/', import.meta.url));
  // Test files run side by side: none may find the other's program half written.
  const own = `${output}-${process.pid}`;
  execFileSync(go ?? 'go', ['build', '-o', own, '.'], { cwd, stdio: 'pipe' });
  renameSync(own, output);
  return output;
}

/** Go's verdicts, one for each question. */
export function askGo(questions: readonly Question[]): Verdict[] {
  program ??= build();
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const output = execFileSync(program, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
}
