import path from 'node:path';
import {
  type AnswerContext,
  type AnswerKey,
  completeAnswers,
  createPlan,
  type FlushResult,
  flush,
  inspectTarget,
  type Plan,
  QUESTIONS,
  type Question,
  readPackageVersion,
  resolveToolkit,
} from '../../scaffold/index.ts';
import { CancelledError, throwIfCancelled } from '../../support/cancelled.ts';
import { messageOf, UserError } from '../../support/errors.ts';
import type { PromptQuestion, Terminal } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { npmInstall } from '../npm-install.ts';

const FALLBACK_FOLDER = 'my-agent';

/** What the flags of `create-mirastack-agent` say. */
export interface CreateOptions {
  /** The project's folder as typed. */
  readonly directory?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly language?: string | undefined;
  readonly toolkit?: string | undefined;
  /** False for `--no-install`. */
  readonly install: boolean;
  /** Take the default of every question without a flag. */
  readonly yes: boolean;
  readonly json: boolean;
  /** Say what would be made and make nothing. */
  readonly dryRun: boolean;
}

/** What the command needs from rooms it may not reach, or from the process. */
export interface CreateServices {
  readonly workingDirectory: string;
  /** Installs a project's dependencies; throws when that fails. */
  readonly install: (directory: string, signal: AbortSignal | undefined) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** The answers that flags gave, by question. */
function readFlags(options: CreateOptions, workingDirectory: string): Partial<Record<AnswerKey, string>> {
  const { name, description, language, toolkit } = options;
  const resolved = toolkit === undefined ? undefined : resolveToolkit(toolkit, workingDirectory);
  const given = { name, description, language, toolkit: resolved };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function refuseToAsk(questions: readonly Question[]): never {
  const flags = questions.map((question) => question.flag).join(' and ');
  throw new UserError({
    kind: 'usage',
    code: 'missing-answer',
    message: `There is no terminal to ask for ${flags}.`,
    hint: `Add ${flags}, or --yes to take the defaults.`,
  });
}

function toPrompt(question: Question, context: AnswerContext): PromptQuestion {
  return {
    key: question.key,
    message: question.message,
    defaultFor: (answers) => question.defaultFor({ ...context, given: { ...context.given, ...answers } }),
    check: question.check,
  };
}

/** The folder as typed, or as answered: only where a person can be asked, it is asked for. */
async function chooseFolder(
  options: CreateOptions,
  terminal: Terminal,
  services: CreateServices,
): Promise<string> {
  const toPath = (folder: string) => path.resolve(services.workingDirectory, folder);
  if (options.directory !== undefined) return toPath(options.directory);
  if (options.yes || !terminal.isInteractive) return services.workingDirectory;
  const faultOf = (folder: string) =>
    inspectTarget(toPath(folder)).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
  const isHereUsable = (await faultOf('.')) === undefined;
  const question: PromptQuestion = {
    key: 'directory',
    message: 'Folder of the project',
    defaultFor: () => (isHereUsable ? '.' : FALLBACK_FOLDER),
    check: faultOf,
  };
  return toPath((await terminal.ask([question], services.signal)).directory ?? '.');
}

async function collectAnswers(
  directory: string,
  options: CreateOptions,
  terminal: Terminal,
  services: CreateServices,
) {
  const given = readFlags(options, services.workingDirectory);
  const context: AnswerContext = { directory, packageVersion: await readPackageVersion(), given };
  const open = QUESTIONS.filter((question) => question.asked && given[question.key] === undefined);
  if (options.yes || open.length === 0) return completeAnswers(context);
  // A bad flag is told before anything is asked.
  for (const { key, check } of QUESTIONS) {
    const value = given[key];
    if (value !== undefined && check(value) !== undefined) return completeAnswers(context);
  }
  if (!terminal.isInteractive) refuseToAsk(open);
  const prompts = open.map((question) => toPrompt(question, context));
  const answers = await terminal.ask(prompts, services.signal);
  return completeAnswers({ ...context, given: { ...given, ...answers } });
}

async function install(
  directory: string,
  options: CreateOptions,
  terminal: Terminal,
  services: CreateServices,
): Promise<void> {
  if (!options.json) terminal.talk.line('Installing dependencies (npm install) …');
  const next = `The project is complete. Run npm install in ${directory} to go on.`;
  try {
    await services.install(directory, services.signal);
  } catch (error) {
    if (error instanceof CancelledError || services.signal?.aborted) {
      terminal.talk.line(next);
      throwIfCancelled(services.signal);
      throw error;
    }
    throw new UserError({
      kind: error instanceof UserError && error.kind === 'tool-missing' ? 'tool-missing' : 'io',
      code: 'install-failed',
      message: `Installing the dependencies failed: ${messageOf(error)}`,
      hint: next,
      cause: error,
    });
  }
}

/** A word for a shell, quoted only where it must be. */
function quote(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The two commands that come next. */
function nextCommands(directory: string, workingDirectory: string, isInstalled: boolean): string[] {
  const relative = path.relative(workingDirectory, directory);
  const below = relative.startsWith('-') ? `./${relative}` : relative;
  const enter = relative === '' ? [] : [`cd ${quote(relative.startsWith('..') ? directory : below)}`];
  if (isInstalled) return [...enter, 'npm run dev', ...(relative === '' ? ['npm test'] : [])];
  return [[...enter, 'npm install'].join(' && '), 'npm run dev'];
}

function sayKept(kept: readonly string[], terminal: Terminal): void {
  const { theme } = terminal.talk;
  if (kept.length === 0) return;
  terminal.talk.line(theme.warn(`Kept as it was: ${kept.join(', ')}.`));
  if (kept.includes('LICENSE'))
    terminal.talk.line('Make "license" in package.json say what your licence is.');
  if (kept.includes('.gitignore')) terminal.talk.line('Let .gitignore name node_modules/ and dist/.');
}

/** Makes a project: answers, plan, flush, install. Throws a UserError or a CancelledError when it cannot. */
export async function runCreate(
  options: CreateOptions,
  terminal: Terminal,
  services: CreateServices,
): Promise<void> {
  const directory = await chooseFolder(options, terminal, services);
  // Before the questions: nobody should answer them all to hear that the folder will not do.
  await inspectTarget(directory);
  const answers = await collectAnswers(directory, options, terminal, services);
  // The time a person takes to answer is not ours.
  const startedMs = performance.now();
  const plan = await createPlan(answers);
  const result = await flush(plan, directory, { signal: services.signal, dryRun: options.dryRun });
  const isInstalled = options.install && !options.dryRun;
  if (isInstalled) await install(directory, options, terminal, services);
  const durationMs = Math.round(performance.now() - startedMs);
  report({ plan, result, directory, isInstalled, durationMs }, options, terminal, services);
}

interface Outcome {
  readonly plan: Plan;
  readonly result: FlushResult;
  readonly directory: string;
  readonly isInstalled: boolean;
  readonly durationMs: number;
}

function report(
  outcome: Outcome,
  options: CreateOptions,
  terminal: Terminal,
  services: CreateServices,
): void {
  const { plan, result, directory, isInstalled, durationMs } = outcome;
  if (options.json) {
    const project = { directory, name: plan.projectName, files: result.written };
    terminal.answers.line(JSON.stringify({ project, installed: isInstalled, durationMs }));
    return;
  }
  const { talk } = terminal;
  const verb = options.dryRun ? 'Would make' : 'Made';
  talk.line(`${talk.theme.good(`${verb} ${plan.projectName}`)} in ${directory} (${durationMs} ms):`);
  for (const file of result.written) talk.line(`  ${file}`);
  sayKept(result.kept, terminal);
  if (options.dryRun) return;
  talk.line();
  talk.line('Next:');
  for (const command of nextCommands(directory, services.workingDirectory, isInstalled))
    talk.line(`  ${talk.theme.command(command)}`);
}

/** The flags as commander reads them. */
export type CreateFlags = Omit<CreateOptions, 'directory' | 'json'>;

/** `create-mirastack-agent [dir]`. */
export async function runCreateCommand(
  [directory]: readonly (string | undefined)[],
  flags: CreateFlags & CommonFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  await runCreate({ ...flags, directory }, terminal, {
    workingDirectory: process.cwd(),
    install: npmInstall,
    signal,
  });
}
