import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AGENT_PERMISSIONS,
  BACKENDS,
  FAMILIES,
  LICENSES,
  PROJECT_LANGUAGES,
  type ProjectLanguage,
} from '../../src/scaffold/choices.ts';
import {
  canBuild,
  createProjectMaker,
  type MadeProject,
  type ProjectMaker,
} from '../support/made-project.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

/** Words such as `go,grpc`: only the combinations that have them all. */
const WANTED = (process.env.MIRASTACK_MATRIX ?? '').split(',').filter((word) => word !== '');

const ALL = PROJECT_LANGUAGES.flatMap((language) =>
  AGENT_PERMISSIONS.flatMap((permission) =>
    BACKENDS.flatMap((backend) =>
      LICENSES.map(({ word: license }, index) => ({
        language,
        permission: permission.toLowerCase(),
        backend,
        license,
        // Every family and both kinds of project, with own actions and without, come up in turn.
        family: FAMILIES[(index + BACKENDS.indexOf(backend)) % FAMILIES.length] ?? 'other',
        actions:
          index % 2 === 0 ? [] : ['--action', 'find_errors:Finds "errors". Use this when something fails.'],
      })),
    ),
  ),
);
const COMBINATIONS = ALL.filter((one) => WANTED.every((word) => Object.values(one).includes(word)));

let work: Workplace;
let maker: ProjectMaker;
const passed = new Map<ProjectLanguage, number>();
beforeAll(() => {
  work = createWorkplace();
  maker = createProjectMaker(work);
});
afterAll(async () => {
  const counts = PROJECT_LANGUAGES.map((language) => {
    const { length } = COMBINATIONS.filter((one) => one.language === language);
    return `${language} ${passed.get(language) ?? 0} of ${length}`;
  });
  const part = WANTED.length === 0 ? 'the full matrix' : `the part ${WANTED.join(', ')}`;
  process.stdout.write(`blueprints, ${part}, built, checked and tested: ${counts.join('; ')}\n`);
  await work?.close();
});

/** Builds a project and runs everything it brings to check itself, its test on an engine included. */
async function checkProject({ language, tool, toolkit }: MadeProject): Promise<string> {
  switch (language) {
    case 'typescript': {
      await tool('npm', 'run', 'check');
      return (await tool('npm', 'test')).stdout;
    }
    case 'go':
    case 'python': {
      // Not from a registry: what is tested is what was built here.
      const local = `TOOLKIT=${process.execPath} ${toolkit}`;
      if (language === 'go') await tool('make', 'build');
      return (await tool('make', 'check', 'test', 'integration', local)).stdout;
    }
    default:
      return language satisfies never;
  }
}

/** What a project's own test run must not say: that it left something out. */
const LEFT_OUT: Readonly<Record<ProjectLanguage, RegExp>> = {
  typescript: /^\S+ (skipped|fail|todo) [1-9]/m,
  go: /^--- SKIP/m,
  python: /\d (skipped|failed|xfailed)/,
};

describe.each(PROJECT_LANGUAGES)('projects in %s', (language) => {
  describe.skipIf(!canBuild(language))(`(needs the tools of ${language})`, () => {
    const combinations = COMBINATIONS.filter((one) => one.language === language);
    test.runIf(combinations.length > 0).each(combinations)(
      '$permission, $backend, $license',
      async ({ permission, backend, license, family, actions }) => {
        const name = [language, permission, backend, license].join('-');
        const flags = ['--permission', permission, '--backend', backend, '--license', license];
        const project = await maker.make(language, name, [...flags, '--backend-family', family, ...actions]);
        expect(await checkProject(project)).not.toMatch(LEFT_OUT[language]);
        passed.set(language, (passed.get(language) ?? 0) + 1);
      },
    );
  });
});
