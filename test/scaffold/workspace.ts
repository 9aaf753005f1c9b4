import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { type Answers, completeAnswers, type GivenAnswers } from '../../src/scaffold/index.ts';

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A fresh folder that is gone after the test. */
export async function makeWorkspace(): Promise<string> {
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'scaffold-test-'));
  made.push(folder);
  return folder;
}

/** Every file under a folder with its text, by path; a folder without files is listed with a slash. */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const result: Record<string, string> = {};
  for (const entry of entries) {
    const place = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, place).split(path.sep).join('/');
    if (entry.isFile()) result[name] = await readFile(place, 'utf8');
    else if (entry.isDirectory() && (await readdir(place)).length === 0) result[`${name}/`] = '';
  }
  return result;
}

/** What is known about a person who answers nothing, in the folder `my-agent`. */
export const CONTEXT = {
  directory: '/somewhere/my-agent',
  packageVersion: '1.2.3',
  year: 2026,
  packageManagers: [],
} as const;

/** Answers for an agent `my_agent`, with some given. */
export function answersWith(given: GivenAnswers = {}): Answers {
  return completeAnswers({ ...CONTEXT, given });
}
