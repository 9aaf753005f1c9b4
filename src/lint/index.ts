export type { HealthFact, LiveFacts } from './agent/live.ts';
export { BASELINE_FILE, readBaseline, writeBaseline } from './baseline.ts';
export { type ChecklistLine, readChecklist } from './checklist.ts';
export {
  assertSettings,
  DEFAULT_SETTINGS,
  fingerprintOf,
  type LintInput,
  prepareInput,
  runLint,
  runRules,
  withLive,
} from './engine.ts';
export { applyFixes, type FixedFile, formatDiff } from './fix.ts';
export { type ProjectFile, type ProjectFiles, projectFilesOf, readProjectFiles } from './project-files.ts';
export { formatGithub } from './report/github.ts';
export { formatJson } from './report/json.ts';
export { formatJunit } from './report/junit.ts';
export { explainRule, GROUP_TITLES, rulesPage } from './report/rules.ts';
export { formatSarif, type RepositoryView } from './report/sarif.ts';
export { checklistRows, formatText, type Paint, summarise } from './report/text.ts';
export { RULES } from './rules/index.ts';
export type { GrammarFiles } from './source/grammar.ts';
export type {
  Comparison,
  LintReport,
  LintSettings,
  Note,
  Rule,
  RuleInput,
  RuleStatus,
  Severity,
  Violation,
} from './types.ts';
