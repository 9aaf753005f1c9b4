import type { ProjectFiles } from '../project-files.ts';
import type { Place } from '../source/source-file.ts';

/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
  readonly place: Place;
}

/** One `FROM` with what follows it. */
export interface Stage {
  readonly from: Instruction;
  readonly image: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

export const dockerfilePaths = ({ paths }: ProjectFiles): readonly string[] =>
  paths.filter((path) => /^((Dockerfile|Containerfile)([.-][\w-]+)?|[\w-]+\.Dockerfile)$/i.test(path));

/** The instructions of a Dockerfile; comments and blank lines are left out. */
export function readDockerfile(file: string, text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let joined = '';
  let start = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (joined === '') start = index + 1;
    joined += line.replace(/\\$/, ' ');
    if (line.endsWith('\\')) continue;
    const [, keyword = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(joined) ?? [];
    instructions.push({
      keyword: keyword.toUpperCase(),
      rest: rest.trim(),
      place: { file, line: start, column: 1 },
    });
    joined = '';
  }
  return instructions;
}

/** The stages of a Dockerfile, the last being what is shipped. */
export function readStages(instructions: readonly Instruction[]): Stage[] {
  const stages: { from: Instruction; image: string; name: string; instructions: Instruction[] }[] = [];
  for (const item of instructions) {
    if (item.keyword === 'FROM') {
      const words = item.rest.split(/\s+/).filter((word) => !word.startsWith('--'));
      const name = words[1]?.toUpperCase() === 'AS' ? (words[2] ?? '') : '';
      stages.push({ from: item, image: words[0] ?? '', name, instructions: [] });
    } else stages.at(-1)?.instructions.push(item);
  }
  return stages;
}
