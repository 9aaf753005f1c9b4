import path from 'node:path';
import {
  type AnswerContext,
  type AnswerKey,
  type Answers,
  checkGiven,
  completeAnswers,
  faultOf,
  type GivenAnswers,
  inspectTarget,
  type PackageManager,
  packageVersion,
  QUESTIONS,
  type Question,
  readAnswersFile,
  resolveGoSdk,
  resolveToolkit,
} from '../scaffold/index.ts';
import { messageOf, UserError } from '../support/errors.ts';
import type { PromptQuestion, Terminal } from '../terminal/index.ts';

const FALLBACK_FOLDER = 'my-agent';

/** The flags that answer questions, by question, as commander reads them. */
export interface AnswerFlags {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly language?: string | undefined;
  readonly permission?: string | undefined;
  readonly stage?: readonly string[] | undefined;
  readonly action?: readonly string[] | undefined;
  readonly backend?: string | undefined;
  readonly backendFamily?: string | undefined;
  readonly license?: string | undefined;
  readonly org?: string | undefined;
  readonly module?: string | undefined;
  readonly goSdk?: string | undefined;
  readonly toolkit?: string | undefined;
  readonly packageManager?: string | undefined;
  /** A file of answers; flags go before it. */
  readonly answers?: string | undefined;
  /** Take the default of every question without an answer. */
  readonly yes: boolean;
}

/** What asking needs from the process. */
export interface AskServices {
  readonly workingDirectory: string;
  /** The year it is. */
  readonly year: number;
  /** Likeliest first. */
  readonly packageManagers: readonly PackageManager[];
  readonly signal?: AbortSignal | undefined;
}

/** The questions whose flag has another name than their key. */
const FLAG_NAMES: Partial<Record<AnswerKey, keyof AnswerFlags>> = { stages: 'stage', actions: 'action' };

const isGiven = ([, value]: readonly [string, unknown]): boolean => value !== undefined;

/** The answers that flags and a file gave; paths are absolute from here on. */
async function readGiven(flags: AnswerFlags, workingDirectory: string): Promise<GivenAnswers> {
  const fromFile =
    flags.answers === undefined ? {} : await readAnswersFile(path.resolve(workingDirectory, flags.answers));
  const fromFlags = QUESTIONS.map(
    ({ key }) => [key, flags[FLAG_NAMES[key] ?? (key as keyof AnswerFlags)]] as const,
  );
  const given: Record<string, unknown> = { ...fromFile, ...Object.fromEntries(fromFlags.filter(isGiven)) };
  if (typeof given.toolkit === 'string') given.toolkit = resolveToolkit(given.toolkit, workingDirectory);
  if (typeof given.goSdk === 'string') given.goSdk = resolveGoSdk(given.goSdk, workingDirectory);
  return given;
}

function refuseToAsk(questions: readonly Question[]): never {
  const flags = questions.map((question) => question.flag);
  const list = flags.length > 1 ? `${flags.slice(0, -1).join(', ')} and ${flags.at(-1)}` : flags.join('');
  throw new UserError({
    kind: 'usage',
    code: 'missing-answer',
    message: `There is no terminal to ask for ${list}.`,
    hint: `Add ${list}, or --yes to take the defaults.`,
  });
}

function toPrompt(question: Question, context: AnswerContext): PromptQuestion {
  const { key, message, choices } = question;
  return {
    key,
    message,
    ...(choices === undefined ? {} : { choices }),
    defaultFor: () => {
      const suggestion = question.defaultFor(context, context.given);
      return suggestion === undefined ? undefined : String(suggestion);
    },
    check: (value) => faultOf(question, value, context.given),
  };
}

/** The folder as typed, or as answered: only where a person can be asked, it is asked for. */
export async function chooseFolder(
  typed: string | undefined,
  flags: AnswerFlags,
  terminal: Terminal,
  services: AskServices,
): Promise<string> {
  const toPath = (folder: string) => path.resolve(services.workingDirectory, folder);
  if (typed !== undefined) return toPath(typed);
  if (flags.yes || !terminal.isInteractive) return services.workingDirectory;
  const faultAt = (folder: string) =>
    inspectTarget(toPath(folder)).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
  const isHereUsable = (await faultAt('.')) === undefined;
  const question: PromptQuestion = {
    key: 'directory',
    message: 'Folder of the project',
    defaultFor: () => (isHereUsable ? '.' : FALLBACK_FOLDER),
    check: faultAt,
  };
  return toPath((await terminal.ask([question], services.signal)).directory ?? '.');
}

/**
 * Every answer: from flags, from a file, from a person at the terminal, and defaults for the rest.
 * @throws UserError `missing-answer` that names the flags when there is nobody to ask; `bad-answer`
 */
export async function collectAnswers(
  directory: string,
  flags: AnswerFlags,
  terminal: Terminal,
  services: AskServices,
): Promise<Answers> {
  const given = await readGiven(flags, services.workingDirectory);
  const { year, packageManagers } = services;
  const context = { directory, packageVersion, year, packageManagers, given };
  if (flags.yes) return completeAnswers(context);
  const isOpen = (question: Question, known: GivenAnswers) =>
    given[question.key] === undefined && question.isAsked(known);
  checkGiven(given);
  const open = QUESTIONS.filter((question) => isOpen(question, given));
  if (open.length > 0 && !terminal.isInteractive) refuseToAsk(open);
  let known = given;
  for (const question of QUESTIONS) {
    if (!isOpen(question, known)) continue;
    const prompt = toPrompt(question, { ...context, given: known });
    const answers = await terminal.ask([prompt], services.signal);
    known = { ...known, [question.key]: answers[question.key] };
  }
  return completeAnswers({ ...context, given: known });
}
