import { CancelledError } from '../support/cancelled.ts';

/** A question as data. Without choices the answer is typed. */
export interface PromptQuestion {
  readonly key: string;
  readonly message: string;
  /** What Enter gives; may depend on the answers so far. */
  readonly defaultFor?: (answers: Readonly<Record<string, string>>) => string | undefined;
  /** One sentence on what is wrong with an answer, or undefined. */
  readonly check?: (value: string) => string | undefined | Promise<string | undefined>;
  /** Picked with the arrow keys. */
  readonly choices?: readonly { readonly value: string; readonly name: string }[];
  /** What is typed is not shown. */
  readonly hidden?: true;
}

export interface PromptStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal?: AbortSignal | undefined;
}

/** What the prompt library throws when a person or a signal ends a question. */
const ENDED: ReadonlySet<string> = new Set(['ExitPromptError', 'AbortPromptError', 'CancelPromptError']);

/** Asks one question after the other and gives the answers by key. The prompt library loads here. */
export async function askQuestions(
  questions: readonly PromptQuestion[],
  streams: PromptStreams,
): Promise<Record<string, string>> {
  const { input, password, select } = await import('@inquirer/prompts');
  const context = {
    input: streams.input,
    output: streams.output,
    ...(streams.signal ? { signal: streams.signal } : {}),
  };
  const answers: Record<string, string> = {};
  for (const { key, message, defaultFor, check, choices, hidden } of questions) {
    const initial = defaultFor?.(answers);
    const preset = initial === undefined ? {} : { default: initial };
    const validate = async (value: string) => (await check?.(value)) ?? true;
    try {
      answers[key] = choices
        ? await select({ message, choices, ...preset }, context)
        : hidden
          ? await password({ message, validate, mask: '*' }, context)
          : await input({ message, validate, ...preset }, context);
    } catch (error) {
      if (!(error instanceof Error) || !ENDED.has(error.name)) throw error;
      const reason: unknown = streams.signal?.reason;
      throw reason instanceof CancelledError ? reason : new CancelledError();
    }
  }
  return answers;
}
