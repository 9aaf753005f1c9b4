import { UserError } from '../support/errors.ts';
import { agentNameFromFolder, checkAgentName } from './names.ts';
import { checkToolkit } from './toolkit.ts';

const MAX_DESCRIPTION_LENGTH = 2000;

/** Everything that decides what a project holds. The same answers give the same bytes. */
export interface Answers {
  readonly name: string;
  readonly description: string;
  readonly language: 'typescript';
  readonly permission: 'READ';
  readonly backend: 'http';
  readonly license: 'AGPL-3.0-only';
  /** Where the project takes our package from: a version, a range, or a `file:` address. */
  readonly toolkit: string;
}

export type AnswerKey = keyof Answers;

/** What is known before an answer is given, to find its default. */
export interface AnswerContext {
  readonly directory: string;
  readonly packageVersion: string;
  readonly given: Readonly<Partial<Record<AnswerKey, string>>>;
}

/** One question as data: a flag answers it, a prompt asks it, and one check judges both. */
export interface Question {
  readonly key: AnswerKey;
  /** The flag that answers it; questions without one are not open yet and always take the default. */
  readonly flag: string | undefined;
  readonly message: string;
  /** False for what is settled by a flag or a default and never asked on a terminal. */
  readonly asked: boolean;
  readonly defaultFor: (context: AnswerContext) => string | undefined;
  /** One sentence on what is wrong, or undefined. */
  readonly check: (value: string) => string | undefined;
}

function checkDescription(value: string): string | undefined {
  if (value.trim() === '') return 'The description must not be empty.';
  if (value.length > MAX_DESCRIPTION_LENGTH)
    return `The description is ${value.length} characters long, at most ${MAX_DESCRIPTION_LENGTH} are allowed.`;
  return undefined;
}

function checkLanguage(value: string): string | undefined {
  if (value === 'typescript') return undefined;
  if (value === 'go' || value === 'python') return `Language ${value} is not available yet, use typescript.`;
  return `${JSON.stringify(value)} is not a language, use typescript.`;
}

const only = (subject: string, word: string) => (value: string) =>
  value === word ? undefined : `${subject} ${JSON.stringify(value)} is not available yet, use ${word}.`;

/** In the order they are asked. */
export const QUESTIONS: readonly Question[] = [
  {
    key: 'language',
    flag: '--language',
    message: 'Language',
    asked: false,
    defaultFor: () => 'typescript',
    check: checkLanguage,
  },
  {
    key: 'name',
    flag: '--name',
    message: 'Agent name',
    asked: true,
    defaultFor: (context) => agentNameFromFolder(context.directory),
    check: checkAgentName,
  },
  {
    key: 'description',
    flag: '--description',
    message: 'What does the agent do? (read by people and by the LLM)',
    asked: true,
    defaultFor: ({ given }) => `Looks up and lists the items of the ${given.name ?? ''} backend`,
    check: checkDescription,
  },
  {
    key: 'permission',
    flag: undefined,
    message: 'Permission',
    asked: false,
    defaultFor: () => 'READ',
    check: only('Permission', 'READ'),
  },
  {
    key: 'backend',
    flag: undefined,
    message: 'Backend',
    asked: false,
    defaultFor: () => 'http',
    check: only('Backend', 'http'),
  },
  {
    key: 'license',
    flag: undefined,
    message: 'Licence',
    asked: false,
    defaultFor: () => 'AGPL-3.0-only',
    check: only('Licence', 'AGPL-3.0-only'),
  },
  {
    key: 'toolkit',
    flag: '--toolkit',
    message: 'Where the project takes create-mirastack-agent from',
    asked: false,
    defaultFor: ({ packageVersion }) => packageVersion,
    check: checkToolkit,
  },
];

/** How a question is spoken of in errors: by its flag where it has one. */
const label = (question: Question): string => question.flag ?? question.key;

/**
 * Checks every given answer and fills the rest with defaults. The one way to get `Answers`, whether
 * they came from flags, prompts or a file.
 */
export function completeAnswers(context: AnswerContext): Answers {
  // Filled in the order of the questions, so that the same answers print the same however they came.
  const answers: Partial<Record<AnswerKey, string>> = {};
  for (const question of QUESTIONS) {
    const known = { ...context.given, ...answers };
    const value = known[question.key] ?? question.defaultFor({ ...context, given: known });
    if (value === undefined)
      throw new UserError({
        kind: 'usage',
        code: 'missing-answer',
        message: `${label(question)} is needed: the folder's name gives no ${question.message.toLowerCase()}.`,
        hint: `Add ${label(question)} <value>.`,
      });
    const fault = question.check(value);
    if (fault !== undefined)
      throw new UserError({
        kind: 'usage',
        code: 'bad-answer',
        message: fault,
        hint: `Change ${label(question)}.`,
      });
    answers[question.key] = value;
  }
  // Each check above has narrowed its value to what the type says.
  return answers as Answers;
}
