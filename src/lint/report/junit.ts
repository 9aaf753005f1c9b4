import type { LintReport, RuleStatus, Violation } from '../types.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const xml = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

function failure({ message, help, place, severity }: Violation): string {
  const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `;
  return `      <failure type="${severity}" message="${xml(message)}">${xml(`${where}${message}\n${help}`)}</failure>`;
}

function testCase({ id, status, reason }: RuleStatus, violations: readonly Violation[]): string[] {
  const open = `    <testcase classname="mirastack-agent.lint" name="${xml(id)}"`;
  if (status === 'passed') return [`${open}/>`];
  const inner = status === 'failed' ? violations.map(failure) : [`      <skipped message="${xml(reason)}"/>`];
  return [`${open}>`, ...inner, '    </testcase>'];
}

/** The report as JUnit's XML, a test case for each rule. */
export function formatJunit({ rules, violations }: LintReport): string {
  const failures = rules.filter(({ status }) => status === 'failed').length;
  const skipped = rules.filter(
    ({ status }) => status === 'not-checked' || status === 'not-applicable',
  ).length;
  const counts = `tests="${rules.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mirastack-agent lint" ${counts}>`,
    `  <testsuite name="mirastack-agent lint" ${counts} skipped="${skipped}">`,
    ...rules.flatMap((status) =>
      testCase(
        status,
        violations.filter(({ rule }) => rule === status.id),
      ),
    ),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}
