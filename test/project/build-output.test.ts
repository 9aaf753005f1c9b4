import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBuildFailure } from '../../src/project/index.ts';

const ROLLDOWN = fileURLToPath(new URL('../../node_modules/.bin/rolldown', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-test-')));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/main.ts'), 'const a = 1;\nconst b: number = ;\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('reads the real output of rolldown', () => {
  writeFileSync(join(folder, 'rolldown.config.mjs'), 'export default { input: "src/main.ts" }');
  const { stdout, stderr } = spawnSync(ROLLDOWN, ['-c'], { cwd: folder, encoding: 'utf8' });
  expect(readBuildFailure(`${stderr}\n${stdout}`, folder)).toEqual({
    message: '[PARSE_ERROR] Unexpected token',
    file: 'src/main.ts',
    line: 2,
  });
});

it.each([
  ['src/main.ts(3,5): error TS1109: Expression expected.', 3],
  ['# example\n./src/main.ts:12:3: undefined: x', 12],
  ['\u001b[31merror\u001b[0m: nope\n  --> src/main.ts:7', 7],
])('finds the place in %j', (output, line) => {
  expect(readBuildFailure(output, folder)).toMatchObject({ file: 'src/main.ts', line });
});

it('takes no place that is not in the project, and always has a message', () => {
  const output =
    'tool 1.2.3:4 started at 10:20:30\n    at run (node_modules/tool/cli.js:1:2)\nError: out of luck';
  expect(readBuildFailure(output, folder)).toEqual({ message: 'Error: out of luck' });
  expect(readBuildFailure('', folder)).toEqual({ message: 'the build failed without a word' });
  expect(readBuildFailure(`${folder}/src/main.ts:2:1: error`, folder)).toMatchObject({
    file: 'src/main.ts',
    line: 2,
  });
});
