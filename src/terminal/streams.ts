import { systemCode } from '../support/errors.ts';
import { askQuestions, type PromptQuestion } from './prompts.ts';
import { createTheme, isColoured, type Theme } from './theme.ts';

/** One way out: answers or talk. */
export interface Channel {
  readonly isTTY: boolean;
  /** How many columns the terminal has now; undefined where lines may be of any length. */
  readonly columns?: number | undefined;
  readonly theme: Theme;
  /** Writes the text as it is. Once the reader has gone, writing does nothing. */
  write(text: string): void;
  /** Writes the text and a line end. */
  line(text?: string): void;
}

/** Everything a command says to, and hears from, whoever started it. */
export interface Terminal {
  /** stdout: what scripts read. */
  readonly answers: Channel;
  /** stderr: what people read. */
  readonly talk: Channel;
  /** True when a question can be asked: both ends of the conversation are a terminal. */
  readonly isInteractive: boolean;
  /** Asks the questions in order. Ctrl-C throws a CancelledError. */
  ask(questions: readonly PromptQuestion[], signal?: AbortSignal): Promise<Record<string, string>>;
  /** Everything on stdin, to its end. @throws the signal's reason */
  readInput(signal?: AbortSignal): Promise<Buffer>;
}

/** A stream that may lead to a terminal. */
type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False for `--no-color`. */
  readonly colour: boolean;
}

async function openChannel(stream: OutputStream, options: TerminalOptions): Promise<Channel> {
  const isTTY = stream.isTTY === true;
  let isOpen = true;
  stream.on('error', (error: unknown) => {
    // The reader has gone, as `head` does, or its window: there is nobody left to tell.
    if (!['EPIPE', 'EIO'].includes(systemCode(error) ?? '')) throw error;
    isOpen = false;
  });
  const write = (text: string) => {
    if (isOpen) stream.write(text);
  };
  return {
    isTTY,
    get columns() {
      return isTTY ? stream.columns : undefined;
    },
    theme: await createTheme(isColoured({ isTTY, env: options.env, wanted: options.colour })),
    write,
    line: (text = '') => write(`${text}\n`),
  };
}

async function readAll(stream: NodeJS.ReadableStream, signal: AbortSignal | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // A stream that is only waited for must not keep a cancelled command alive.
  const gone = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(signal?.reason as Error);
    if (signal?.aborted) fail();
    signal?.addEventListener('abort', fail, { once: true });
  });
  const read = (async () => {
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  })();
  return Promise.race([read, gone]);
}

/** The terminal over real streams, or over any others in tests. */
export async function createTerminal(options: TerminalOptions): Promise<Terminal> {
  const [answers, talk] = await Promise.all([
    openChannel(options.stdout, options),
    openChannel(options.stderr, options),
  ]);
  return {
    answers,
    talk,
    isInteractive: options.stdin.isTTY === true && talk.isTTY,
    // Questions are talk: stdout stays clean for the answer.
    ask: (questions, signal) =>
      askQuestions(questions, { input: options.stdin, output: options.stderr, signal }),
    readInput: (signal) => readAll(options.stdin, signal),
  };
}
