import { UserError } from '../support/errors.ts';
import { AnswerFault } from './checks.ts';
import type { AnswerContext, AnswerKey, Answers, GivenAnswers, Question } from './question.ts';
import { QUESTIONS } from './questions.ts';

/** How a question is spoken of in errors: by its flag where it has one. */
const label = (question: Question): string => question.flag ?? question.key;

/** One sentence on what is wrong with an answer, or undefined. */
export function faultOf(question: Question, value: unknown, known: GivenAnswers): string | undefined {
  try {
    question.read(value, known);
    return undefined;
  } catch (error) {
    if (error instanceof AnswerFault) return error.message;
    throw error;
  }
}

function refuseAnswer(question: Question, fault: string): never {
  throw new UserError({
    kind: 'usage',
    code: 'bad-answer',
    message: fault,
    hint: `Change ${label(question)}.`,
  });
}

/** Answers that fit one language only, which may not be known yet. */
const OF_ONE_LANGUAGE: ReadonlySet<AnswerKey> = new Set(['module', 'goSdk', 'packageManager']);

/**
 * Refuses the first given answer that can be judged before the others are known: nobody should answer
 * every question to hear it.
 * @throws UserError `bad-answer` (usage)
 */
export function checkGiven(given: GivenAnswers): void {
  for (const question of QUESTIONS) {
    const value = given[question.key];
    if (value === undefined) continue;
    if (given.language === undefined && OF_ONE_LANGUAGE.has(question.key)) continue;
    const fault = faultOf(question, value, given);
    if (fault !== undefined) refuseAnswer(question, fault);
  }
}

/**
 * Checks every given answer and fills the rest with defaults. The one way to get `Answers`, whether
 * they came from flags, prompts or a file.
 * @throws UserError `missing-answer`, `bad-answer` (usage)
 */
export function completeAnswers(context: AnswerContext): Answers {
  // Filled in the order of the questions, so that the same answers print the same however they came.
  const answers: Partial<Record<AnswerKey, unknown>> = {};
  for (const question of QUESTIONS) {
    const known = { ...context.given, ...answers };
    const value = context.given[question.key] ?? question.defaultFor(context, known);
    if (value === undefined)
      throw new UserError({
        kind: 'usage',
        code: 'missing-answer',
        message: `${label(question)} is needed: the folder's name gives no ${question.message.toLowerCase()}.`,
        hint: `Add ${label(question)} <value>.`,
      });
    const fault = faultOf(question, value, known);
    if (fault !== undefined) refuseAnswer(question, fault);
    answers[question.key] = question.read(value, known);
  }
  // Each reading above gave what the type says.
  return answers as unknown as Answers;
}
