import { createHash } from 'node:crypto';
import type { LanguageId, ProjectConfig } from '../project/index.ts';
import { UserError } from '../support/errors.ts';
import { suggestName } from '../support/nearest.ts';
import { DeclarationReader } from './agent/declared.ts';
import { AgentGraph } from './agent/graph.ts';
import { type LiveFacts, overlayLive } from './agent/live.ts';
import { collectNotes } from './notes.ts';
import type { ProjectFiles } from './project-files.ts';
import { RULES } from './rules/index.ts';
import type { GrammarFiles } from './source/grammar.ts';
import { Resolver } from './source/resolve.ts';
import type { Place } from './source/source-file.ts';
import { loadWorkspace } from './source/workspace.ts';
import type {
  Accepted,
  Comparison,
  Finding,
  LintReport,
  LintSettings,
  Outcome,
  Rule,
  RuleInput,
  RuleStatus,
  Severity,
  Violation,
} from './types.ts';

/** What is linted, all of it as data. */
export interface LintInput {
  readonly language: LanguageId;
  readonly config: ProjectConfig;
  readonly files: ProjectFiles;
  readonly grammars: GrammarFiles;
  readonly live?: LiveFacts;
  /** Why there are no live facts, as the end of a sentence. */
  readonly notLive?: string;
  readonly before?: Comparison;
}

const MAX_MESSAGE = 500;

/** Settings under which every rule runs as it says itself. */
export const DEFAULT_SETTINGS: LintSettings = {
  rules: {},
  exceptions: [],
  only: [],
  ignored: [],
  baseline: new Set(),
};

/** Reads a project once; rules are then run over what this gives. */
export async function prepareInput(input: LintInput): Promise<RuleInput> {
  const { language, config, files, live } = input;
  const workspace = await loadWorkspace(language, files, input.grammars);
  const resolver = new Resolver(workspace);
  const declared = new DeclarationReader(workspace, resolver).readAgent();
  return {
    language,
    config,
    files,
    workspace,
    resolver,
    graph: new AgentGraph(workspace, resolver),
    declared,
    agent: live?.info === undefined ? declared : overlayLive(live.info, declared, language),
    live,
    notLive: input.notLive ?? 'the agent was not started',
    before: input.before,
  };
}

/** The same project with what its running agent said. */
export function withLive(
  input: RuleInput,
  live: LiveFacts | undefined,
  before: Comparison | undefined = input.before,
): RuleInput {
  const agent =
    live?.info === undefined ? input.declared : overlayLive(live.info, input.declared, input.language);
  return { ...input, live, agent, before };
}

/** @throws UserError `unknown-rule` (usage) */
function assertRules(ids: readonly string[], rules: readonly Rule[], where: string): void {
  const known = rules.map(({ id }) => id);
  for (const id of ids)
    if (!known.includes(id))
      throw new UserError({
        kind: 'usage',
        code: 'unknown-rule',
        message: `${where} names the rule ${id}, which does not exist.`,
        hint: `${suggestName(id, known)}\`mirastack-agent lint --list-rules\` lists them.`,
      });
}

/**
 * Finds settings that name a rule which does not exist.
 * @throws UserError `unknown-rule` (usage)
 */
export function assertSettings(settings: LintSettings, rules: readonly Rule[] = RULES): void {
  assertRules(Object.keys(settings.rules), rules, 'mirastack.config.json');
  assertRules(
    settings.exceptions.map(({ rule }) => rule),
    rules,
    'mirastack.config.json',
  );
  assertRules(settings.only, rules, '--rule');
  assertRules(settings.ignored, rules, '--ignore');
}

function runRule(rule: Rule, input: RuleInput): Outcome {
  if (!rule.languages.includes(input.language))
    return { kind: 'not-applicable', reason: `it says nothing about ${input.language}` };
  return rule.check(input);
}

/** A file that cannot be parsed is one violation: what else seems wrong in it, or for the lack of it, is not. */
function withoutFaulty(rule: Rule, outcome: Outcome, { workspace }: RuleInput): Outcome {
  const [fault] = workspace.faults;
  if (outcome.kind !== 'checked' || fault === undefined || rule.id === 'syntax') return outcome;
  if (rule.needsWholeSource && outcome.findings.length > 0)
    return { kind: 'not-checked', reason: `${fault.path} cannot be parsed` };
  const paths = new Set(workspace.faults.map(({ path }) => path));
  return { ...outcome, findings: outcome.findings.filter(({ place }) => !paths.has(place?.file ?? '')) };
}

function statusOf(rule: Rule, outcome: Outcome, violations: number): RuleStatus {
  switch (outcome.kind) {
    case 'checked':
      if (violations > 0) {
        const reason = violations === 1 ? '1 violation' : `${violations} violations`;
        return { id: rule.id, status: 'failed', reason };
      }
      return { id: rule.id, status: 'passed', reason: outcome.proof ?? '' };
    case 'not-applicable':
    case 'not-checked':
      return { id: rule.id, status: outcome.kind, reason: outcome.reason };
    default: {
      const never: never = outcome;
      throw new TypeError(`unknown outcome ${JSON.stringify(never)}`);
    }
  }
}

/** `plugin.ts`, `plugin.ts:12`, or a folder with a slash at its end. */
function covers(place: string, at: Place | undefined): boolean {
  if (place === '*' || place === '.') return true;
  if (at === undefined) return place === '';
  const [, file = place, line] = /^(.*?)(?::(\d+)(?::\d+)?)?$/.exec(place) ?? [];
  if (file.endsWith('/') ? !at.file.startsWith(file) : at.file !== file) return false;
  return line === undefined || Number(line) === at.line;
}

/**
 * What a violation is recognised by in a baseline: its rule, its file and what it says, not its line, so that it
 * stays the same when something above it changes.
 */
export function fingerprintOf({ rule, place, message }: Violation): string {
  return createHash('sha256')
    .update(`${rule}\n${place?.file ?? ''}\n${message}`)
    .digest('hex')
    .slice(0, 32);
}

const byPlace = (a: Violation, b: Violation): number => {
  const [left, right] = [a.place, b.place];
  if (left === undefined || right === undefined)
    return (left === undefined ? 1 : 0) - (right === undefined ? 1 : 0);
  return left.file.localeCompare(right.file, 'en') || left.line - right.line || left.column - right.column;
};

/**
 * Runs the rules over a prepared project.
 * @throws UserError `unknown-rule` (usage) for a setting that names no rule
 */
export function runRules(
  input: RuleInput,
  settings: LintSettings = DEFAULT_SETTINGS,
  rules: readonly Rule[] = RULES,
): LintReport {
  assertSettings(settings, rules);
  const violations: Violation[] = [];
  const accepted: Accepted[] = [];
  const statuses: RuleStatus[] = [];
  for (const rule of rules) {
    const severity = settings.rules[rule.id] ?? rule.severity;
    if (settings.only.length > 0 && !settings.only.includes(rule.id)) continue;
    if (severity === 'off' || settings.ignored.includes(rule.id)) {
      statuses.push({ id: rule.id, status: 'not-checked', reason: 'it is switched off' });
      continue;
    }
    const outcome = withoutFaulty(rule, runRule(rule, input), input);
    const found =
      outcome.kind === 'checked'
        ? sortOut(rule, severity, outcome.findings, settings, input.language)
        : undefined;
    violations.push(...(found?.violations ?? []));
    accepted.push(...(found?.accepted ?? []));
    statuses.push(statusOf(rule, outcome, found?.violations.length ?? 0));
  }
  violations.sort(byPlace);
  const count = (severity: Severity) => violations.filter((item) => item.severity === severity).length;
  const notChecked = statuses.filter(({ status }) => status === 'not-checked').length;
  return {
    violations,
    accepted,
    rules: statuses,
    notes: collectNotes(input),
    summary: { errors: count('error'), warnings: count('warning'), notChecked },
  };
}

/** A message quotes what an author wrote: nothing in it may move a cursor or turn the text around. */
const plain = (text: string) =>
  text.replace(/[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu, ' ').slice(0, MAX_MESSAGE);

const LABELS: Readonly<Record<string, LanguageId>> = { TypeScript: 'typescript', Go: 'go', Python: 'python' };

/** A mend that says something else for each language, as in `Go: … Python: …`, says only what concerns this one. */
function mendFor(mend: string, language: LanguageId): string {
  const parts = mend.split(/(?=\b(?:TypeScript|Go|Python): )/).map((part) => {
    const [, label = '', text = part] = /^(TypeScript|Go|Python): (.*)$/s.exec(part) ?? [];
    return { language: LABELS[label], text };
  });
  const own = parts.filter((part) => part.language === undefined || part.language === language);
  return (own.length > 0 ? own : parts).map(({ text }) => text.trim()).join(' ');
}

function sortOut(
  rule: Rule,
  severity: Severity,
  findings: readonly Finding[],
  settings: LintSettings,
  language: LanguageId,
): { violations: Violation[]; accepted: Accepted[] } {
  const violations: Violation[] = [];
  const accepted: Accepted[] = [];
  for (const finding of findings) {
    const message = plain(finding.message);
    const violation: Violation = {
      ...finding,
      message,
      rule: rule.id,
      severity,
      help: finding.help ?? mendFor(rule.mend, language),
    };
    const exception = settings.exceptions.find(
      (item) => item.rule === rule.id && covers(item.place, finding.place),
    );
    if (exception !== undefined) accepted.push({ ...violation, reason: exception.reason });
    else if (settings.baseline.has(fingerprintOf(violation)))
      accepted.push({ ...violation, reason: 'it is in the baseline' });
    else violations.push(violation);
  }
  return { violations, accepted };
}

/** Lints a project: reads it once and runs every rule. */
export async function runLint(
  input: LintInput,
  settings: LintSettings = DEFAULT_SETTINGS,
  rules: readonly Rule[] = RULES,
): Promise<LintReport> {
  return runRules(await prepareInput(input), settings, rules);
}
