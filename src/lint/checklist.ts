import type { ChecklistPoint, LintReport, Rule, RuleStatus } from './types.ts';

/** One point of the guide's checklist, with what became of its rules. */
export interface ChecklistLine {
  readonly point: ChecklistPoint;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'not-checked';
  /** Where the proof is, or what is wrong. */
  readonly proof: string;
  readonly rules: readonly string[];
}

/** The points in our words, in the guide's order. */
const POINTS: readonly (readonly [ChecklistPoint, string])[] = [
  [1, 'Info describes the agent'],
  [2, 'Permissions are set explicitly'],
  [3, 'DevOps stages are declared'],
  [4, 'Actions have unique ids, descriptions, permissions and stages'],
  [5, 'Descriptions are written for an LLM'],
  [6, 'Params are described and marked as required or optional'],
  [7, 'TimeRange is used, no time is parsed'],
  [8, 'HealthCheck tests the backend'],
  [9, 'ConfigUpdated works without a restart'],
  [10, 'No hard-coded addresses, credentials or paths'],
  [11, 'Prompts live in templates/*.tmpl'],
  [12, 'Templates are embedded or loaded from their folder'],
  [13, 'LICENSE is present'],
  [14, 'README names purpose, variables and actions'],
];

/** What a point rests on beside the rules that name it: a gate may be about several. */
const SHARED: Readonly<Partial<Record<ChecklistPoint, readonly string[]>>> = {
  4: ['permission-explicit', 'stages-declared'],
};

function proofOf(statuses: readonly RuleStatus[], report: LintReport): string {
  const failed = statuses.filter(({ status }) => status === 'failed').map(({ id }) => id);
  const [first] = report.violations.filter(({ rule }) => failed.includes(rule));
  if (first !== undefined) {
    const where = first.place === undefined ? '' : `${first.place.file}:${first.place.line} `;
    return `${where}${first.message}`;
  }
  const open = statuses.find(({ status }) => status === 'not-checked');
  if (open !== undefined) return `${open.id}: ${open.reason}`;
  const proofs = statuses
    .filter(({ status, reason }) => status === 'passed' && reason !== '')
    .map(({ reason }) => reason);
  if (proofs.length > 0) return [...new Set(proofs)].slice(0, 2).join('; ');
  const reasons = statuses.filter(({ status }) => status === 'not-applicable').map(({ reason }) => reason);
  if (reasons.length === statuses.length && reasons[0] !== undefined) return `not applicable: ${reasons[0]}`;
  return 'the whole source';
}

/** The checklist of the guide, each point with a verdict. A rule that is switched off leaves its point open. */
export function readChecklist(report: LintReport, rules: readonly Rule[]): readonly ChecklistLine[] {
  const byId = new Map(report.rules.map((status) => [status.id, status]));
  return POINTS.map(([point, title]) => {
    const ids = [
      ...rules.filter(({ checklist }) => checklist === point).map(({ id }) => id),
      ...(SHARED[point] ?? []),
    ];
    const statuses = ids.map(
      (id): RuleStatus => byId.get(id) ?? { id, status: 'not-checked', reason: 'it was not asked for' },
    );
    const has = (status: RuleStatus['status']) => statuses.some((item) => item.status === status);
    const status = has('failed') ? 'failed' : has('not-checked') ? 'not-checked' : 'passed';
    return { point, title, status, proof: proofOf(statuses, report), rules: ids };
  });
}
