import type { ChecklistLine } from '../checklist.ts';
import type { LintReport, Violation } from '../types.ts';

/** How parts of a text stand out; each gives its text back where nothing may. */
export interface Paint {
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly good: (text: string) => string;
  readonly faint: (text: string) => string;
}

const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;

/** What was found, in one sentence. */
export function summarise({ violations, rules, summary }: LintReport): string {
  const checked = rules.filter(({ status }) => status === 'passed' || status === 'failed').length;
  const open = summary.notChecked === 0 ? '' : `, ${count(summary.notChecked, 'rule')} not checked`;
  if (violations.length === 0) return `No violations: ${count(checked, 'rule')} checked${open}.`;
  return `${count(summary.errors, 'error')}, ${count(summary.warnings, 'warning')}${open}.`;
}

function formatViolation({ place, severity, message, rule, help }: Violation, paint: Paint): string {
  const where = place === undefined ? '(project)' : `${place.file}:${place.line}:${place.column}`;
  const word = severity === 'error' ? paint.bad('error') : paint.warn('warning');
  return `${where} ${word} ${message} ${paint.faint(rule)}\n    ${paint.faint(help)}`;
}

/** The report for people. */
export function formatText(report: LintReport, paint: Paint): string {
  const notChecked = report.rules.filter(({ status }) => status === 'not-checked');
  const lines = [
    ...report.violations.map((violation) => formatViolation(violation, paint)),
    ...(report.violations.length > 0 ? [''] : []),
    ...report.notes.map(({ message }) => paint.faint(`note: ${message}`)),
    ...report.accepted.map(({ rule, place, reason }) =>
      paint.faint(
        `accepted: ${rule}${place === undefined ? '' : ` at ${place.file}:${place.line}`}: ${reason}`,
      ),
    ),
    ...notChecked.map(({ id, reason }) => paint.faint(`not checked: ${id}: ${reason}`)),
    report.violations.length === 0 ? paint.good(summarise(report)) : summarise(report),
  ];
  return lines.join('\n');
}

const MARKS = { passed: '✓', failed: '✗', 'not-checked': '?' } as const;

/** The checklist as rows: number, mark, title, proof. */
export function checklistRows(lines: readonly ChecklistLine[], paint: Paint): string[] {
  const width = Math.max(...lines.map(({ title }) => title.length));
  return lines.map(({ point, title, status, proof }) => {
    const style = status === 'passed' ? paint.good : status === 'failed' ? paint.bad : paint.warn;
    const verdict = status === 'not-checked' ? 'not checked: ' : '';
    return `${String(point).padStart(2)} ${style(MARKS[status])} ${title.padEnd(width)}  ${verdict}${proof}`;
  });
}
