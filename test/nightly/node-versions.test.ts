import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CACHE, ROOT } from '../support/tools.ts';

/** The other lines of Node that users have; CI itself runs on one of the three. */
const LINES = ['20', '22', '24'].filter((line) => line !== process.versions.node.split('.')[0]);

/** A Node of the given line from its npm package, which holds the plain program; installed once. */
function installNode(line: string): string {
  const folder = join(CACHE, `node-${line}`);
  const name = `node-${process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(program))
    execFileSync('npm', ['install', '--ignore-scripts', '--no-save', '--prefix', folder, `${name}@${line}`], {
      stdio: 'pipe',
    });
  return program;
}

describe.skipIf(process.platform !== 'linux')('the whole suite on other lines of Node (needs Linux)', () => {
  test.each(LINES)('Node %s', (line) => {
    const node = installNode(line);
    const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
    expect(execFileSync('node', ['--version'], { env, encoding: 'utf8' })).toMatch(
      new RegExp(`^v${line}\\.`),
    );
    const suite = spawnSync(node, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--no-color'], {
      cwd: ROOT,
      // Other lines bring other time zone data, and the tests that compare all of it with Go's step aside by name.
      env: { ...env, CI: '' },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    process.stdout.write(`Node ${line}: ${suite.stdout.trimEnd().split('\n').at(-1)}\n`);
    expect(suite.status, `${suite.stdout}\n${suite.stderr}`).toBe(0);
  });
});
