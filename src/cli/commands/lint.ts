import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  applyFixes,
  assertSettings,
  BASELINE_FILE,
  type Comparison,
  checklistRows,
  explainRule,
  formatDiff,
  formatGithub,
  formatJson,
  formatJunit,
  formatSarif,
  formatText,
  type LintReport,
  type LintSettings,
  type LiveFacts,
  prepareInput,
  type RepositoryView,
  RULES,
  type RuleInput,
  readBaseline,
  readChecklist,
  readProjectFiles,
  runRules,
  summarise,
  withLive,
  writeBaseline,
} from '../../lint/index.ts';
import { findProject, type LanguageId, type Project } from '../../project/index.ts';
import { UserError } from '../../support/errors.ts';
import { suggestName } from '../../support/nearest.ts';
import { type Channel, cleanText } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { grammarFiles } from '../grammar-files.ts';
import { PrintedError } from '../report.ts';
import { packageVersion } from '../version.ts';

export const LINT_FORMATS = ['text', 'json', 'sarif', 'github', 'junit'] as const;
export const LINT_PROFILES = ['dev', 'ci', 'review', 'publish'] as const;

export interface LintFlags {
  readonly format?: (typeof LINT_FORMATS)[number];
  readonly profile: (typeof LINT_PROFILES)[number];
  readonly rule?: readonly string[];
  readonly ignore?: readonly string[];
  readonly listRules?: boolean;
  readonly explain?: string;
  readonly writeBaseline?: boolean;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  /** False for `--no-live`. */
  readonly live: boolean;
  readonly address?: string;
  readonly against?: string;
  readonly allowWiderPermission?: boolean;
}

const MANIFESTS: Readonly<Record<LanguageId, string>> = {
  typescript: 'package.json',
  go: 'go.mod',
  python: 'pyproject.toml',
};
/** Variables of a hand-written agent that look like the address of its backend. */
const ADDRESS_VARIABLE = /_(URL|URI|ADDR|ADDRESS|ENDPOINT|HOST|TARGET|DSN)$/;

function usage(code: string, message: string, hint?: string): UserError {
  return new UserError({ kind: 'usage', code, message, ...(hint === undefined ? {} : { hint }) });
}

function listRules(channel: Channel, asJson: boolean): void {
  if (asJson) {
    const rules = RULES.map(({ id, title, group, severity, languages, checklist, isLive = false }) => ({
      id,
      title,
      group,
      severity,
      languages,
      ...(checklist === undefined ? {} : { checklist }),
      live: isLive,
    }));
    channel.line(JSON.stringify({ rules }));
    return;
  }
  const width = Math.max(...RULES.map(({ id }) => id.length));
  for (const { id, severity, title } of RULES)
    channel.line(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}`);
}

function explain(id: string, channel: Channel, asJson: boolean): void {
  const rule = RULES.find((candidate) => candidate.id === id);
  if (rule === undefined)
    throw usage(
      'unknown-rule',
      `There is no rule ${JSON.stringify(id)}.`,
      `${suggestName(
        id,
        RULES.map((known) => known.id),
      )}\`mirastack-agent lint --list-rules\` lists them.`,
    );
  const { check: _, ...data } = rule;
  channel.line(asJson ? JSON.stringify({ rule: data }) : explainRule(rule));
}

/** Flags that contradict each other. @throws UserError (usage) */
function checkFlags(flags: LintFlags & CommonFlags): void {
  const fail = (message: string) => {
    throw usage('conflicting-options', message);
  };
  if (flags.json && flags.format !== undefined && flags.format !== 'json')
    fail(`--json and --format ${flags.format} contradict each other.`);
  if (flags.profile === 'review' && (flags.address !== undefined || flags.against !== undefined))
    fail('The profile review asks no agent: it takes neither --address nor --against.');
  if (!flags.live && flags.address !== undefined) fail('--no-live and --address contradict each other.');
  if (flags.dryRun && !flags.fix) fail('--dry-run shows what --fix would do: name both.');
  if (flags.fix && flags.writeBaseline) fail('--fix and --write-baseline contradict each other.');
}

function readSettings(project: Project, flags: LintFlags): LintSettings {
  const file = path.join(project.directory, BASELINE_FILE);
  const usesBaseline = !flags.writeBaseline && existsSync(file);
  return {
    rules: project.config.lint.rules,
    exceptions: project.config.lint.exceptions,
    only: flags.rule ?? [],
    ignored: flags.ignore ?? [],
    baseline: usesBaseline ? readBaseline(readFileSync(file, 'utf8')) : new Set(),
  };
}

/** What the live part gave, or why there is none. */
interface LivePart {
  readonly live?: LiveFacts;
  readonly before?: Comparison;
  readonly notLive: string;
  /** Ends the command with 4 once the static rules are told. */
  readonly missing?: UserError;
}

function whyNotLive({ profile, live, rule }: LintFlags): string | undefined {
  if (profile === 'review') return 'the profile review runs no code of the project';
  if (!live) return '--no-live was given';
  const needsLive = (id: string) => RULES.find((candidate) => candidate.id === id)?.isLive === true;
  if (rule !== undefined && rule.length > 0 && !rule.some(needsLive))
    return 'none of the rules asked for needs it';
  return undefined;
}

async function askAgent(
  project: Project,
  input: RuleInput,
  flags: LintFlags,
  { terminal, signal }: CommandContext,
): Promise<LivePart> {
  const reason = whyNotLive(flags);
  if (reason !== undefined) {
    const against = flags.against;
    const before = against === undefined ? {} : { before: { ref: against, reason, allowsWider: false } };
    return { notLive: reason, ...before };
  }
  const { askAddress, askProject } = await import('../lint-live.ts');
  if (flags.address !== undefined && flags.against === undefined)
    return { live: await askAddress(flags.address, signal), notLive: '' };
  terminal.talk.line(
    `Building and starting the agent in ${cleanText(project.directory)}: this runs the project's code (--no-live does not).`,
  );
  const known = input.graph.environment().map(({ name }) => name);
  const named = project.config.backendVariables;
  const guessed = known.filter((name) => ADDRESS_VARIABLE.test(name) && !/^(MIRASTACK|OTEL)_/.test(name));
  const options = {
    project,
    backendVariables: named.length > 0 ? named : guessed,
    env: process.env,
    signal,
  };
  try {
    const live =
      flags.address === undefined
        ? await askProject({ ...options, testsHealth: true })
        : await askAddress(flags.address, signal);
    if (flags.against === undefined) return { live, notLive: '' };
    const { askRevision } = await import('../lint-against.ts');
    const before = await askRevision(flags.against, options, flags.allowWiderPermission ?? false);
    return { live, before, notLive: '' };
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== 'tool-missing') throw error;
    const against = flags.against;
    return {
      notLive: `the agent cannot be started: ${error.message.replace(/\.$/, '')}`,
      missing: error,
      ...(against === undefined
        ? {}
        : { before: { ref: against, reason: error.message, allowsWider: false } }),
    };
  }
}

function printReport(
  report: LintReport,
  project: Project,
  flags: LintFlags & CommonFlags,
  { answers, talk }: CommandContext['terminal'],
): void {
  const relative = path.relative(process.cwd(), project.directory).split(path.sep).join('/');
  const view: RepositoryView = {
    prefix: relative === '' || relative.startsWith('..') ? '' : `${relative}/`,
    manifest: MANIFESTS[project.language.id],
    version: packageVersion(),
  };
  const format = flags.json ? 'json' : (flags.format ?? 'text');
  switch (format) {
    case 'text':
      answers.line(formatText(report, answers.theme));
      break;
    case 'json':
      answers.line(formatJson(report));
      break;
    case 'sarif':
      answers.line(formatSarif(report, RULES, view));
      break;
    case 'github': {
      const annotations = formatGithub(report, view);
      if (annotations !== '') answers.line(annotations);
      break;
    }
    case 'junit':
      answers.line(formatJunit(report));
      break;
    default: {
      const never: never = format;
      throw new TypeError(`unknown format ${JSON.stringify(never)}`);
    }
  }
  if (flags.profile !== 'publish') return;
  // The table is for people; where the answer is a document of another kind it goes beside it.
  const channel = format === 'text' ? answers : talk;
  channel.line();
  for (const row of checklistRows(readChecklist(report, RULES), channel.theme)) channel.line(row);
}

/** Why the command fails; undefined when it does not. */
function failureOf(
  report: LintReport,
  flags: LintFlags,
  missing: UserError | undefined,
): UserError | undefined {
  if (missing !== undefined)
    return new PrintedError({
      kind: 'tool-missing',
      code: missing.code,
      message: `The running agent could not be checked: ${missing.message}`,
      ...(missing.hint === undefined ? {} : { hint: missing.hint }),
    });
  const failed = (message: string, hint: string) =>
    new PrintedError({ kind: 'failed', code: 'lint-violations', message, hint });
  if (report.violations.length > 0)
    return failed(`lint found ${summarise(report)}`, 'See `mirastack-agent lint --explain <rule>`.');
  if (flags.profile !== 'publish') return undefined;
  const open = readChecklist(report, RULES).filter(({ status }) => status !== 'passed').length;
  if (open === 0 && report.summary.notChecked === 0) return undefined;
  return failed(
    `Not ready to publish: ${report.summary.notChecked} rules and ${open} points of the checklist are not checked.`,
    'The lines “not checked” say why.',
  );
}

async function fixProject(
  report: LintReport,
  project: Project,
  flags: LintFlags,
  talk: Channel,
): Promise<number> {
  const fixed = applyFixes(report.violations, readProjectFiles(project.directory));
  for (const file of fixed) {
    talk.line(cleanText(formatDiff(file)));
    if (!flags.dryRun) await writeFile(path.join(project.directory, file.path), file.after);
  }
  if (fixed.length === 0) talk.line('There is nothing that can be mended safely.');
  return flags.dryRun ? 0 : fixed.length;
}

async function saveBaseline(report: LintReport, project: Project, talk: Channel): Promise<void> {
  const file = path.join(project.directory, BASELINE_FILE);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, writeBaseline(report.violations));
  talk.line(
    `${BASELINE_FILE} now holds ${report.violations.length} violations: from now on only new ones are reported.`,
  );
}

async function lintOnce(
  project: Project,
  settings: LintSettings,
  flags: LintFlags,
  context: CommandContext,
): Promise<{ report: LintReport; missing: UserError | undefined }> {
  const input = await prepareInput({
    language: project.language.id,
    config: project.config,
    files: readProjectFiles(project.directory),
    grammars: grammarFiles(),
  });
  const { live, before, notLive, missing } = await askAgent(project, input, flags, context);
  const full = withLive({ ...input, notLive }, live, before);
  return { report: runRules(full, settings), missing };
}

/** `mirastack-agent lint [dir]`: every gate and the publishing checklist, before the engine says no. */
export async function runLint(
  [directory = '.']: readonly (string | undefined)[],
  flags: LintFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { answers, talk } = context.terminal;
  const asJson = flags.json || flags.format === 'json';
  if (flags.listRules) return listRules(answers, asJson);
  if (flags.explain !== undefined) return explain(flags.explain, answers, asJson);
  checkFlags(flags);
  const project = findProject(directory);
  const settings = readSettings(project, flags);
  assertSettings(settings);
  let { report, missing } = await lintOnce(project, settings, flags, context);
  if (flags.writeBaseline) return saveBaseline(report, project, talk);
  if (flags.fix && (await fixProject(report, project, flags, talk)) > 0)
    ({ report, missing } = await lintOnce(project, settings, flags, context));
  printReport(report, project, flags, context.terminal);
  const failure = failureOf(report, flags, missing);
  if (failure !== undefined) throw failure;
}
