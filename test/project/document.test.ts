import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDocument } from '../../src/project/index.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mirastack-document-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function lay(text: string): string {
  const path = join(directory, 'file');
  writeFileSync(path, text);
  return path;
}

test.each([
  ['{"rules":[]}', { rules: [] }],
  ['rules: []\n', { rules: [] }],
  // As Windows editors begin a file.
  ['\uFEFF{"rules":[]}', { rules: [] }],
  ['\uFEFFrules: []\n', { rules: [] }],
])('%j is read', async (text, document) => {
  expect(await readDocument(lay(text))).toEqual(document);
});

test.each([
  ['rules: [', 'bad-document', /is neither JSON nor YAML: .*at line 1/],
  ['x'.repeat(257 * 1024), 'file-too-large', /is larger than 256 KiB\.$/],
])('what is none is refused with the place and a remedy', async (text, code, message) => {
  await expect(readDocument(lay(text))).rejects.toMatchObject({
    kind: 'usage',
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\.$/),
  });
});

test('a file that is not there is named', async () => {
  const path = join(directory, 'none');
  await expect(readDocument(path)).rejects.toMatchObject({
    code: 'unreadable-file',
    message: `${path} cannot be read: ENOENT.`,
    hint: 'Name a file that is there and that you may read.',
  });
});
