import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/lint/index.ts';
import { GOOD_AGENTS, LANGUAGE_IDS, lintFiles, shortLines } from './agents.ts';
import { CASES } from './cases.ts';

describe.each(LANGUAGE_IDS)('a good agent by hand in %s', (language) => {
  it('has nothing to find, and whatever needs no running agent was checked', async () => {
    const report = await lintFiles(language, GOOD_AGENTS[language]);
    expect(shortLines(report)).toEqual([]);
    const isLive = new Set(RULES.filter((rule) => rule.isLive).map(({ id }) => id));
    const open = report.rules.filter(({ id, status }) => status === 'not-checked' && !isLive.has(id));
    expect(open).toEqual([]);
  });
});

describe('one fault in a good agent', () => {
  it.each(CASES.map((item) => [`${item.rule} in ${item.language}`, item] as const))(
    'is found by %s, at its line, and nothing else is',
    async (_, { rule, language, files, file, line }) => {
      const report = await lintFiles(language, files);
      expect(shortLines(report)).toHaveLength(1);
      expect(report.violations[0]).toMatchObject({ rule, help: expect.stringMatching(/\w/) });
      const place = report.violations[0]?.place;
      expect([place?.file, place?.line]).toEqual([file, line]);
      expect(report.rules.find(({ id }) => id === rule)).toMatchObject({ status: 'failed' });
    },
  );

  it.each(CASES.map((item) => [`${item.rule} in ${item.language}`, item] as const))(
    'is not found without %s',
    async (_, { rule, language, files }) => {
      const rules = RULES.filter(({ id }) => id !== rule);
      expect(shortLines(await lintFiles(language, files, { rules }))).toEqual([]);
    },
  );

  it('is tried for every rule and language', () => {
    const tried = new Set(CASES.map(({ rule, language }) => `${rule} ${language}`));
    const missing = RULES.filter(({ isLive }) => !isLive).flatMap(({ id, languages }) =>
      languages.map((language) => `${id} ${language}`).filter((name) => !tried.has(name)),
    );
    expect(missing).toEqual([]);
  });
});
