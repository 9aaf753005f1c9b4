import type { Rule } from '../types.ts';
import { ALL, checked, fileStart } from './kit.ts';

const BUILT =
  /\.(exe|dll|so(\.\d+)*|dylib|o|a|obj|class|jar|war|pyc|pyo|pyd|whl|node|test|egg|tgz|tar|gz|zip|7z|deb|rpm|msi|bin)$/i;
/** Starts of ELF, Mach-O and Windows programs. */
const PROGRAM = /^(7f454c46|cffaedfe|feedfacf|cefaedfe|feedface|cafebabe|4d5a)/;

export const committedBinary: Rule = {
  id: 'committed-binary',
  title: 'No built program lies in the project',
  group: 'layout',
  severity: 'error',
  why: 'Nobody can review a binary; what runs must be built from what was read.',
  mend: 'Delete it and add it to .gitignore.',
  languages: ALL,
  examples: {
    any: { bad: 'mirastack-plugin-my-agent (an ELF program)', good: 'a .gitignore that names it' },
  },
  check({ files }) {
    return checked(
      files.paths.flatMap((path) => {
        const file = files.get(path);
        if (file === undefined || (!file.isBinary && !file.isTooLarge)) return [];
        if (!PROGRAM.test(file.magic) && !BUILT.test(path)) return [];
        return [{ message: `${path} is a built file of ${file.size} bytes`, place: fileStart(path) }];
      }),
    );
  },
};
