import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LineFile } from '../../src/engine/state/line-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirastack-lines-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (limit: number) =>
  new LineFile(join(folder, 'lines.jsonl'), limit, (error) => {
    throw error;
  });

test('the newest lines are there after any number of restarts', async () => {
  let next = 0;
  for (const count of [3, 10, 1, 25, 7]) {
    const file = open(10);
    await file.load();
    // Closing writes what waits; the next line opens it again.
    for (let index = 0; index < count; index++) {
      file.add({ number: next++ });
      if (index % 4 === 0) await file.close();
    }
    await file.close();
    const kept = (await open(10).load()) as { number: number }[];
    expect(kept.map(({ number }) => number)).toEqual(
      Array.from({ length: Math.min(next, 10) }, (_, index) => next - Math.min(next, 10) + index),
    );
    expect(readdirSync(folder)).toEqual(['lines.jsonl']);
  }
});
