import { describe, expect, it } from 'vitest';
import { AGENT_PERMISSIONS, BACKENDS, LICENSES, PROJECT_LANGUAGES } from '../../src/scaffold/choices.ts';
import { blueprintLoaders } from '../../src/scaffold/generated/blueprints.ts';
import { createPlan } from '../../src/scaffold/index.ts';
import { toValues } from '../../src/scaffold/values.ts';
import { parseFile, textOf } from '../scaffold/project-text.ts';
import { answersWith } from '../scaffold/workspace.ts';

/** What the guide wants at the root of every project, whatever its language. */
const LAYOUT = ['LICENSE', 'README.md', 'templates/my_agent_guide.tmpl', '.mirastack/blueprint.json'];
const OTHERS = [
  'mirastack.config.json',
  '.env.example',
  '.gitignore',
  '.github/workflows/ci.yml',
  'AGENTS.md',
];
const SOURCES = { typescript: 'ts', go: 'go', python: 'py' } as const;
const MANIFESTS = { typescript: 'package.json', go: 'go.mod', python: 'pyproject.toml' } as const;
const MAX_TEMPLATE_BYTES = 2048;

/** Our program's name as a command: not part of a longer word, of a path or of the package's name. */
const COMMAND = /(?<![\w/@.-])mirastack-agent(?= (?:dev|lint|list|invoke|engine)\b)/;
/** What may stand before it: it is then the project's own, or taken from our package by its full name. */
const OWN = /(?:npx --no-install|pnpm exec|yarn run|bunx --no-install|npx --yes --package \S+) $/;

/** Commands that would take our program from whoever has that name in a registry. */
function strayCommands(name: string, text: string): string[] {
  // Scripts of package.json run with the project's own programs in front.
  if (name === 'package.json') return [];
  return text.split('\n').filter((line) => {
    const match = COMMAND.exec(line);
    return match !== null && !OWN.test(line.slice(0, match.index));
  });
}

const COMBINATIONS = PROJECT_LANGUAGES.flatMap((language) =>
  AGENT_PERMISSIONS.flatMap((permission) => BACKENDS.map((backend) => ({ language, permission, backend }))),
);

describe.each(COMBINATIONS)('$language, $permission, $backend', ({ language, permission, backend }) => {
  it.each(LICENSES.map(({ word }) => word))(
    'is generated under %s, parses, and is the same again',
    async (license) => {
      const given = { language, permission, backend, license, actions: ['find_errors:Finds errors'] };
      const answers = answersWith(given);
      const plan = await createPlan(answers);
      expect(await createPlan(answersWith(given))).toEqual(plan);
      const names = plan.files.map((file) => file.path);
      const source = SOURCES[language];
      const guide = ['main', 'plugin', 'actions', ...(backend === 'none' ? [] : ['client'])];
      expect(names).toEqual(
        expect.arrayContaining([
          ...LAYOUT,
          ...OTHERS,
          MANIFESTS[language],
          ...guide.map((name) => `${name}.${source}`),
          ...(language === 'go' ? ['embed.go'] : []),
        ]),
      );
      for (const { path, content } of plan.files) {
        const text = String(content);
        parseFile(path, text);
        expect([path, /TODO|FIXME|XXX/.exec(text)]).toEqual([path, null]);
        expect([path, strayCommands(path, text)]).toEqual([path, []]);
        expect([path, text.endsWith('\n'), text.includes('\r')]).toEqual([path, true, false]);
        if (path.endsWith('.tmpl')) expect(Buffer.byteLength(text)).toBeLessThan(MAX_TEMPLATE_BYTES);
      }
    },
  );

  it('says what it changes, and only when it may', async () => {
    const plan = await createPlan(answersWith({ language, permission, backend }));
    const code = plan.files.map(({ content }) => String(content)).join('\n');
    const [update, remove] =
      backend === 'none' ? ['update_threshold', 'delete_threshold'] : ['update_item', 'delete_item'];
    expect(code.includes(update)).toBe(permission !== 'READ');
    expect(code.includes(remove)).toBe(permission === 'ADMIN');
    expect(textOf(plan, `plugin.${SOURCES[language]}`).includes('WARNING: ')).toBe(permission !== 'READ');
  });
});

describe.each(PROJECT_LANGUAGES)('the blueprint of %s', (language) => {
  it('offers what the command does, and uses values that there are', async () => {
    const blueprint = await blueprintLoaders[`${language}/agent`]?.();
    expect(blueprint).toMatchObject({ permissions: AGENT_PERMISSIONS, backends: BACKENDS });
    const values = toValues(answersWith({ language }));
    expect(blueprint?.variables.filter((name) => !(name in values))).toEqual([]);
    const conditions = blueprint?.files.flatMap(({ when = [] }) => when.flat()) ?? [];
    const names = conditions.map((condition) => condition.replace('!', ''));
    expect(names.filter((name) => typeof values[name as keyof typeof values] !== 'boolean')).toEqual([]);
  });
});

describe('the values of blueprints', () => {
  it('are all used by one language at least', async () => {
    const blueprints = await Promise.all(Object.values(blueprintLoaders).map((load) => load()));
    const used = blueprints.flatMap(({ variables, files }) => [
      ...variables,
      ...files.flatMap(({ when = [] }) => when.flat()).map((condition) => condition.replace('!', '')),
    ]);
    const unused = Object.keys(toValues(answersWith())).filter((name) => !used.includes(name));
    // One for each package manager, though some need no case of their own.
    expect(unused.filter((name) => !name.startsWith('packageManagerIs'))).toEqual([]);
  });
});

describe('strayCommands', () => {
  it.each([
    ['npx mirastack-agent dev', 1],
    ['run: mirastack-agent lint', 1],
    ['npx -y mirastack-agent lint', 1],
    ['npx --no-install mirastack-agent lint', 0],
    ['npx --yes --package create-mirastack-agent@1.2.3 mirastack-agent lint', 0],
    ['create-mirastack-agent dev', 0],
  ])('of %s are %i', (line, count) => {
    expect(strayCommands('README.md', line)).toHaveLength(count);
  });
});
