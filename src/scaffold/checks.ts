/** What is wrong with an answer, in one sentence for the person who gave it. */
export class AnswerFault extends Error {
  override readonly name = 'AnswerFault';
}

const MAX_TEXT_LENGTH = 2000;
const MAX_LINE_LENGTH = 200;
const MAX_SHOWN_LENGTH = 80;
const MODULE_ELEMENT = /^[A-Za-z0-9_][A-Za-z0-9._~-]*$/;
const MAX_MODULE_LENGTH = 200;

/** A value as errors quote it: JSON, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}

/** A text that is not blank, of at most 2000 characters, each of them whole. */
export function readText(subject: string, value: unknown): string {
  if (typeof value !== 'string') throw new AnswerFault(`The ${subject} must be a text, not ${show(value)}.`);
  if (value.trim() === '') throw new AnswerFault(`The ${subject} must not be empty.`);
  if (value.length > MAX_TEXT_LENGTH)
    throw new AnswerFault(
      `The ${subject} is ${value.length} characters long, at most ${MAX_TEXT_LENGTH} are allowed.`,
    );
  // Neither UTF-8 nor Go can say half a character.
  if (/\p{Cs}/u.test(value))
    throw new AnswerFault(`The ${subject} holds half a character (a lone surrogate).`);
  return value;
}

/** A text of one line, without characters that nobody sees. */
export function readLine(subject: string, value: unknown): string {
  const text = readText(subject, value);
  if (/[\p{Cc}\u2028\u2029]/u.test(text))
    throw new AnswerFault(`The ${subject} must be one line without control characters.`);
  if (text.length > MAX_LINE_LENGTH)
    throw new AnswerFault(
      `The ${subject} is ${text.length} characters long, at most ${MAX_LINE_LENGTH} are allowed.`,
    );
  return text;
}

/** A path of the file system: any text of one line. */
export function readPath(subject: string, value: unknown): string {
  const text = readText(subject, value);
  if (/[\p{Cc}\u2028\u2029]/u.test(text))
    throw new AnswerFault(`The ${subject} must be one line without control characters.`);
  return text;
}

/** One of a few words, whatever its case. */
export function readChoice<Word extends string>(
  subject: string,
  words: readonly Word[],
  value: unknown,
): Word {
  const found =
    typeof value === 'string' ? words.find((word) => word.toLowerCase() === value.toLowerCase()) : undefined;
  if (found !== undefined) return found;
  const allowed = words.map((word) => word.toLowerCase());
  throw new AnswerFault(
    `${show(value)} is no ${subject}, use ${allowed.slice(0, -1).join(', ')}${allowed.length > 1 ? ' or ' : ''}${allowed.at(-1)}.`,
  );
}

/** A Go module path (golang.org/ref/mod, "Module paths"), of ASCII letters only. */
export function readModule(value: unknown): string {
  const text = readText('module path', value);
  const elements = text.split('/');
  const isGood = (element: string) =>
    MODULE_ELEMENT.test(element) &&
    !element.endsWith('.') &&
    !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(element);
  if (text.length > MAX_MODULE_LENGTH || !elements.every(isGood))
    throw new AnswerFault(
      `${show(text)} is no Go module path: use ASCII letters, digits, . _ ~ and - in parts divided by /, such as github.com/acme/my-agent.`,
    );
  return text;
}

/** Four digits. */
export function readYear(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^[1-9]\d{3}$/.test(text))
    throw new AnswerFault(`${show(value)} is no year, use four digits.`);
  return text;
}
