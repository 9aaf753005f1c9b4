import { stderr } from 'node:process';
import { redactSecrets } from './secrets.ts';

/** What a log line may carry beside its message. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes log lines; stdout belongs to the port line alone. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** How log lines look. */
export interface LogStyle {
  /** One line of text for people; left out or false, one JSON object a line. */
  readonly pretty?: boolean;
  /** ANSI colours in pretty lines. */
  readonly colour?: boolean;
}

type Level = 'info' | 'warn' | 'error';

/** SGR codes: cyan, yellow, red; and faint for what matters less. */
const COLOURS: Readonly<Record<Level, number>> = { info: 36, warn: 33, error: 31 };
const FAINT = 2;
/** Names of the line itself; a field of that name gets an underscore. */
const OWN_NAMES = new Set(['time', 'level', 'message']);

/** Control characters, escape among them, would break the line or drive the reader's terminal. */
const escapeControls = (text: string): string =>
  text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

/** A field's value without secrets; a number stays one unless it is a secret itself. */
function toPrintable(value: unknown): string | number | boolean | null {
  if (typeof value === 'boolean' || value === null) return value;
  const text = redactSecrets(value instanceof Error ? value.message : String(value));
  return typeof value === 'number' && Number.isFinite(value) && text === String(value) ? value : text;
}

/** Quotes what would not read as one word. */
function formatValue(value: unknown): string {
  const text = String(toPrintable(value));
  return /^[\w.:/@*+-]+$/.test(text) ? text : escapeControls(JSON.stringify(text));
}

function formatJson(level: Level, message: string, fields: [string, unknown][]): string {
  const rest = fields.map(([key, value]) => [OWN_NAMES.has(key) ? `${key}_` : key, toPrintable(value)]);
  return JSON.stringify({
    time: new Date().toISOString(),
    level,
    message: redactSecrets(message),
    ...Object.fromEntries(rest),
  });
}

function formatPretty(
  level: Level,
  message: string,
  fields: [string, unknown][],
  colour: boolean | undefined,
): string {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const time = new Date().toTimeString().slice(0, 8);
  const pairs = fields.map(
    ([key, value]) => `${paint(FAINT, `${escapeControls(key)}=`)}${formatValue(value)}`,
  );
  return [
    paint(FAINT, time),
    paint(COLOURS[level], level.toUpperCase().padEnd(5)),
    escapeControls(redactSecrets(message)),
    ...pairs,
  ].join(' ');
}

/** Pretty on a terminal; colours there too, unless NO_COLOR is set (no-color.org) or the terminal is dumb. */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Required<LogStyle> {
  const pretty = stream.isTTY === true;
  return { pretty, colour: pretty && !env.NO_COLOR && env.TERM !== 'dumb' };
}

/**
 * A logger that writes one line per event, `{"time","level","message",…fields}`, or text for people.
 * Secrets that the runtime knows of are masked (`redactSecrets`).
 * @param write takes one line with its line break; left out, lines go to stderr in the style that suits it
 */
export function createLogger(write?: (line: string) => void, style?: LogStyle): Logger {
  const put = write ?? ((line: string) => stderr.write(line));
  const { pretty, colour } = style ?? (write === undefined ? styleFor(stderr, process.env) : {});
  const log =
    (level: Level) =>
    (message: string, fields: LogFields = {}) => {
      const present = Object.entries(fields).filter(([, value]) => value !== undefined);
      const line = pretty
        ? formatPretty(level, message, present, colour)
        : formatJson(level, message, present);
      put(`${line}\n`);
    };
  return { info: log('info'), warn: log('warn'), error: log('error') };
}
