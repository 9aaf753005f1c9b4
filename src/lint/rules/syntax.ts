import type { Rule } from '../types.ts';
import { ALL, checked, fileStart, lineAt } from './kit.ts';

export const syntax: Rule = {
  id: 'syntax',
  title: 'Every source file can be read',
  group: 'layout',
  severity: 'error',
  why: 'A file that does not parse does not build, and no other rule can say anything about it.',
  mend: 'Mend the place; the language’s own compiler says more.',
  languages: ALL,
  examples: {
    typescript: { bad: 'const a = ;', good: 'const a = 1;' },
    go: { bad: 'func f( {}', good: 'func f() {}' },
    python: { bad: 'def f(:', good: 'def f():' },
  },
  check({ workspace }) {
    return checked(
      workspace.faults.map(({ path, offset, text, reason }) => {
        if (reason === 'too-large')
          return { message: `${path} is larger than 8 MiB and was not read`, place: fileStart(path) };
        const line = lineAt(text, offset);
        const column = offset - text.lastIndexOf('\n', offset - 1);
        return { message: 'the file cannot be parsed from here on', place: { file: path, line, column } };
      }),
    );
  },
};
