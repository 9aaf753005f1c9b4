import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CACHE, findGo } from '../../support/tools.ts';

/** What Go is asked: the instant, and one way to write it. */
export type Question = { readonly ms: bigint } & (
  | { readonly layout: string }
  | { readonly tz: string }
  | { readonly unit: 's' | 'ms' | 'us' | 'ns' }
);

const go = findGo();
const goRoot = go === undefined ? '' : execFileSync(go, ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const zoneFile = join(goRoot, 'lib', 'time', 'zoneinfo.zip');
const zoneScript = join(goRoot, 'lib', 'time', 'update.bash');

export const HAS_GO = go !== undefined && existsSync(zoneFile);

/** The release of Go's own zone file, e.g. `2025c`, as its update script names it; undefined when unknown. */
export const GO_ZONES: string | undefined =
  HAS_GO && existsSync(zoneScript) ? /^DATA=(\w+)$/m.exec(readFileSync(zoneScript, 'utf8'))?.[1] : undefined;

/** The files of Go's zone file: every name that Go knows on any machine. Directories are left out. */
export function goZoneNames(): string[] {
  const zip = readFileSync(zoneFile);
  const names: string[] = [];
  const entry = Buffer.from('PK\x01\x02', 'latin1');
  for (let at = zip.indexOf(entry); at !== -1; at = zip.indexOf(entry, at + 46)) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + length));
  }
  return names.filter((name) => !name.endsWith('/'));
}

let program: string | undefined;

function build(): string {
  const output = join(CACHE, 'datetime-peer');
  const cwd = fileURLToPath(new URL('go/', import.meta.url));
  execFileSync(go ?? 'go', ['build', '-o', output, '.'], { cwd, stdio: 'pipe' });
  return output;
}

/** Go's answers, one for each question. Zones come from Go's own file, not from the machine. */
export function askGo(questions: readonly Question[], environment: NodeJS.ProcessEnv = {}): string[] {
  program ??= build();
  const input = questions
    .map((question) => JSON.stringify({ ...question, ms: String(question.ms) }))
    .join('\n');
  const env = { ...process.env, ZONEINFO: zoneFile, ...environment };
  const output = execFileSync(program, { input, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return output
    .trimEnd()
    .split('\n')
    .map((line) => String(JSON.parse(line)));
}
