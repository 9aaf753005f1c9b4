import type { LanguageId } from '../../project/index.ts';
import type { Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';

const EXTENSIONS: Readonly<Record<LanguageId, string>> = { typescript: 'ts', go: 'go', python: 'py' };
const MANIFESTS: Readonly<Record<LanguageId, string>> = {
  typescript: 'package.json',
  go: 'go.mod',
  python: 'pyproject.toml',
};

export const layoutFiles: Rule = {
  id: 'layout-files',
  title: 'The files lie where the guide puts them',
  group: 'layout',
  severity: 'warning',
  why: 'Whoever reviews an agent looks for its parts in these places; so does the toolkit.',
  mend: 'Put the start into main, the five methods into plugin, the actions into actions and the backend’s client into client.',
  languages: ALL,
  needsWholeSource: true,
  examples: { any: { bad: 'agent.go', good: 'main.go, plugin.go, actions.go, client.go' } },
  check({ language, files, graph }) {
    const extension = EXTENSIONS[language];
    const names = ['main', 'plugin', 'actions', ...(graph.hasBackend() ? ['client'] : [])].map(
      (name) => `${name}.${extension}`,
    );
    // A part that has outgrown one file may be a folder.
    const has = (name: string) => {
      const folder = name.replace(/\.\w+$/, '/');
      return files.paths.some(
        (path) =>
          [name, `src/${name}`].includes(path) || path.startsWith(folder) || path.startsWith(`src/${folder}`),
      );
    };
    return checked(
      [MANIFESTS[language], ...names]
        .filter((name) => !has(name))
        .map((name) => ({ message: `the guide’s layout has ${name}, this project has not` })),
      names.join(', '),
    );
  },
};
