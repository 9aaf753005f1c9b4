import type { LintReport, Violation } from '../types.ts';

/** A violation as scripts read it: no place, no keys for it. */
function flat({ rule, severity, message, help, place }: Violation) {
  return { rule, severity, message, help, ...(place ?? {}) };
}

/** The report as one document. */
export function formatJson(report: LintReport): string {
  return JSON.stringify({
    violations: report.violations.map(flat),
    rules: report.rules,
    summary: report.summary,
    accepted: report.accepted.map((item) => ({ ...flat(item), reason: item.reason })),
    notes: report.notes.map(({ message, place }) => ({ message, ...(place ?? {}) })),
  });
}
