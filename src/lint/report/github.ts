import type { LintReport } from '../types.ts';
import type { RepositoryView } from './sarif.ts';

const escapeText = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string) => escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** The report as workflow commands, which GitHub shows as annotations. */
export function formatGithub(report: LintReport, { prefix, manifest }: RepositoryView): string {
  return report.violations
    .map(({ rule, severity, message, help, place }) => {
      const { file, line, column } = place ?? { file: manifest, line: 1, column: 1 };
      const properties = [
        `file=${escapeProperty(`${prefix}${file}`)}`,
        `line=${line}`,
        `col=${column}`,
        `title=${escapeProperty(rule)}`,
      ];
      return `::${severity} ${properties.join(',')}::${escapeText(`${message}. ${help}`)}`;
    })
    .join('\n');
}
