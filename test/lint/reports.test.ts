import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import {
  formatGithub,
  formatJson,
  formatJunit,
  formatSarif,
  formatText,
  RULES,
  rulesPage,
} from '../../src/lint/index.ts';
import { PLAIN_THEME } from '../../src/terminal/index.ts';
import { GOOD_AGENTS, lintFiles, readFixture } from './agents.ts';
import { SARIF_SUBSET } from './sarif-schema.ts';

const VIEW = { prefix: 'agents/my agent/', manifest: 'go.mod', version: '1.2.3' };
const bad = await lintFiles('go', readFixture('guide-go'));
const good = await lintFiles('go', GOOD_AGENTS.go);

describe('json', () => {
  it('has the promised shape', () => {
    const document = JSON.parse(formatJson(bad)) as Record<string, unknown[]> & { summary: object };
    expect(document.summary).toEqual(bad.summary);
    expect(document.rules?.[0]).toEqual({ id: 'syntax', status: 'passed', reason: '' });
    const placed = document.violations?.find((item) => (item as { file?: string }).file === 'main.go');
    expect(placed).toEqual({
      rule: 'sdk-serve-result',
      severity: 'error',
      message: 'Serve returns nothing: its result cannot be used',
      help: 'Call mirastack.Serve(plugin) as the last statement of main.',
      file: 'main.go',
      line: 17,
      column: 12,
    });
    const unplaced = document.violations?.find(
      (item) => (item as { rule: string }).rule === 'license-present',
    ) as object;
    expect(Object.keys(unplaced).sort()).toEqual(['help', 'message', 'rule', 'severity']);
  });
});

describe('sarif', () => {
  it.each([
    ['violations', bad],
    ['none', good],
  ])('with %s is valid', (_, report) => {
    const document = JSON.parse(formatSarif(report, RULES, VIEW)) as unknown;
    const validate = new Ajv({ strict: true, allErrors: true }).compile(SARIF_SUBSET);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('gives every result a place under the repository, and a rule that is described', () => {
    const { runs } = JSON.parse(formatSarif(bad, RULES, VIEW)) as {
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          locations: {
            physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } };
          }[];
        }[];
      }[];
    };
    const [run] = runs;
    expect(run?.results).toHaveLength(bad.violations.length);
    for (const { ruleId, ruleIndex, locations } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toMatch(/^agents\/my%20agent\/[\w./-]+$/);
      expect(locations[0]?.physicalLocation.region.startLine).toBeGreaterThan(0);
    }
  });
});

describe('github', () => {
  it('is one command a line, with nothing in it that ends one', () => {
    const lines = formatGithub(bad, VIEW).split('\n');
    expect(lines).toHaveLength(bad.violations.length);
    for (const line of lines)
      expect(line).toMatch(
        /^::(error|warning) file=agents\/my agent\/[^:,]+,line=\d+,col=\d+,title=[a-z-]+::./,
      );
  });
});

describe('junit', () => {
  it('counts what failed and what was skipped, and escapes what it quotes', () => {
    const text = formatJunit(bad);
    const failed = bad.rules.filter(({ status }) => status === 'failed').length;
    expect(text).toContain(`tests="${RULES.length}" failures="${failed}" errors="0"`);
    expect(text.match(/<testcase /g)).toHaveLength(RULES.length);
    expect(text.match(/<failure /g)).toHaveLength(bad.violations.length);
    expect(text.replace(/<\/?[a-z]+(?: [a-z]+="[^"<]*")*\/?>|<\?xml[^>]*\?>/g, '')).not.toMatch(/[<>]/);
  });
});

describe('text', () => {
  it('says where, what and how', () => {
    const text = formatText(bad, PLAIN_THEME);
    expect(text).toContain(
      'main.go:17:12 error Serve returns nothing: its result cannot be used sdk-serve-result\n',
    );
    expect(text.split('\n').at(-1)).toBe(
      `${bad.summary.errors} errors, 0 warnings, ${bad.summary.notChecked} rules not checked.`,
    );
  });
});

it('the rules page is what the rules say', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/rules.md', import.meta.url)), 'utf8');
  expect(page).toBe(rulesPage(RULES));
});
