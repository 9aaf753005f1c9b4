import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/lint/index.ts';
import type { LanguageId } from '../../src/project/index.ts';
import { GOOD_AGENTS, lintFiles, readFixture } from './agents.ts';

/** A trap that the samples of the platform's guide walk into, and what finds it. */
interface Trap {
  readonly trap: string;
  readonly language: LanguageId;
  readonly rule: string;
  readonly message: RegExp;
}

const go = (trap: string, rule: string, message: RegExp): Trap => ({ trap, language: 'go', rule, message });
const python = (trap: string, rule: string, message: RegExp): Trap => ({
  trap,
  language: 'python',
  rule,
  message,
});

const TRAPS: readonly Trap[] = [
  go('G1', 'sdk-method', /^Info .* by value/),
  go('G1', 'sdk-method', /^Schema .* by value/),
  go('G2', 'sdk-field', /PluginInfo has no field Permission: it is called Permissions/),
  go('G3', 'sdk-value', /DevOpsStages holds strings/),
  go('G4', 'sdk-field', /Action has no field Name: it is called ID/),
  go('G4', 'sdk-value', /InputParams is a list, not a map/),
  go('G5', 'actions-declared', /at least one action must be declared/),
  go('G6', 'stages-declared', /action\[0\] \(get_item\): at least one DevOps stage/),
  go('G6', 'routing-semantics', /list_items declares no routing semantics/),
  go('G7', 'sdk-method', /^Execute .* by value/),
  go('G8', 'sdk-value', /Output is JSON bytes/),
  go('G9', 'sdk-action-id', /from the params only/),
  go('G10', 'sdk-logs-only', /reaches nobody/),
  go('G11', 'sdk-serve-result', /Serve returns nothing/),
  go('G12', 'sdk-engine-client', /no EngineClient/),
  go('G12', 'sdk-cache-ttl', /bare number 300: that is nanoseconds/),
  go('G14', 'sdk-go-version', /Go 1\.22 is older/),
  python('P1', 'sdk-package', /called mirastack-agents-sdk$/),
  python('P2', 'sdk-import', /no MirastackPlugin: the class is called Plugin/),
  python('P3', 'sdk-field', /PluginInfo has no field permission: it is called permissions/),
  python('P4', 'sdk-value', /devops_stages holds strings/),
  python('P5', 'sdk-field', /Action has no field name: it is called id/),
  python('P6', 'sdk-value', /input_params is a list, not a map/),
  python('P7', 'sdk-field', /ParamSchema is made without its name/),
  python('P8', 'actions-declared', /at least one action must be declared/),
  python('P9', 'stages-declared', /action\[1\] \(list_items\): at least one DevOps stage/),
  python('P9', 'routing-semantics', /get_item declares no routing semantics/),
  python('P10', 'sdk-action-id', /from the params only/),
  python('P11', 'sdk-logs-only', /reaches nobody/),
];

const reports = {
  go: await lintFiles('go', readFixture('guide-go')),
  python: await lintFiles('python', readFixture('guide-python')),
};

describe('the samples of the guide, typed as they stand there', () => {
  it.each(TRAPS.map((trap) => [`${trap.trap} by ${trap.rule}`, trap] as const))(
    '%s',
    (_, { language, rule, message }) => {
      const found = reports[language as 'go' | 'python'].violations.filter(
        (violation) => violation.rule === rule,
      );
      const matching = found.filter((violation) => message.test(violation.message));
      expect([found.map((violation) => violation.message), matching.length > 0]).toEqual([
        expect.anything(),
        true,
      ]);
      for (const violation of matching)
        expect([violation.place !== undefined, violation.help !== '']).toEqual([true, true]);
    },
  );

  it('say both that nothing is checked and how to mend it', () => {
    for (const { violations } of Object.values(reports))
      for (const { help, message } of violations)
        expect([message, help]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
  });

  it('have a health check that reaches nothing', () => {
    for (const { violations } of Object.values(reports))
      expect(violations.filter(({ rule }) => rule === 'health-check')).toHaveLength(1);
  });
});

describe('the guide on descriptions', () => {
  const describeAction = async (description: string): Promise<string[]> => {
    const text = String(GOOD_AGENTS.go['actions.go']).replace(
      'Tell where one truck is and where it has been, by its licence plate. Use this when someone waits for a delivery.',
      () => description,
    );
    const report = await lintFiles('go', { ...GOOD_AGENTS.go, 'actions.go': text });
    return report.violations.map(({ rule }) => rule);
  };

  it.each(['Execute PromQL range query', 'Get logs', 'K8s scale'])(
    'calls "%s" bad, and so does lint',
    async (text) => {
      expect(await describeAction(text)).not.toEqual([]);
    },
  );

  it.each([
    'Query time-series metrics for any service or infrastructure component over a time window. Use this to get CPU usage, error rates, latency, or request throughput.',
    'Search application and infrastructure logs by service name, log level, or keyword. Use this to find error messages, stack traces, or audit events.',
    'Scale a Kubernetes Deployment up or down by changing its replica count. Use this to handle traffic spikes or reduce resource usage.',
  ])('calls "%s" better, and so does lint', async (text) => {
    expect(await describeAction(text)).toEqual([]);
  });
});

describe('the table of traps', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/lint.md', import.meta.url)), 'utf8');
  const rows = [...page.matchAll(/^\| ([GP]\d+) *\|[^|]*\| ([^|]*?) *\|$/gm)].map(
    ([, trap = '', by = '']) => [trap, by] as const,
  );

  it('has every trap once', () => {
    const wanted = [
      ...Array.from({ length: 19 }, (_, index) => `G${index + 1}`),
      ...Array.from({ length: 15 }, (_, index) => `P${index + 1}`),
    ];
    expect(rows.map(([trap]) => trap)).toEqual(wanted);
  });

  it('names rules that there are', () => {
    const known = new Set(RULES.map(({ id }) => id));
    const named = rows.flatMap(([, by]) => [...by.matchAll(/`([a-z-]+)`/g)].map(([, id = '']) => id));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    expect(named.length).toBeGreaterThan(20);
  });

  it('names for each what finds it in the samples', () => {
    const byTrap = new Map(rows);
    for (const { trap, rule } of TRAPS)
      expect([trap, byTrap.get(trap)]).toEqual([trap, expect.stringContaining(`\`${rule}\``)]);
  });
});
