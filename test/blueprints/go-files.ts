/** What Go's own tools say about generated Go sources. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { completeAnswers, createPlan, type GivenAnswers, type Plan } from '../../src/scaffold/index.ts';
import { CONTEXT } from '../scaffold/workspace.ts';
import { REAL_GO_SDK } from '../support/go.ts';
import { ROOT } from '../support/tools.ts';

/** The SDK that generated projects are built on: the stand-in, or the checkout of `MIRASTACK_GO_SDK`. */
export const GO_SDK = REAL_GO_SDK ?? join(ROOT, 'test/go-sdk');

/** As the projects' own Makefile and `dev` have it, so that all share the cache of one variant. */
export const GO_ENV = { ...process.env, CGO_ENABLED: '0' };

export interface GoFinding {
  /** Empty when the source parses. */
  readonly error: string;
  readonly formatted: boolean;
  /** The values of all string literals but imports, in order. */
  readonly literals: readonly string[];
}

const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;
let checker: string | undefined;

/** Reads many sources with one program. */
export function checkGoFiles(sources: Readonly<Record<string, string>>): Record<string, GoFinding> {
  if (checker === undefined) {
    checker = join(mkdtempSync(join(tmpdir(), 'mirastack-go-check-')), 'go-check');
    const cwd = join(ROOT, 'test/fixtures/go-check');
    execFileSync('go', ['build', '-o', checker, '.'], { cwd, env: GO_ENV, stdio: 'pipe' });
  }
  const input = JSON.stringify(sources);
  const { status, stdout, stderr } = spawnSync(checker, {
    input,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (status !== 0) throw new Error(`go-check ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, GoFinding>;
}

/** Takes the program away that `checkGoFiles` has built. */
export function removeChecker(): void {
  if (checker !== undefined) rmSync(dirname(checker), { recursive: true });
  checker = undefined;
}

/** The plan of a Go agent `my_agent` on `GO_SDK`. */
export function planGo(given: GivenAnswers): Promise<Plan> {
  return createPlan(completeAnswers({ ...CONTEXT, given: { language: 'go', goSdk: GO_SDK, ...given } }));
}

/** A plan's Go sources by path. */
export function goSources(plan: Plan): Record<string, string> {
  const files = plan.files.filter(({ path }) => path.endsWith('.go'));
  return Object.fromEntries(files.map(({ path, content }) => [path, String(content)]));
}

/** A plan on disk, its dependencies resolved. */
export function writeGoProject(plan: Plan, folder: string): void {
  for (const { path, content } of plan.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  runGo(folder, 'mod', 'tidy');
}

/** Runs Go in a project; what it says stands in the error when it fails. */
export function runGo(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('go', args, { cwd: folder, env: GO_ENV, encoding: 'utf8' });
  if (status !== 0) throw new Error(`go ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}
