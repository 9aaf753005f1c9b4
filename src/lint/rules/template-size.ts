import type { Rule } from '../types.ts';
import { ALL, checked, fileStart, notApplicable, templatePaths } from './kit.ts';

const MAX_BYTES = 2048;

export const templateSize: Rule = {
  id: 'template-size',
  title: 'Prompt templates stay under 2 KB',
  group: 'templates',
  severity: 'error',
  why: 'A template is in the LLM’s context for every question; what is large there leaves less for the answer.',
  mend: 'Keep what the LLM cannot know by itself; split the template by action if it must say more.',
  languages: ALL,
  examples: { any: { bad: 'a template of 3,000 bytes', good: 'a template of 900 bytes' } },
  check({ files }) {
    const paths = templatePaths(files);
    if (paths.length === 0) return notApplicable('the project has no templates');
    return checked(
      paths.flatMap((path) => {
        const size = files.get(path)?.size ?? 0;
        if (size < MAX_BYTES) return [];
        return [
          {
            message: `${path} has ${size} bytes: it must have fewer than ${MAX_BYTES}`,
            place: fileStart(path),
          },
        ];
      }),
      paths.join(', '),
    );
  },
};
