/** How a piece of text is meant, not what it looks like. */
export interface Theme {
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  /** What a person can type. */
  readonly command: (text: string) => string;
}

const plain = (text: string): string => text;

export const PLAIN_THEME: Theme = {
  faint: plain,
  good: plain,
  bad: plain,
  warn: plain,
  command: plain,
};

/** What decides whether a stream is written to in colour. */
export interface ColourQuestion {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False for `--no-color`. */
  readonly wanted: boolean;
}

/** Colour is for people at a terminal that can show it and who have not asked for none (no-color.org). */
export function isColoured({ isTTY, env, wanted }: ColourQuestion): boolean {
  return wanted && isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** The theme for one stream. The colour library is loaded only when there is colour. */
export async function createTheme(coloured: boolean): Promise<Theme> {
  if (!coloured) return PLAIN_THEME;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    faint: chalk.dim,
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    command: chalk.cyan,
  };
}
