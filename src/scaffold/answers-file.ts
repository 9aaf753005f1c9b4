import { UserError } from '../support/errors.ts';
import type { GivenAnswers } from './question.ts';
import { QUESTIONS } from './questions.ts';

function refuse(message: string): never {
  throw new UserError({
    kind: 'usage',
    code: 'bad-answers-file',
    message,
    hint: `The file is a JSON or YAML mapping with any of: ${QUESTIONS.map(({ key }) => key).join(', ')}.`,
  });
}

/**
 * Reads a file of answers, JSON or YAML; a project's `.mirastack/blueprint.json` is one, too. Nothing in it
 * is believed: only known keys, no prototype.
 * @throws UserError `bad-answers-file`, or what `readDocument` says (usage)
 */
export async function readAnswersFile(file: string): Promise<GivenAnswers> {
  // Readers of formats, and all else a project takes, load only where there is such a file.
  const { readDocument } = await import('../project/index.ts');
  const document = await readDocument(file);
  if (!isMapping(document)) refuse(`The answers in ${file} are no mapping of names to values.`);
  return pickKnown(isOrigin(document) ? document.answers : document, file);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `.mirastack/blueprint.json` looks like. */
function isOrigin(
  value: Readonly<Record<string, unknown>>,
): value is { readonly blueprint: unknown; readonly answers: Readonly<Record<string, unknown>> } {
  return Object.hasOwn(value, 'blueprint') && Object.hasOwn(value, 'answers') && isMapping(value.answers);
}

function pickKnown(mapping: Readonly<Record<string, unknown>>, file: string): GivenAnswers {
  const known = new Set<string>(QUESTIONS.map(({ key }) => key));
  const answers = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(mapping)) {
    if (!known.has(key)) refuse(`The answers in ${file} hold ${JSON.stringify(key)}, which is no answer.`);
    if (mapping[key] !== null) answers[key] = mapping[key];
  }
  return answers;
}
