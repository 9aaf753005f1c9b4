import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ROOT } from './tools.ts';

const SDK_MODULE = 'github.com/mirastacklabs-ai/mirastack-agents-sdk-go';

/** A checkout of the real Go SDK to test against; the stand-in takes its place where there is none. */
export const REAL_GO_SDK = process.env.MIRASTACK_GO_SDK;

/** Which SDK the Go agent under test stands on, for the names of tests. */
export const GO_SDK_NAME = REAL_GO_SDK === undefined ? 'the stand-in of the Go SDK' : 'the real Go SDK';

/**
 * Builds one of test/interop's Go programs and returns its path. With `MIRASTACK_GO_SDK` the agent is built
 * against that checkout, from a copy whose go.mod points there.
 */
export function buildGo(go: string, program: 'go-agent' | 'go-engine'): string {
  const output = mkdtempSync(join(tmpdir(), 'mirastack-go-'));
  const binary = join(output, program);
  let source = join(ROOT, 'test/interop', program);
  const run = (...args: string[]) => execFileSync(go, args, { cwd: source, stdio: 'pipe' });
  if (program === 'go-agent' && REAL_GO_SDK !== undefined) {
    const copy = join(output, 'source');
    cpSync(source, copy, { recursive: true });
    source = copy;
    run('mod', 'edit', '-replace', `${SDK_MODULE}=${resolve(REAL_GO_SDK)}`);
    run('mod', 'tidy');
  }
  run('build', '-o', binary, '.');
  return binary;
}
