import path from 'node:path';
import {
  type Answers,
  commandsOf,
  type FlushResult,
  isLooserThanSdk,
  quoteForShell,
} from '../scaffold/index.ts';
import type { UserError } from '../support/errors.ts';
import type { Terminal } from '../terminal/index.ts';
import type { RepositoryOutcome } from './repository.ts';

/** What `create` did. */
export interface CreateOutcome {
  readonly answers: Answers;
  readonly projectName: string;
  /** Absolute. */
  readonly directory: string;
  /** Where the person is, absolute. */
  readonly workingDirectory: string;
  readonly result: FlushResult;
  readonly repository: RepositoryOutcome | { readonly type: 'skipped' };
  readonly isInstalled: boolean;
  /** Why it is not, where it should be. */
  readonly failure: UserError | undefined;
  readonly isDryRun: boolean;
  readonly durationMs: number;
}

/** The two commands that come next. */
export function nextCommands({ answers, directory, workingDirectory, isInstalled }: CreateOutcome): string[] {
  const { install, dev, test } = commandsOf(answers);
  const relative = path.relative(workingDirectory, directory);
  const below = relative.startsWith('-') ? `./${relative}` : relative;
  const enter = relative === '' ? [] : [`cd ${quoteForShell(relative.startsWith('..') ? directory : below)}`];
  if (isInstalled) return [...enter, dev, ...(relative === '' ? [test] : [])];
  return [[...enter, install].join(' && '), dev];
}

const MANIFESTS = {
  typescript: '"license" in package.json',
  go: 'the README',
  python: '"license" in pyproject.toml',
};
const IGNORED = {
  typescript: 'node_modules/, dist/ and .env',
  go: 'the built program and .env',
  python: '.venv/, __pycache__/ and .env',
};

/** What the person should know, one sentence each. */
export function warningsOf({ answers, directory, result, repository }: CreateOutcome): string[] {
  const { kept } = result;
  const { language, license } = answers;
  const warnings: string[] = [];
  if (isLooserThanSdk(answers))
    warnings.push(
      `The licence is ${license}, but the MIRASTACK SDK that a ${language === 'go' ? 'Go' : 'Python'} agent links is AGPL-3.0: who passes the agent on must keep the AGPL's terms.`,
    );
  if (repository.type === 'failed')
    warnings.push(`No git repository was made: ${repository.reason.replace(/\.$/, '')}.`);
  if (repository.type === 'existing' && repository.directory !== directory)
    warnings.push(
      `The repository's root is ${repository.directory}: workflows run from its .github/workflows only, so move or copy ci.yml there and let it work in the project's folder.`,
    );
  if (kept.length > 0) warnings.push(`Kept as it was: ${kept.join(', ')}.`);
  if (kept.includes('LICENSE')) warnings.push(`Make ${MANIFESTS[language]} say what your licence is.`);
  if (kept.includes('.gitignore')) warnings.push(`Let .gitignore name ${IGNORED[language]}.`);
  return warnings;
}

/** Prints exactly what was made, how long it took and what comes next; with `--json` one document. */
export function reportCreated(outcome: CreateOutcome, isJson: boolean, { answers, talk }: Terminal): void {
  const { projectName, directory, result, repository, isInstalled, isDryRun, durationMs, failure } = outcome;
  const warnings = warningsOf(outcome);
  if (isJson) {
    const project = { directory, name: projectName, files: result.written };
    const rest = { git: repository.type, warnings, next: isDryRun ? [] : nextCommands(outcome) };
    const error = failure && { code: failure.code, message: failure.message, hint: failure.hint ?? '' };
    answers.line(
      JSON.stringify({ project, installed: isInstalled, durationMs, ...rest, ...(error && { error }) }),
    );
    return;
  }
  const { theme } = talk;
  const verb = isDryRun ? 'Would make' : 'Made';
  talk.line(`${theme.good(`${verb} ${projectName}`)} in ${directory} (${durationMs} ms):`);
  for (const file of result.written) talk.line(`  ${file}`);
  if (repository.type === 'made') talk.line('  .git (an empty repository)');
  for (const warning of warnings) talk.line(theme.warn(warning));
  if (isDryRun) return;
  talk.line();
  talk.line('Next:');
  for (const command of nextCommands(outcome)) talk.line(`  ${theme.command(command)}`);
}
