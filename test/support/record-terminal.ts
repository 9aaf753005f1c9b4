/** A terminal that remembers what was said and, when it has replies, answers questions. */
import {
  type Channel,
  createTheme,
  PLAIN_THEME,
  type Terminal,
  type Theme,
} from '../../src/terminal/index.ts';

export interface RecordedTerminal extends Terminal {
  /** Everything said so far. */
  readonly said: { answers: string; talk: string };
  /** The keys of the questions asked, in order. */
  readonly asked: string[];
}

export interface RecordOptions {
  /** Answers by key; their presence makes it a terminal that can be asked. */
  readonly replies?: Readonly<Record<string, string>>;
  /** What is on stdin. */
  readonly input?: string | Buffer;
  /** Columns of both channels; makes them terminals. */
  readonly columns?: number;
  readonly theme?: Theme;
}

/** The theme of a terminal with colours. */
export const colourTheme = (): Promise<Theme> => createTheme(true);

export function recordTerminal({
  replies,
  input,
  columns,
  theme = PLAIN_THEME,
}: RecordOptions = {}): RecordedTerminal {
  const said = { answers: '', talk: '' };
  const asked: string[] = [];
  const channel = (key: keyof typeof said): Channel => ({
    isTTY: columns !== undefined,
    columns,
    theme,
    write: (text) => {
      said[key] += text;
    },
    line: (text = '') => {
      said[key] += `${text}\n`;
    },
  });
  return {
    answers: channel('answers'),
    talk: channel('talk'),
    isInteractive: replies !== undefined,
    ask: async (questions) => {
      const answers: Record<string, string> = {};
      for (const { key, defaultFor } of questions) {
        asked.push(key);
        answers[key] = replies?.[key] ?? defaultFor?.(answers) ?? '';
      }
      return answers;
    },
    readInput: async () => Buffer.from(input ?? ''),
    said,
    asked,
  };
}
