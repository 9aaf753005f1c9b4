import type { Rule } from '../types.ts';
import { checked, linesOf } from './kit.ts';

const FILES =
  /^(pyproject\.toml|setup\.(cfg|py)|requirements[^/]*\.(txt|in)|Pipfile|environment\.ya?ml|Dockerfile|Makefile|README\.md)$/i;
const WRONG = /\bmirastack[-_]agents[-_]sdk[-_]python\b/;

export const sdkPackage: Rule = {
  id: 'sdk-package',
  title: 'The Python SDK is installed under the name that it has',
  group: 'sdk',
  severity: 'error',
  why: 'The guide says mirastack-agents-sdk-python; the package on PyPI is called mirastack-agents-sdk, and whoever takes the other name could publish anything.',
  mend: 'Depend on mirastack-agents-sdk.',
  languages: ['python'],
  examples: {
    python: {
      bad: 'dependencies = ["mirastack-agents-sdk-python"]',
      good: 'dependencies = ["mirastack-agents-sdk>=1.11"]',
    },
  },
  check({ files }) {
    return checked(
      files.paths
        .filter((path) => FILES.test(path))
        .flatMap((path) =>
          [...linesOf(files.get(path)?.text ?? '')].flatMap(([line, number]) => {
            const match = WRONG.exec(line);
            // The address of the repository does have that name.
            if (match === null || /\/mirastack-agents-sdk-python/.test(line)) return [];
            const place = { file: path, line: number, column: match.index + 1 };
            return [
              {
                message: 'there is no package mirastack-agents-sdk-python: it is called mirastack-agents-sdk',
                place,
                fix: { place, from: match[0], to: 'mirastack-agents-sdk' },
              },
            ];
          }),
        ),
    );
  },
};
