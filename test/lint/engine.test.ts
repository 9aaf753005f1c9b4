import { describe, expect, it } from 'vitest';
import {
  applyFixes,
  formatDiff,
  projectFilesOf,
  RULES,
  readBaseline,
  readChecklist,
  writeBaseline,
} from '../../src/lint/index.ts';
import { type Files, GOOD_AGENTS, LANGUAGE_IDS, lintFiles, readFixture, shortLines } from './agents.ts';

const withEdit = (files: Files, file: string, from: string, to: string): Files => {
  const text = String(files[file]);
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { ...files, [file]: text.replace(from, () => to) };
};

const NO_HEALTH = withEdit(GOOD_AGENTS.go, 'plugin.go', 'return t.depot.Knock(ctx)', 'return nil');

describe('settings', () => {
  it('change how loud a rule is, or switch it off', async () => {
    const as = async (severity: 'warning' | 'off') =>
      lintFiles('go', NO_HEALTH, { settings: { rules: { 'health-check': severity } } });
    expect((await as('warning')).summary).toMatchObject({ errors: 0, warnings: 1 });
    const off = await as('off');
    expect(off.violations).toEqual([]);
    expect(off.rules).toContainEqual({
      id: 'health-check',
      status: 'not-checked',
      reason: 'it is switched off',
    });
  });

  it.each(['plugin.go', 'plugin.go:50', '*'])('accept a violation at %s, with the reason', async (place) => {
    const exceptions = [{ rule: 'health-check', place, reason: 'the depot has no health' }];
    const report = await lintFiles('go', NO_HEALTH, { settings: { exceptions } });
    expect(report.violations).toEqual([]);
    expect(report.accepted).toMatchObject([{ rule: 'health-check', reason: 'the depot has no health' }]);
    expect(report.rules.find(({ id }) => id === 'health-check')?.status).toBe('passed');
  });

  it.each([
    ['another place', { rule: 'health-check', place: 'client.go', reason: '' }],
    ['another line', { rule: 'health-check', place: 'plugin.go:1', reason: '' }],
    ['another rule', { rule: 'agent-name', place: '*', reason: '' }],
  ])('do not accept it at %s', async (_, exception) => {
    const report = await lintFiles('go', NO_HEALTH, { settings: { exceptions: [exception] } });
    expect(report.violations).toHaveLength(1);
  });

  it.each([
    [{ only: ['helth-check'] }, /--rule names the rule helth-check/],
    [{ ignored: ['x'] }, /--ignore names the rule x/],
    [{ rules: { nothing: 'off' as const } }, /mirastack\.config\.json names the rule nothing/],
  ])('that name no rule are refused', async (settings, message) => {
    await expect(lintFiles('go', NO_HEALTH, { settings })).rejects.toMatchObject({
      code: 'unknown-rule',
      kind: 'usage',
      message: expect.stringMatching(message),
    });
  });

  it('run only what is asked for', async () => {
    const report = await lintFiles('go', NO_HEALTH, { settings: { only: ['agent-name'] } });
    expect(report.rules.map(({ id }) => id)).toEqual(['agent-name']);
  });
});

describe('a baseline', () => {
  it('keeps what was there, wherever it moved, and lets through what is new', async () => {
    const before = await lintFiles('go', NO_HEALTH);
    const text = writeBaseline(before.violations);
    const baseline = readBaseline(text);
    const moved = withEdit(NO_HEALTH, 'plugin.go', 'package main\n', 'package main\n\n// Moved down.\n');
    expect(shortLines(await lintFiles('go', moved, { settings: { baseline } }))).toEqual([]);
    const worse = withEdit(moved, 'plugin.go', '"0.4.2"', '"v0.4"');
    const report = await lintFiles('go', worse, { settings: { baseline } });
    expect(report.violations.map(({ rule }) => rule)).toEqual(['agent-version']);
    expect(writeBaseline([...before.violations].reverse())).toBe(text);
  });

  it.each(['{', '[]', '{"violations":[{}]}'])('of the form %s is refused', (text) => {
    expect(() => readBaseline(text)).toThrow(expect.objectContaining({ code: 'bad-baseline' }));
  });
});

describe('mends', () => {
  it('are made where the guide’s samples can be mended safely, and then nothing is left to mend', async () => {
    const files = readFixture('guide-go');
    const edited: Record<string, string> = {
      ...files,
      'actions.go': String(files['actions.go']).replace('"encoding/json"', '"encoding/json"\n\t"time"'),
    };
    const { violations } = await lintFiles('go', edited);
    const fixed = applyFixes(violations, projectFilesOf(edited));
    expect(fixed.map(({ path }) => path)).toEqual(['actions.go']);
    expect(formatDiff(fixed[0] as (typeof fixed)[number])).toMatch(
      /^--- a\/actions\.go\n\+\+\+ b\/actions\.go\n@@ -\d+ \+\d+ @@\n-.*result, 300\)\n\+.*result, 300\*time\.Second\)$/,
    );
    for (const { path, after } of fixed) edited[path] = after;
    const again = await lintFiles('go', edited);
    expect(again.violations.filter(({ fix }) => fix !== undefined)).toEqual([]);
    expect(again.violations.length).toBe(violations.length - 1);
  });

  it('of types and packages leave the rest of the line alone', async () => {
    const files = withEdit(
      withEdit(GOOD_AGENTS.python, 'actions.py', '"percent", "number"', '"percent", "int"'),
      'pyproject.toml',
      'mirastack-agents-sdk>=',
      'mirastack-agents-sdk-python>=',
    );
    const fixed = applyFixes((await lintFiles('python', files)).violations, projectFilesOf(files));
    expect(Object.fromEntries(fixed.map(({ path, after }) => [path, after]))).toEqual({
      'actions.py': GOOD_AGENTS.python['actions.py'],
      'pyproject.toml': GOOD_AGENTS.python['pyproject.toml'],
    });
  });
});

describe('sources', () => {
  it('of tests and of developers are not the agent’s', async () => {
    const files = {
      ...GOOD_AGENTS.python,
      'dev/backend.py': 'import redis\n',
      'test_plugin.py': 'import redis\n',
    };
    expect(shortLines(await lintFiles('python', files))).toEqual([]);
  });

  it('are the agent’s wherever they lie, once it imports them', async () => {
    const files = withEdit(
      { ...GOOD_AGENTS.python, 'tools/__init__.py': '', 'tools/store.py': 'import redis\n' },
      'client.py',
      'import httpx\n',
      'import httpx\nfrom tools import store\nfrom tools.store import redis\n',
    );
    expect(shortLines(await lintFiles('python', files))).toEqual([
      expect.stringMatching(/^tools\/store\.py:1 no-engine-store/),
    ]);
  });

  it.each(LANGUAGE_IDS)('in %s with a fault are one violation, whatever is broken off', async (language) => {
    const [path = '', text] =
      Object.entries(GOOD_AGENTS[language]).find(([name]) => /^plugin\./.test(name)) ?? [];
    for (const share of [0.2, 0.5, 0.8]) {
      const cut = String(text).slice(0, Math.floor(String(text).length * share));
      const report = await lintFiles(language, { ...GOOD_AGENTS[language], [path]: `${cut}\n((( {{{` });
      expect([share, report.violations.map(({ rule }) => rule)]).toEqual([share, ['syntax']]);
    }
  });

  it('that hold anything at all end in a report', async () => {
    const strange = [
      '',
      '\0',
      '\ufeff',
      '{{{{',
      '"'.repeat(1000),
      '('.repeat(20_000),
      'a.'.repeat(5_000),
      '\u202e/*',
      '<a></b>',
    ];
    for (const language of LANGUAGE_IDS)
      for (const text of strange) {
        const extension = { typescript: 'ts', go: 'go', python: 'py' }[language];
        const report = await lintFiles(language, { ...GOOD_AGENTS[language], [`odd.${extension}`]: text });
        expect(report.rules).toHaveLength(RULES.length);
      }
  });

  it('put nothing into a report that moves a cursor or turns text around', async () => {
    const files = withEdit(GOOD_AGENTS.go, 'plugin.go', '"truckwatch",', '"truck\\x1b[2J\u202ewatch",');
    const { violations } = await lintFiles('go', files);
    expect(violations.map(({ rule }) => rule)).toContain('agent-name');
    for (const { message } of violations) expect(message).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });
});

describe('the checklist', () => {
  it('has the fourteen points, and leaves open what was not asked', async () => {
    const report = await lintFiles('go', GOOD_AGENTS.go);
    const lines = readChecklist(report, RULES);
    expect(lines.map(({ point }) => point)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
    const open = lines.filter(({ status }) => status !== 'passed');
    expect(open.map(({ point, status }) => [point, status])).toEqual([
      [6, 'not-checked'],
      [8, 'not-checked'],
    ]);
    for (const { proof } of lines) expect(proof).not.toBe('');
  });

  it('crosses the point that failed and says where', async () => {
    const lines = readChecklist(await lintFiles('go', NO_HEALTH), RULES);
    expect(lines[7]).toMatchObject({
      status: 'failed',
      proof: expect.stringMatching(/^plugin\.go:50 HealthCheck/),
    });
  });
});

it('what templates use is told, and is no violation', async () => {
  const report = await lintFiles('go', GOOD_AGENTS.go);
  expect(report.notes).toEqual([
    {
      message: 'templates/truckwatch_tracks.tmpl uses .Depots',
      place: { file: 'templates/truckwatch_tracks.tmpl', line: 1, column: 1 },
    },
  ]);
});

describe('every rule', () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s says what, why and how, with examples',
    (id, rule) => {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      for (const text of [rule.why, rule.mend]) expect(text).toMatch(/^[A-Z].*[.!]$/s);
      expect(rule.title).not.toMatch(/\.$/);
      const shown = Object.keys(rule.examples);
      expect(shown.includes('any') || rule.languages.every((language) => shown.includes(language))).toBe(
        true,
      );
    },
  );

  it('has its own id', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });

  it.each(Array.from({ length: 14 }, (_, index) => index + 1))('of point %i exists', (point) => {
    expect(RULES.some(({ checklist }) => checklist === point)).toBe(true);
  });
});
