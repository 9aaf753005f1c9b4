import { fingerprintOf } from '../engine.ts';
import type { LintReport, Rule, Violation } from '../types.ts';

/** How a report speaks to a platform that looks at a whole repository. */
export interface RepositoryView {
  /** The project's folder within the repository, empty or ending in a slash. */
  readonly prefix: string;
  /** The file that stands for the project where a violation has no place of its own. */
  readonly manifest: string;
  readonly version: string;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const INFORMATION = 'https://github.com/mirastacklabs-ai/create-mirastack-agent';

const toUri = (path: string) => path.split('/').map(encodeURIComponent).join('/');

function toRule({ id, title, why, mend, severity }: Rule) {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why} ${mend}`, markdown: `${why}\n\n**How to mend it:** ${mend}` },
    defaultConfiguration: { level: severity },
  };
}

function toResult(violation: Violation, ruleIndex: number, { prefix, manifest }: RepositoryView) {
  const { rule, severity, message, place } = violation;
  const { file, line, column } = place ?? { file: manifest, line: 1, column: 1 };
  return {
    ruleId: rule,
    ruleIndex,
    level: severity,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(`${prefix}${file}`), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
    partialFingerprints: { 'mirastackLint/v1': fingerprintOf(violation) },
  };
}

/** The report as SARIF 2.1.0, for code scanning. */
export function formatSarif(report: LintReport, rules: readonly Rule[], view: RepositoryView): string {
  const index = new Map(rules.map(({ id }, position) => [id, position]));
  return JSON.stringify({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mirastack-agent lint',
            semanticVersion: view.version,
            informationUri: INFORMATION,
            rules: rules.map(toRule),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: report.violations.map((violation) =>
          toResult(violation, index.get(violation.rule) ?? -1, view),
        ),
      },
    ],
  });
}
