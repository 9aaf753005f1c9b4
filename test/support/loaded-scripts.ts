/** Which files a Node program loaded, and which parts of them ran, told by Node itself: no hook, and no clock. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Coverage {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

/** What one program loaded. */
export interface Loading {
  /** Absolute paths of the files it loaded. */
  readonly files: readonly string[];
  /** Those of the files that hold a text, whether it ran or not. */
  holding(text: string): readonly string[];
  /** Those of the files in which the text stands in code that ran. */
  running(text: string): readonly string[];
}

/** The environment that makes a program leave its record in a folder. */
export function recordLoading(folder: string): Record<string, string> {
  // Coverage lists every script of the process, ES modules and CommonJS alike.
  return { NODE_V8_COVERAGE: folder };
}

/** True when the innermost range around a place was counted: an outer one says nothing of what lies in it. */
function hasRun({ functions }: Coverage, offset: number): boolean {
  const around = functions
    .flatMap(({ ranges }) => ranges)
    .filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset)
    .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
  return (around[0]?.count ?? 0) > 0;
}

/** The record of the programs that ran with this folder and have ended. Fails when nothing was recorded. */
export function readLoading(folder: string): Loading {
  const records = readdirSync(folder);
  if (records.length === 0) throw new Error(`no program left a record in ${folder}`);
  const scripts = records.flatMap((record) => {
    const { result } = JSON.parse(readFileSync(join(folder, record), 'utf8')) as { result: Coverage[] };
    return result
      .filter(({ url }) => url.startsWith('file:'))
      .map((coverage) => {
        const file = fileURLToPath(coverage.url);
        return { file, coverage, source: readFileSync(file, 'utf8') };
      });
  });
  const holding = (text: string) => scripts.filter(({ source }) => source.includes(text));
  return {
    files: scripts.map(({ file }) => file),
    holding: (text) => holding(text).map(({ file }) => file),
    running: (text) =>
      holding(text)
        .filter(({ source, coverage }) => hasRun(coverage, source.indexOf(text)))
        .map(({ file }) => file),
  };
}
