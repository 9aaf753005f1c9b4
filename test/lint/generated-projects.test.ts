import { describe, expect, it } from 'vitest';
import { AGENT_PERMISSIONS, BACKENDS, PROJECT_LANGUAGES } from '../../src/scaffold/choices.ts';
import { createPlan } from '../../src/scaffold/index.ts';
import { answersWith } from '../scaffold/workspace.ts';
import { lintFiles, shortLines } from './agents.ts';

const COMBINATIONS = PROJECT_LANGUAGES.flatMap((language) =>
  AGENT_PERMISSIONS.flatMap((permission) => BACKENDS.map((backend) => ({ language, permission, backend }))),
);

describe('a generated project', () => {
  it.each(COMBINATIONS)(
    'in $language with $permission and backend $backend has nothing to find',
    async (given) => {
      const plan = await createPlan(answersWith(given));
      const files = Object.fromEntries(plan.files.map(({ path, content }) => [path, content]));
      expect(shortLines(await lintFiles(given.language, files))).toEqual([]);
    },
  );

  it.each(PROJECT_LANGUAGES)(
    'in %s is told of an own action that is described too shortly',
    async (language) => {
      const plan = await createPlan(answersWith({ language, actions: ['find_errors:Finds errors'] }));
      const files = Object.fromEntries(plan.files.map(({ path, content }) => [path, content]));
      const { violations } = await lintFiles(language, files);
      expect(violations.map(({ rule }) => rule)).toEqual(['description-too-short']);
    },
  );
});
