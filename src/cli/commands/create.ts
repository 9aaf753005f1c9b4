import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  type Answers,
  type Argv,
  commandsOf,
  createPlan,
  flush,
  inspectTarget,
  installSteps,
  likelyPackageManagers,
} from '../../scaffold/index.ts';
import { CancelledError, throwIfCancelled } from '../../support/cancelled.ts';
import { messageOf, UserError } from '../../support/errors.ts';
import type { Terminal } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type AnswerFlags, type AskServices, chooseFolder, collectAnswers } from '../create-answers.ts';
import { reportCreated } from '../create-report.ts';
import { PrintedError } from '../report.ts';
import type { RepositoryOutcome } from '../repository.ts';

/** What the flags of `create-mirastack-agent` say. */
export interface CreateOptions extends AnswerFlags {
  /** The project's folder as typed. */
  readonly directory?: string | undefined;
  /** False for `--no-install`. */
  readonly install: boolean;
  /** False for `--no-git`. */
  readonly git: boolean;
  readonly json: boolean;
  /** Say what would be made and make nothing. */
  readonly dryRun: boolean;
}

/** What the command needs from rooms it may not reach, or from the process. */
export interface CreateServices extends AskServices {
  /** Runs these programs in the project's folder; throws when one fails. */
  readonly install: (
    directory: string,
    steps: readonly Argv[],
    signal: AbortSignal | undefined,
  ) => Promise<void>;
  /** Makes a repository where there is none; throws only when it is cancelled. */
  readonly initRepository: (directory: string, signal: AbortSignal | undefined) => Promise<RepositoryOutcome>;
}

/** What helps where the tool that installs says too little itself. */
const ADVICE: Partial<Record<Answers['language'], string>> = {
  go: ' If a proxy refuses the SDK: GOPRIVATE=github.com/mirastacklabs-ai/mirastack-agents-sdk-go go mod tidy, or --go-sdk <checkout>; see the README.',
};

/** How installing ended: without fault, or with what to say about it. */
type Installation =
  | { readonly type: 'done' | 'skipped' }
  | { readonly type: 'cancelled'; readonly error: unknown; readonly next: string }
  | { readonly type: 'failed'; readonly error: UserError };

async function install(
  directory: string,
  answers: Answers,
  options: CreateOptions,
  terminal: Terminal,
  services: CreateServices,
): Promise<Installation> {
  if (!options.install || options.dryRun) return { type: 'skipped' };
  const command = commandsOf(answers).install;
  if (!options.json) terminal.talk.line(`Installing dependencies (${command}) …`);
  const next = `The project is complete. Run ${command} in ${directory} to go on.`;
  try {
    await services.install(directory, installSteps(answers), services.signal);
    return { type: 'done' };
  } catch (error) {
    if (error instanceof CancelledError || services.signal?.aborted)
      return { type: 'cancelled', error, next };
    const failure = new PrintedError({
      kind: error instanceof UserError && error.kind === 'tool-missing' ? 'tool-missing' : 'io',
      code: 'install-failed',
      message: `Installing the dependencies failed: ${messageOf(error)}`,
      hint: `${next}${ADVICE[answers.language] ?? ''}`,
      cause: error,
    });
    return { type: 'failed', error: failure };
  }
}

/** Makes a project: answers, plan, flush, repository, install. Throws a UserError or a CancelledError when it cannot. */
export async function runCreate(
  options: CreateOptions,
  terminal: Terminal,
  services: CreateServices,
): Promise<void> {
  const { signal, workingDirectory } = services;
  const directory = await chooseFolder(options.directory, options, terminal, services);
  // Before the questions: nobody should answer them all to hear that the folder will not do.
  await inspectTarget(directory);
  const answers = await collectAnswers(directory, options, terminal, services);
  // The time a person takes to answer is not ours.
  const startedMs = performance.now();
  const { projectName, files } = await createPlan(answers);
  const result = await flush({ projectName, files }, directory, { signal, dryRun: options.dryRun });
  const repository =
    options.git && !options.dryRun
      ? await services.initRepository(directory, signal)
      : ({ type: 'skipped' } as const);
  const installation = await install(directory, answers, options, terminal, services);
  const durationMs = Math.round(performance.now() - startedMs);
  const made = { answers, projectName, directory, workingDirectory, result, repository };
  const installed = {
    isInstalled: installation.type === 'done',
    failure: installation.type === 'failed' ? installation.error : undefined,
  };
  // However installing ended: the project is there.
  reportCreated({ ...made, ...installed, isDryRun: options.dryRun, durationMs }, options.json, terminal);
  if (installation.type === 'failed') throw installation.error;
  if (installation.type !== 'cancelled') return;
  terminal.talk.line(installation.next);
  throwIfCancelled(signal);
  throw installation.error;
}

/** The flags as commander reads them. */
export type CreateFlags = Omit<CreateOptions, 'directory' | 'json'>;

/** Looks along PATH without running anything. */
function isInstalled(program: string): boolean {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.some((folder) => names.some((name) => existsSync(path.join(folder, name))));
}

/** The year of the clock, or of the build that SOURCE_DATE_EPOCH says it is (reproducible-builds.org). */
function currentYear(): number {
  const seconds = Number(process.env.SOURCE_DATE_EPOCH || Number.NaN);
  const date = new Date(Number.isFinite(seconds) ? seconds * 1000 : Date.now());
  return date.getUTCFullYear();
}

/** `create-mirastack-agent [dir]`. */
export async function runCreateCommand(
  [directory]: readonly (string | undefined)[],
  flags: CreateFlags & CommonFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  await runCreate({ ...flags, directory }, terminal, {
    workingDirectory: process.cwd(),
    year: currentYear(),
    packageManagers: likelyPackageManagers(process.env.npm_config_user_agent, isInstalled),
    // Both start processes, and what that takes is loaded only when they do.
    install: async (...args) => (await import('../project-install.ts')).installProject(...args),
    initRepository: async (...args) => (await import('../repository.ts')).initRepository(...args),
    signal,
  });
}
